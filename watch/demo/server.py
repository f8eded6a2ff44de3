"""The demo's feeds over HTTP on loopback, on a clock that the demo moves."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self

from watch.demo.world import FeedAnswer, World


class DemoServer:
    """A world served at http://127.0.0.1:`port`; `at` is the moment that it shows, set by the demo.

    As a context manager it starts and stops; `requests` counts answers by status.
    """

    def __init__(self, world: World, *, at: datetime, port: int = 0) -> None:
        self.world = world
        self.at = at
        self.requests: dict[int, int] = {}
        self._http = _Server(("127.0.0.1", port), self)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        """The port in use; chosen by the system where 0 was asked for."""
        return int(self._http.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def answer(self, path: str, *, etag: str | None = None, since: str | None = None) -> FeedAnswer:
        """The answer at the server's moment to a request with If-None-Match `etag`, If-Modified-Since `since`."""
        found = self.world.feed(path, self.at)
        if found.status == 200 and _unchanged(found, etag, since):
            kept = tuple(pair for pair in found.headers if pair[0] != "Content-Type")
            return FeedAnswer(304, kept, b"")
        return found


def _unchanged(answer: FeedAnswer, etag: str | None, since: str | None) -> bool:
    """RFC 9110, 13.2.2: If-None-Match wins; a date that cannot be read is ignored."""
    if etag is not None:
        given = {tag.strip().removeprefix("W/") for tag in etag.split(",")}
        return bool(given & {"*", answer.header("ETag")})
    if since is None:
        return False
    try:
        return parsedate_to_datetime(answer.header("Last-Modified") or "") <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # forty sources ask at once; a connection that is dropped costs a second
    block_on_close = False  # clients keep connections open; stopping must not wait for them

    def __init__(self, address: tuple[str, int], demo: DemoServer) -> None:
        self.demo = demo
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "HuneDemo/1"
    sys_version = ""
    # Head and body in one packet, sent at once: else each answer waits 40 ms for a delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer with the feed at the demo's moment."""
        headers = self.headers
        demo = self.server.demo
        answer = demo.answer(self.path, etag=headers.get("If-None-Match"), since=headers.get("If-Modified-Since"))
        demo.requests[answer.status] = demo.requests.get(answer.status, 0) + 1
        self._send(answer)

    def _send(self, answer: FeedAnswer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the demo's output is for people."""
