"""A channel that keeps what it is given as files: the demo's mails, for a person to open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from watch.model import Message

_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Messages as files in a folder: `<date>-<id>.txt`, and `.html` where there is one."""

    folder: Path

    def send(self, message: Message, recipient: str | None, *, now: datetime) -> str:
        """Keep `message`; the name of its file is the reply."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"{now:%Y-%m-%d-%H%M}-{_UNSAFE.sub('-', message.id)}.txt"
        file.write_text(f"To: {recipient or '-'}\nSubject: {message.title}\n\n{message.text}\n", "utf-8")
        if message.html:
            file.with_suffix(".html").write_text(message.html, "utf-8")
        return file.name
