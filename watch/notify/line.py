"""Connections that another thread can cut, whatever they wait for: how a stop reaches a peer that says nothing."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from contextlib import suppress


class Line:
    """The sockets in use; `cut` wakes whoever waits on one."""

    def __init__(self) -> None:
        self._held: list[socket.socket] = []
        self._lock = threading.Lock()

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """A socket to the first address of `host` that answers, `timeout` seconds for each. Raises OSError."""
        trouble: OSError | None = None
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            connection = socket.socket(family, kind, protocol)
            try:
                self._hold(connection)
                connection.settimeout(timeout)
                connection.connect(address)
            except OSError as error:
                connection.close()
                trouble = error
            else:
                return connection
        raise trouble or OSError("this name has no address")

    def cut(self) -> None:
        """End every connection in use; who waits there gets an OSError or the end of the stream."""
        with self._lock:
            for held in self._held:
                with suppress(OSError):  # not connected yet, or not any more
                    held.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """Let go of them all."""
        with self._lock:
            for held in self._held:
                held.close()
            self._held.clear()

    def _hold(self, connection: socket.socket) -> None:
        # A duplicate: encryption takes the socket itself away and gives another back.
        with self._lock:
            self._held.append(connection.dup())


class Smtp(smtplib.SMTP):
    """smtplib over a line. `_get_socket` is the hook that its own SMTP_SSL and LMTP use."""

    def __init__(self, line: Line, host: str, port: int, domain: str, *, timeout: float) -> None:
        self._line = line
        super().__init__(host, port, domain, timeout=timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._line.connect(host, port, timeout)


class Smtps(smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""

    def __init__(
        self, line: Line, host: str, port: int, domain: str, *, timeout: float, context: ssl.SSLContext
    ) -> None:
        self._line = line
        super().__init__(host, port, domain, timeout=timeout, context=context)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        bare = self._line.connect(host, port, timeout)
        try:
            return self.context.wrap_socket(bare, server_hostname=host)
        except BaseException:
            bare.close()
            raise
