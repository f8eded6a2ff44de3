"""Listening: uvicorn over a socket that we bind ourselves, so that a port in use is known before anything starts."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from watch.errors import Refused

_GRACE = 5  # seconds that answers under way have, when the server stops


class Server:
    """An application on an address; `bind`, then `run` in this thread or another, then `stop` from anywhere."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 8765) -> None:
        self.app = app
        self.host = host
        self.port = port
        self._socket: socket.socket | None = None
        self._uvicorn: _Uvicorn | None = None

    @property
    def url(self) -> str:
        """Where it listens, for a person to open."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{name}:{self.port}"

    def bind(self) -> None:
        """Take the address; with port 0 the system chooses, and `port` says which. Raises Refused when it is taken."""
        self._socket = _bound(self.host, self.port)
        self.port = self._socket.getsockname()[1]
        settings = uvicorn.Config(
            self.app,
            log_config=None,  # ours stands
            access_log=False,  # addresses of people and their queries are nobody's business (bar W28)
            server_header=False,
            proxy_headers=False,  # nobody may forge whence a request comes (bar W31)
            lifespan="off",
            timeout_graceful_shutdown=_GRACE,
            timeout_keep_alive=30,
            h11_max_incomplete_event_size=64 * 1024,
        )
        self._uvicorn = _Uvicorn(settings)

    def run(self) -> None:
        """Answer until `stop` is called; on the main thread SIGTERM and Ctrl-C end it too."""
        if self._uvicorn is None or self._socket is None:
            self.bind()
        assert self._uvicorn is not None
        assert self._socket is not None
        try:
            self._uvicorn.run(sockets=[self._socket])
        finally:
            self._socket.close()

    def stop(self) -> None:
        """Take no more requests, finish those under way (5 s at most), and let `run` return."""
        if self._uvicorn is not None:
            self._uvicorn.should_exit = True

    @property
    def started(self) -> bool:
        """Whether it answers."""
        return self._uvicorn is not None and self._uvicorn.started


class _Uvicorn(uvicorn.Server):
    """uvicorn, but a signal only ends it.

    uvicorn raises the signal again once it has stopped, and SIGTERM would then kill the process before whoever called
    `run` could put the rest away.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGTERM and Ctrl-C end the server, where it runs on the main thread."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(128)
    except (OSError, OverflowError) as error:
        taken.close()
        raise Refused(_why(error, host, port)) from error
    return taken


def _why(error: Exception, host: str, port: int) -> str:
    code = getattr(error, "errno", None)
    if code == errno.EADDRINUSE:
        return f"port {port} is in use on {host}; choose another with --port"
    if code == errno.EACCES:
        return f"port {port} on {host} is for the system's own services; choose one above 1023 with --port"
    return f"cannot listen on {host}, port {port}: {error}"
