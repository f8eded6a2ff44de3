"""What `hune doctor` tries: models, store, clock, sources, mail, channels. Nothing is stored and nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from watch.collect.polling import try_out
from watch.errors import DeliveryError, HuneError
from watch.model import Page
from watch.notify.email import Mail, Server
from watch.pipeline import Pipeline
from watch.store import care, due, heartbeats

_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing tried. `well` is None where it could not be tried without doing it."""

    subject: str
    well: bool | None
    said: str


def examine(pipeline: Pipeline, now: datetime) -> Iterator[Check]:
    """Try everything in turn; a check comes out as soon as it is done."""
    for note in pipeline.config.notes():
        yield Check("configuration", None, note)
    yield _models(pipeline)
    yield _store(pipeline)
    yield _clock(pipeline, now)
    yield from _sources(pipeline, now)
    yield from _mail(pipeline)
    yield from _channels(pipeline)


def _models(pipeline: Pipeline) -> Check:
    try:
        loaded = pipeline.loaded
        made = f", with version {loaded.version} of the corrections made here" if loaded.version else ""
        said = f"loaded, version {loaded.classifier.version}{made}"
        return Check("models", None if loaded.note else True, loaded.note or said)
    except HuneError as error:
        return Check("models", False, str(error))


def _store(pipeline: Pipeline) -> Check:
    with pipeline.store.reading() as session:
        damage = care.damage(session)
        size = care.size(session)
    said = "; ".join(damage) if damage else f"{pipeline.store.dialect}, {size / 1e6:,.1f} MB, whole"
    return Check("store", not damage, said)


def _clock(pipeline: Pipeline, now: datetime) -> Check:
    """A clock that ran ahead leaves marks in the future."""
    with pipeline.store.reading() as session:
        newest = max(heartbeats.last(session).values(), default=now)
    local = now.astimezone(ZoneInfo(pipeline.config.hune.timezone))
    if newest > now + _SKEW:
        return Check(
            "clock",
            False,
            f"it says {local:%Y-%m-%d %H:%M}, but Hune has already worked at {newest:%Y-%m-%d %H:%M} UTC",
        )
    return Check("clock", True, f"it is {local:%Y-%m-%d %H:%M} in {pipeline.config.hune.timezone}")


def _sources(pipeline: Pipeline, now: datetime) -> Iterator[Check]:
    with pipeline.store.plain(reading=True) as plain:
        rows = due.switched_on(plain)
    for seen in try_out(pipeline.poller, rows, now):
        subject = f"source {seen.source.name}"
        if seen.error is not None:
            yield Check(subject, False, f"{seen.error.kind}: {seen.error.message}")
        elif seen.skipped:
            yield Check(subject, None, "its host asked for rest")
        else:
            count = len(seen.entries.entries) if seen.entries else 0
            said = f"{count} entries" if isinstance(seen.answer, Page) else "answers, nothing new"
            yield Check(subject, True, f"{said}, {seen.seconds:.1f} s")


def _mail(pipeline: Pipeline) -> Iterator[Check]:
    smtp = pipeline.config.smtp
    if smtp is None:
        return
    try:
        Mail(Server.parse(smtp.url), smtp.sender).greet()
    except DeliveryError as error:
        yield Check("mail", False, str(error))
    else:
        yield Check("mail", True, "the server lets us in")


def _channels(pipeline: Pipeline) -> Iterator[Check]:
    for channel in pipeline.config.channel:
        if channel.kind != "email":
            yield Check(f"channel {channel.name}", None, "not tried: it would send a message")
