"""Every error Hune raises on purpose.

HuneError                  something a person can mend: one line, exit status 1
├── ConfigError            sources.toml says what it may not; carries every problem found
├── QueryError             a query that cannot be read; carries the position
├── StoreError             the database cannot be opened, written or upgraded
├── ModelError             a model is missing, damaged or does not agree with its card
├── FetchError             a page could not be had; carries the kind that outcomes use
│   └── ParseError         the page came, but is not what its kind of source should be
├── DeliveryError          a message did not leave; permanent or worth another try
└── Refused                what was asked for does not exist or may not be done
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

FailureKind = Literal[
    "dns",
    "connect",
    "tls",
    "timeout",
    "deadline",
    "too_large",
    "encoding",
    "redirect",
    "blocked",
    "http_4xx",
    "http_5xx",
    "rate_limited",
    "not_a_feed",
    "parse",
    "truncated",
    "protocol",
]


class HuneError(Exception):
    """Something a person can mend; `str()` is one sentence for them."""


@dataclass(frozen=True)
class Problem:
    """One mistake in a configuration file.

    `line` counts from 1 and is None where the mistake is an absence; `where` is the dotted key.
    """

    where: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.where}: {self.message}" if self.where else f"{place}{self.message}"


class ConfigError(HuneError):
    """The configuration is refused; `problems` holds every mistake, in the order of the file."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        first = str(self.problems[0]) if self.problems else "cannot be read"
        rest = len(self.problems) - 1
        more = f" (and {rest} more: `hune check` lists them)" if rest > 0 else ""
        return f"{self.file}: {first}{more}"


class QueryError(HuneError):
    """A query cannot be read; `position` counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        self.message = message
        self.position = position
        super().__init__(f"{message} (at character {position + 1})")


class StoreError(HuneError):
    """The database cannot be opened, written or upgraded; `passing` where another try may succeed (locked, away)."""

    def __init__(self, message: str, *, passing: bool = False) -> None:
        self.passing = passing
        super().__init__(message)


class ModelError(HuneError):
    """A model is missing, damaged, or does not agree with its card."""


class FetchError(HuneError):
    """A page could not be had.

    `kind` is the failure kind of the outcome; `retry_after` is in seconds, from the server; `disable` says
    that asking again is pointless (410).
    """

    def __init__(
        self,
        kind: FailureKind,
        message: str,
        *,
        http_status: int | None = None,
        retry_after: float | None = None,
        disable: bool = False,
    ) -> None:
        self.kind = kind
        self.message = message
        self.http_status = http_status
        self.retry_after = retry_after
        self.disable = disable
        super().__init__(message)


class ParseError(FetchError):
    """The page came, but is not what its kind of source should be."""


class DeliveryError(HuneError):
    """A message did not leave.

    `permanent`: trying again would give the same answer. `uncertain`: the peer may have taken it, nobody
    knows (RFC 1047). `retry_after` is in seconds, from the peer.
    """

    def __init__(
        self, message: str, *, permanent: bool, uncertain: bool = False, retry_after: float | None = None
    ) -> None:
        self.permanent = permanent
        self.uncertain = uncertain
        self.retry_after = retry_after
        super().__init__(message)


class Refused(HuneError):  # noqa: N818  (what the person hears, not what broke)
    """What was asked for does not exist or may not be done."""
