"""A hundred chat services through Apprise, one destination at a time.

Apprise answers for all its targets with one boolean, hence one object a channel. Its logs may hold tokens, so they go
nowhere; of a failure we keep the service's name and the HTTP status.
"""

from __future__ import annotations

import logging
import re
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from watch.errors import DeliveryError
from watch.locale import one_line
from watch.model import Message, Severity

_STATUS = re.compile(r"error=(\d{3})")
# @everyone, @claire, <!channel>, <@U123>: a broken word is read as text (Slack, Discord, Mattermost). An @ inside
# an address (https://social.example/@claire, claire@example.org) calls nobody, and the address must stay whole.
# [our bank](https://evil.example), <https://evil.example|our bank>: an address that shows another name (bar H59).
_CALL = re.compile(
    r"@(?=(?:everyone|here|channel|all)\b)|(?<![\w/])@(?=\w)|<(?=[!@#&:])|<(?=[a-z]+:)|\](?=\()", re.IGNORECASE
)
_NO_WIDTH = "\u200b"
_TYPES: dict[Severity | None, str] = {"warning": "warning", "high": "failure", "critical": "failure", None: "info"}


@dataclass(frozen=True, slots=True)
class Chat:
    """One Apprise address."""

    url: SecretStr

    def send(self, message: Message, recipient: str | None, *, now: datetime) -> str:
        """Post title and text, split where the service has a limit. Raises DeliveryError."""
        import apprise  # a third of a second, which only those who use it should pay

        plugin = self._plugin()
        with apprise.LogCapture(level=logging.WARNING) as heard:  # type: ignore[no-untyped-call]  # theirs
            taken = plugin.notify(
                title=neutral(one_line(message.title)),
                body=neutral(_with_link(message)),
                body_format=apprise.NotifyFormat.TEXT,
                notify_type=_TYPES[message.severity],
            )
            status = _STATUS.search(heard.getvalue())
        if not taken:
            raise _refusal(str(plugin.service_name), int(status[1]) if status else None)
        return f"taken by {plugin.service_name}"

    def _plugin(self) -> Any:
        import apprise

        _hush()
        with warnings.catch_warnings():
            # Apprise 2.2 imports imghdr, which Python 3.11 and 3.12 call old, when it loads its services.
            warnings.simplefilter("ignore", DeprecationWarning)
            plugin = apprise.Apprise.instantiate(self.url.get_secret_value())
        if plugin is None:
            raise DeliveryError("Apprise does not understand the address of this channel", permanent=True)
        plugin.overflow_mode = apprise.OverflowMode.SPLIT
        return plugin


def neutral(text: str) -> str:
    """`text` in which nobody is called by name and no link hides: a character without width after `@`, `<!`, `]`."""
    return _CALL.sub(lambda found: found[0] + _NO_WIDTH, text)


def _with_link(message: Message) -> str:
    return f"{message.text}\n\n{message.link}" if message.link and message.link not in message.text else message.text


def _refusal(service: str, status: int | None) -> DeliveryError:
    # 401, 403, 404, 410: the address is no longer good; repeating it gets some senders banned (Discord).
    said = f"{service} did not take it" + (f" ({status})" if status else "")
    return DeliveryError(said, permanent=status in (401, 403, 404, 410))


def _hush() -> None:
    logger = logging.getLogger("apprise")
    logger.propagate = False
    # Their chatter holds whole addresses, and so does that of the HTTP library below.
    logger.setLevel(logging.WARNING)
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
