"""What sources.toml declares, brought into the store so that rows can point at it.

The file wins: its rows are `managed`, rows that it no longer declares turn inactive and keep their history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, SQLModel, select

from watch.config import AlertConfig, Config, SourceConfig
from watch.store.declaring import brought_in
from watch.store.dialect import alone
from watch.store.plain import plain_of
from watch.store.tables import AlertRule, Board, Brand, Channel, DigestPlan, Goal, Source, Topic

# Another address: what the old one said about freshness, health and moves says nothing about this one.
AFRESH = {
    "etag": None,
    "last_modified": None,
    "next_poll_at": None,
    "not_before": None,
    "failures": 0,
    "moved_to": None,
    "moved_days": 0,
    "moved_at": None,
    # A poll of the old address that is under way cannot write any more.
    "claim": None,
    "claimed_until": None,
}


def bring_in(session: Session, config: Config, now: datetime) -> None:
    """Make the store's brands, sources, topics, channels, rules, digests, goals and boards those of `config`."""
    alone(session, "bring in what is declared")
    _sync(session, Brand, {b.name: b.model_dump() for b in config.brand}, {"created_at": now})
    _sync(session, Source, {s.name: _source(s, config) for s in config.source}, {"created_at": now})
    _sync(session, Topic, {t.name: t.model_dump() for t in config.topic}, {})
    _sync(session, Channel, {c.name: {"name": c.name, "kind": c.kind} for c in config.channel}, {})
    _sync(session, Goal, {g.name: {**g.model_dump(), "target": str(g.target)} for g in config.goal}, {})
    _sync(session, Board, {b.name: b.model_dump() for b in config.board}, {})
    plans = {d.name: {"name": d.name} for d in config.digest}
    # A digest that is new tells of its first day, not of all that was collected before it existed.
    _sync(session, DigestPlan, plans, {"told_until": now - timedelta(days=1)})
    session.flush()
    brands = {brand.name: brand.id for brand in session.exec(select(Brand))}
    _sync(session, AlertRule, {a.name: _rule(a, brands) for a in config.alert}, {})
    brought_in(plain_of(session), config)


def _source(source: SourceConfig, config: Config) -> dict[str, Any]:
    every = source.every or config.hune.poll_every
    return {
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        "brands": list(source.brands),
        "tags": list(source.tags),
        "options": _options(source),
        "lang": source.language,
        "rights": source.rights,
        "every": int(every.total_seconds()),
    }


def _options(source: SourceConfig) -> dict[str, Any]:
    """The keys that only some kinds have, where they say something."""
    given = {"full_text": source.full_text, "select": source.select}
    return {key: value for key, value in given.items() if value}


def _rule(alert: AlertConfig, brands: Mapping[str, int | None]) -> dict[str, Any]:
    return {
        **alert.model_dump(exclude={"brand", "language", "keywords", "channels"}),
        "brand_id": brands.get(alert.brand) if alert.brand else None,
        "lang": alert.language,
        "keywords": list(alert.keywords),
        "channels": list(alert.channels),
    }


def _sync(
    session: Session, table: type[SQLModel], declared: Mapping[str, dict[str, Any]], at_birth: dict[str, Any]
) -> None:
    columns: Any = table
    rows: dict[str, Any] = {row.name: row for row in session.exec(select(columns).order_by(columns.id))}
    for name, values in declared.items():
        row = rows.get(name)
        if row is None:
            session.add(table(**values, **at_birth, managed=True))
            continue
        _set(row, {**values, "managed": True, "active": True}, moved=table is Source)
    for name, row in rows.items():
        if row.managed and name not in declared:
            row.active = False


def _set(row: Any, values: dict[str, Any], *, moved: bool) -> None:
    if moved and row.url != values["url"]:
        # The old address said 410; what a person switched off stays off.
        values = {**values, **AFRESH, "enabled": row.enabled or row.last_outcome == "disabled"}
    elif moved and (row.kind, row.options) != (values["kind"], values["options"]):
        # Read in another way, what has not changed since is new all the same: ask for it whole, and now.
        values = {**values, "etag": None, "last_modified": None, "next_poll_at": None}
    for key, value in values.items():
        if getattr(row, key) != value:
            setattr(row, key, value)
