"""Telling, once a day: what is due goes in, frozen issues and their deliveries come out.

1. `schedule` says which digests are due, and for which period;
2. one transaction claims the issue of that local day (its unique key makes it single), `gather` reads, `build` decides,
   the content is frozen, a delivery is queued for each reader, and the plan moves on to where the period ended;
3. whoever empties the outbox sends them. Nothing here touches the network.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

from sqlmodel import Session

from watch.config import Config, DigestConfig
from watch.digest import render
from watch.digest.build import Setting, build, is_empty, items_of
from watch.digest.gather import gather
from watch.digest.schedule import Period, believed, due, window
from watch.digest.unsubscribe import unsubscribe, unsubscribe_token
from watch.locale import translator
from watch.model import Digest, Message
from watch.store import Store, deliveries, digests, heartbeats
from watch.store.tables import Delivery, DigestIssue

__all__ = ["digest_of", "send_due", "setting_of", "unsubscribe", "unsubscribe_token", "window"]
log = logging.getLogger(__name__)


def send_due(store: Store, config: Config, now: datetime) -> list[DigestIssue]:
    """Freeze every digest that is due and queue it for its readers; the new issues.

    However often and by however many processes this is called, a digest has one issue a local day.
    """
    issues = [_send(store, config, plan, now) for plan in config.digest]
    with store.session() as session:
        heartbeats.beat(session, "digest", now)
    return [issue for issue in issues if issue is not None]


def digest_of(session: Session, config: Config, plan: DigestConfig, period: Period) -> Digest:
    """The digest of `plan` for `period`, built now; nothing is written."""
    return build(plan, period, gather(session, plan, period), setting_of(config, plan))


def setting_of(config: Config, plan: DigestConfig) -> Setting:
    """Language, zone and address of the pages, for the readers of `plan`."""
    hune = config.hune
    return Setting(plan.language or hune.language, plan.timezone or hune.timezone, hune.base_url)


def _send(store: Store, config: Config, plan: DigestConfig, now: datetime) -> DigestIssue | None:
    try:
        # Most of the time nothing is due: a look costs no lock.
        with store.reading() as session:
            if _due(session, config, plan, now) is None and _known(session, plan):
                return None
        with store.session() as session:
            return _issue(session, config, plan, now)
    except Exception:  # one digest that cannot be built must not cost the others theirs
        log.exception("digest failed name=%s", plan.name)
        return None


def _issue(session: Session, config: Config, plan: DigestConfig, now: datetime) -> DigestIssue | None:
    row = digests.plan(session, plan.name, now)
    period = _due(session, config, plan, now)
    if period is None:
        return None
    issue = digests.claim_issue(
        session, name=plan.name, day=period.day, since=period.since, until=period.until, late=period.late, now=now
    )
    if issue is None:
        return None
    material = gather(session, plan, period)
    digest = build(plan, period, material, setting_of(config, plan))
    issue.content = {**render.as_json(digest), "items": items_of(plan, material)}
    queued = 0
    if plan.when_empty == "send" or not is_empty(digest):
        queued = deliveries.queue(session, _letters(session, config, plan, issue, digest, now))
    row.told_until = period.until
    log.info("digest name=%s day=%s late=%s queued=%d", plan.name, period.day, period.late, queued)
    return issue


def _due(session: Session, config: Config, plan: DigestConfig, now: datetime) -> Period | None:
    told_until = digests.told_until(session, plan.name)
    if told_until is None:
        return None
    zone = setting_of(config, plan).zone
    return due(plan, zone, told_until, now, last_day=digests.last_day(session, plan.name, until=believed(now)))


def _known(session: Session, plan: DigestConfig) -> bool:
    return digests.told_until(session, plan.name) is not None


def _letters(
    session: Session, config: Config, plan: DigestConfig, issue: DigestIssue, digest: Digest, now: datetime
) -> Iterator[Delivery]:
    secret, gone = digests.secret(session), digests.opted_out(session, plan.name)
    for name in plan.to:
        channel = config.channel_named(name)
        if channel is None or channel.email is None or channel.email.lower() in gone:
            continue
        token = unsubscribe_token(secret, plan.name, channel.email)
        url = f"{config.hune.base_url}/unsubscribe/{token}" if config.hune.base_url else None
        yield deliveries.delivery(
            _message(digest, url), kind="digest", channel=name, recipient=channel.email, now=now, issue_id=issue.id
        )


def _message(digest: Digest, unsubscribe_url: str | None) -> Message:
    mark = hashlib.sha256(digest.name.encode()).hexdigest()[:10]
    page = f"{digest.base_url}/digests/{quote(digest.name, safe='')}/{digest.date}" if digest.base_url else None
    return Message(
        id=f"digest-{mark}-{digest.date}",
        title=render.subject(digest),
        text=render.text(digest, unsubscribe_url=unsubscribe_url),
        html=render.html(digest, unsubscribe_url=unsubscribe_url),
        link=page,
        list_id=digest.name,
        unsubscribe_url=unsubscribe_url,
        data={"digest": digest.name, "date": str(digest.date), "late": translator(digest.language).gettext("Late:")},
    )
