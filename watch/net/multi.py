"""Many transfers of libcurl under one event loop.

libcurl says which sockets it waits for, and until when. They wait in a selector of their own, which is one descriptor
for the event loop; pycurl's AsyncCurlMulti hands each of them to the loop, at 1.4 times the CPU time a request.
"""

from __future__ import annotations

import asyncio
import selectors

import pycurl

Ended = tuple[int, str]
"""libcurl's code, 0 for success, and its sentence."""


class Multi:
    """Carries out transfers, and keeps connections between them. Made and used under one running event loop.

    At most `most` connections are open; those over `idle` are closed when nobody uses them.
    """

    def __init__(self, *, most: int, idle: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._selector = selectors.DefaultSelector()
        self._sockets: set[int] = set()
        self._waiting: dict[pycurl.Curl, asyncio.Future[Ended]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._due: float | None = None
        self._curl = pycurl.CurlMulti()
        self._curl.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._curl.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._curl.setopt(pycurl.M_MAX_TOTAL_CONNECTIONS, most)
        self._curl.setopt(pycurl.M_MAXCONNECTS, idle)
        self._loop.add_reader(self._selector, self._on_sockets)

    async def perform(self, easy: pycurl.Curl) -> Ended:
        """Carry out one transfer. Cancelled, it ends at once, and its connection is closed."""
        ended: asyncio.Future[Ended] = self._loop.create_future()
        self._waiting[easy] = ended
        self._curl.add_handle(easy)
        try:
            return await ended
        finally:
            if self._waiting.pop(easy, None):
                self._curl.remove_handle(easy)

    def close(self) -> None:
        """End every transfer and close every connection."""
        for easy, ended in self._waiting.items():
            self._curl.remove_handle(easy)
            ended.cancel()
        self._waiting.clear()
        self._curl.close()
        if self._timer is not None:
            self._timer.cancel()
        self._loop.remove_reader(self._selector)
        self._selector.close()

    def _watch(self, what: int, socket: int, _multi: object, _data: object) -> None:
        # Its bits for reading and writing are those of selectors.
        events = what & (selectors.EVENT_READ | selectors.EVENT_WRITE)
        if socket not in self._sockets:
            if events:
                self._sockets.add(socket)
                self._selector.register(socket, events)
        elif events:
            self._selector.modify(socket, events)
        else:
            self._sockets.discard(socket)
            self._selector.unregister(socket)

    def _set_timer(self, milliseconds: int) -> None:
        self._due = None if milliseconds < 0 else self._loop.time() + milliseconds / 1000
        self._arm()

    def _arm(self) -> None:
        """A timer that goes off too early costs less than one cancelled and made anew with every transfer."""
        if self._due is None or (self._timer is not None and self._timer.when() <= self._due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._due, self._on_time)

    def _on_time(self) -> None:
        self._timer = None
        if self._due is not None and self._due <= self._loop.time():
            self._due = None
            self._curl.socket_action(pycurl.SOCKET_TIMEOUT, 0)
            self._tell()
        self._arm()

    def _on_sockets(self) -> None:
        for key, ready in self._selector.select(0):
            # The one before may have closed this one.
            if key.fd in self._sockets:
                self._curl.socket_action(key.fd, ready)
        self._tell()

    def _tell(self) -> None:
        _, done, failed = self._curl.info_read()
        for easy in done:
            self._end(easy, (0, ""))
        for easy, code, sentence in failed:
            self._end(easy, (code, sentence))

    def _end(self, easy: pycurl.Curl, how: Ended) -> None:
        ended = self._waiting.pop(easy)
        self._curl.remove_handle(easy)
        if not ended.done():
            ended.set_result(how)
