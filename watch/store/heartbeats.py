"""When each stage last came to its end, for /readyz and the home page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from watch.store.plain import Plain, plain_of

if TYPE_CHECKING:
    from sqlmodel import Session

STAGES = ("poll", "label", "evaluate", "digest", "deliver")


def beat(within: Session | Plain, stage: str, now: datetime) -> None:
    """Note that `stage` came to its end at `now`."""
    plain = plain_of(within)
    plain.run(
        "INSERT INTO heartbeat (stage, at) VALUES (?, ?) ON CONFLICT (stage) DO UPDATE SET at = excluded.at",
        [stage, plain.time(now)],
    )


def last(within: Session | Plain) -> dict[str, datetime]:
    """Stage → when it last came to its end; stages that never did are absent."""
    plain = plain_of(within)
    return {
        stage: moment for stage, at in plain.rows("SELECT stage, at FROM heartbeat") if (moment := plain.moment(at))
    }
