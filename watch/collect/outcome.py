"""What one poll means for its source: the outcome to tell, and where the source stands now. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from watch.collect.intake import Taken
from watch.collect.pages import Known
from watch.collect.schedule import next_poll
from watch.errors import FetchError
from watch.model import Entries, NotModified, Outcome, Page, Polled, Validators
from watch.store.due import Due, asked_address


@dataclass(frozen=True, slots=True)
class Seen:
    """One poll of a source, before anything of it is stored: exactly one of `answer` and `error` is there.

    `entries` are those of a page, whose body is dropped once it is read: `size` are its bytes; None for a page that was
    read before. `page` tells of either. `seconds` is the time it took; `skipped` says that nothing was asked at all,
    `why` the reason; `offline` that the failure was ours, not the source's.
    """

    source: Due
    answer: Page | NotModified | None = None
    entries: Entries | None = None
    page: Known | None = None
    error: FetchError | None = None
    seconds: float = 0.0
    size: int = 0
    skipped: bool = False
    why: str | None = None
    offline: bool = False


def told(seen: Seen, taken: Taken, state: dict[str, Any]) -> Polled:
    """The line of `hune poll --json`."""
    error, page = seen.error, seen.answer if isinstance(seen.answer, Page) else None
    return Polled(
        source=seen.source.name,
        outcome=outcome(seen),
        next_poll_at=None if error and error.disable else state["next_poll_at"],
        http_status=error.http_status if error else seen.answer.status if seen.answer else None,
        kind=error.kind if error else None,
        message=state["last_message"],
        entries=taken.entries or (seen.page.entries if seen.page and page else 0),
        new=taken.new,
        updated=taken.updated,
        bytes=seen.size,
        seconds=round(seen.seconds, 3),
    )


def outcome(seen: Seen) -> Outcome:
    """The word for what happened."""
    if seen.skipped:
        return "skipped"
    if seen.error is not None:
        return "disabled" if seen.error.disable else "failed"
    if isinstance(seen.answer, NotModified):
        return "not_modified"
    return "moved" if seen.answer is not None and seen.answer.moved_to else "ok"


def state_after(seen: Seen, taken: Taken, now: datetime) -> dict[str, Any]:
    """The columns of the source after this poll (see `polls.record`)."""
    source = seen.source
    changed = _failure(seen, seen.error, now) if seen.error else _success(seen, taken, now)
    kept = {name: getattr(source, name) for name in _COLUMNS} | {
        "last_poll_at": now,
        "last_outcome": outcome(seen),
    }
    return {"id": source.id} | kept | changed


_COLUMNS = (
    "next_poll_at", "not_before", "etag", "last_modified", "moved_to", "moved_days", "moved_at", "failures",
    "first_success_at", "last_success_at", "last_new_at", "last_failure", "last_message",
)  # fmt: skip


def _success(seen: Seen, taken: Taken, now: datetime) -> dict[str, Any]:
    source, answer = seen.source, seen.answer
    assert answer is not None
    validators = _validators(seen)
    return {
        **_moved(source, answer.moved_to, now),
        "next_poll_at": next_poll(
            source.name,
            now,
            every=source.every,
            quiet_for=timedelta() if taken.new or source.last_new_at is None else now - source.last_new_at,
            fresh_for=_fresh_for(seen),
            poll_hint=seen.page.hint if seen.page else None,
            rests=seen.page.rests if seen.page else None,
        ),
        "not_before": None,
        **_page(seen),
        "etag": validators.etag,
        "last_modified": validators.last_modified,
        "failures": 0,
        "first_success_at": source.first_success_at or now,
        "last_success_at": now,
        "last_new_at": now if taken.new else source.last_new_at,
        "last_failure": None,
        "last_message": f"moved to {answer.moved_to}" if answer.moved_to else None,
    }


def _page(seen: Seen) -> dict[str, Any]:
    """What to keep of the page, if that is not what stands."""
    if seen.page is None:
        return {} if seen.source.page is None else {"page": None}
    fresh = _fresh_for(seen)
    if isinstance(seen.answer, NotModified) and fresh == seen.page.fresh:
        return {}
    return {"page": replace(seen.page, fresh=fresh).kept()}


def _fresh_for(seen: Seen) -> float | None:
    """What the server wishes; a 304 that says nothing of it repeats what the page said (RFC 9111, 4.3.4)."""
    answer = seen.answer
    assert answer is not None
    if answer.fresh_for is None and isinstance(answer, NotModified) and seen.page:
        return seen.page.fresh
    return answer.fresh_for


def _validators(seen: Seen) -> Validators:
    answer = seen.answer
    assert answer is not None
    if isinstance(answer, NotModified):
        # A 304 renews what it repeats (RFC 9111, 4.3.4).
        return Validators(
            answer.validators.etag or seen.source.etag,
            answer.validators.last_modified or seen.source.last_modified,
        )
    # What was read only in part must be asked for again, whole (bar P08).
    return Validators() if seen.page and seen.page.damaged else answer.validators


def _moved(source: Due, moved_to: str | None, now: datetime) -> dict[str, Any]:
    """Count the days on which a permanent redirect was seen; forget one that is no longer there."""
    if moved_to is None:
        gone = asked_address(source) == source.url
        return {"moved_to": None, "moved_days": 0, "moved_at": None} if gone else {}
    if moved_to != source.moved_to or source.moved_at is None:
        return {"moved_to": moved_to, "moved_days": 1, "moved_at": now}
    if source.moved_at.date() == now.date():
        return {}
    return {"moved_days": source.moved_days + 1, "moved_at": now}


def _failure(seen: Seen, error: FetchError, now: datetime) -> dict[str, Any]:
    source = seen.source
    if seen.offline:
        # Nothing was learnt about the source: no failure counted, no back-off (bar P40).
        later = next_poll(source.name, now, every=source.every)
        return {"next_poll_at": later, "last_message": f"we seem to be offline: {error.message}"}
    failures = source.failures + 1
    since = source.last_success_at or source.created_at or now
    wait = error.retry_after
    return {
        "next_poll_at": next_poll(
            source.name,
            now,
            every=source.every,
            failures=failures,
            retry_after=wait,
            failing_for=now - since,
        ),
        "not_before": now + timedelta(seconds=wait) if wait else None,
        "failures": failures,
        "last_failure": error.kind,
        "last_message": error.message,
    }
