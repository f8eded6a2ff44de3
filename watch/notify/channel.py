"""The seam: what every way of reaching people has to do."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from watch.model import Message


class Channel(Protocol):
    """A way to reach people."""

    def send(self, message: Message, recipient: str | None, *, now: datetime) -> str:
        """Hand over `message`; the peer's reply, for the record. Raises DeliveryError.

        `recipient` is an e-mail address, None for channels that have one place only. `now` is the hour of this try.
        """
        ...


@runtime_checkable
class Abortable(Protocol):
    """A channel whose conversation can be ended from another thread; the others bound theirs to seconds."""

    def abort(self) -> None:
        """Let the `send` under way raise DeliveryError at once; nothing where there is none. May be repeated."""
        ...
