"""A server on 127.0.0.1 that says exactly what a test wants, byte for byte."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass
class Asked:
    """One request as it came."""

    path: str
    head: bytes
    body: bytes = b""

    def header(self, name: str) -> bytes | None:
        found = self.headers(name)
        return found[0] if found else None

    def headers(self, name: str) -> list[bytes]:
        lines = self.head.split(b"\r\n")[1:]
        pairs = [line.partition(b":") for line in lines]
        return [value.strip() for key, _, value in pairs if key.lower() == name.lower().encode()]


Reply = bytes | Iterable[bytes]


def reply(status: int = 200, body: bytes | str = b"", *headers: str | bytes, length: bool = True) -> bytes:
    """The bytes of an ordinary answer."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X".encode(), b"Connection: close"]
    lines += [header if isinstance(header, bytes) else header.encode() for header in headers]
    if length and status not in (204, 304):
        lines.append(b"Content-Length: %d" % len(raw))
    return b"\r\n".join(lines) + b"\r\n\r\n" + raw


@dataclass
class Loopback:
    """Serves `answer(asked)`; keeps every request in `asked`."""

    answer: Callable[[Asked], Reply]
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Loopback:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.closing = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.closing.set()
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self.socket.close()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def allow(self) -> str:
        return f"127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                asked = self._read(connection)
                if asked is None:
                    return
                self.asked.append(asked)
                said = self.answer(asked)
                for piece in [said] if isinstance(said, bytes) else said:
                    if self.closing.is_set():
                        return
                    connection.sendall(piece)
            except OSError:
                return

    def pause(self, seconds: float) -> None:
        """Say nothing for a while, or until the test is over."""
        self.closing.wait(seconds)

    @staticmethod
    def _read(connection: socket.socket) -> Asked | None:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return None
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        asked = Asked(head.split(b" ")[1].decode(), head)
        wanted = int(asked.header("content-length") or 0)
        while len(body) < wanted:
            body += connection.recv(65536)
        asked.body = body
        return asked
