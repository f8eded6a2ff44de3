"""What sources.toml declares, brought into the store so that rows can point at it.

The file wins: its rows are `managed`, rows that it no longer declares turn inactive and keep their history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from watch.store import Store, unchanged
from watch.store.plain import Plain, decoded, plain_of

if TYPE_CHECKING:
    from sqlmodel import Session

    from watch.config import AlertConfig, Config, SourceConfig

# Another address: what the old one said about freshness, health and moves says nothing about this one.
AFRESH = {
    "etag": None,
    "last_modified": None,
    "page": None,
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
Values = dict[str, Any]


def declare(store: Store, config: Config, now: datetime) -> None:
    """`bring_in`, where something has changed since: mostly nothing has."""
    with store.plain(reading=True) as plain:
        if unchanged.has(plain, config):
            return
    with store.plain() as plain:
        _bring_in(plain, config, now)


def bring_in(within: Session | Plain, config: Config, now: datetime) -> None:
    """Make the store's brands, sources, topics, channels, rules, digests, goals and boards those of `config`."""
    if isinstance(within, Plain):
        _bring_in(within, config, now)
        return
    within.flush()
    _bring_in(plain_of(within), config, now)
    # What the session has read of these rows is of yesterday.
    within.expire_all()


def _bring_in(plain: Plain, config: Config, now: datetime) -> None:
    plain.alone("bring in what is declared")
    born = {"created_at": now}
    _sync(plain, "brand", {b.name: b.model_dump() for b in config.brand}, born)
    _sync(plain, "source", {s.name: _source(s, config) for s in config.source}, born | _UNREAD)
    _sync(plain, "topic", {t.name: t.model_dump() for t in config.topic}, {})
    _sync(plain, "channel", {c.name: {"name": c.name, "kind": c.kind} for c in config.channel}, {})
    _sync(plain, "goal", {g.name: {**g.model_dump(), "target": str(g.target)} for g in config.goal}, {})
    _sync(plain, "board", {b.name: b.model_dump() for b in config.board}, {})
    plans = {d.name: {"name": d.name} for d in config.digest}
    # A digest that is new tells of its first day, not of all that was collected before it existed.
    _sync(plain, "digest_plan", plans, {"told_until": now - timedelta(days=1)})
    brands: dict[str, int] = dict(plain.rows("SELECT name, id FROM brand"))
    _sync(plain, "alert_rule", {a.name: _rule(a, brands) for a in config.alert}, {})
    unchanged.brought_in(plain, config)


_UNREAD = {"enabled": True, "moved_days": 0, "failures": 0}


def _source(source: SourceConfig, config: Config) -> Values:
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


def _options(source: SourceConfig) -> Values:
    """The keys that only some kinds have, where they say something."""
    given = {"full_text": source.full_text, "select": source.select}
    lax = {} if source.verify_tls else {"verify_tls": False}
    return {key: value for key, value in given.items() if value} | lax


def _rule(alert: AlertConfig, brands: Mapping[str, int]) -> Values:
    return {
        **alert.model_dump(exclude={"brand", "language", "keywords", "channels"}),
        "brand_id": brands.get(alert.brand) if alert.brand else None,
        "lang": alert.language,
        "keywords": list(alert.keywords),
        "channels": list(alert.channels),
    }


def _sync(plain: Plain, table: str, declared: Mapping[str, Values], at_birth: Values) -> None:
    rows = _rows(plain, table)
    for name, values in declared.items():
        if name not in rows:
            _insert(plain, table, {**values, **at_birth, "managed": True, "active": True})
            continue
        row = rows[name]
        wanted = {**values, "managed": True, "active": True}
        _update(plain, table, row, _again(row, wanted) if table == "source" else wanted)
    for name, row in rows.items():
        if row["managed"] and name not in declared:
            _update(plain, table, row, {"active": False})


def _again(row: Values, values: Values) -> Values:
    if row["url"] != values["url"]:
        # The old address said 410; what a person switched off stays off.
        return {**values, **AFRESH, "enabled": bool(row["enabled"]) or row["last_outcome"] == "disabled"}
    if (row["kind"], decoded(row["options"])) != (values["kind"], values["options"]):
        # Read in another way, what has not changed since is new all the same: ask for it whole, and now.
        return {**values, "etag": None, "last_modified": None, "page": None, "next_poll_at": None}
    return values


def _rows(plain: Plain, table: str) -> dict[str, Values]:
    names, found = plain.table(table)
    rows = [dict(zip(names, row, strict=True)) for row in found]
    return {row["name"]: row for row in rows}


def _insert(plain: Plain, table: str, values: Values) -> None:
    columns = ", ".join(values)
    given = [plain.value(value) for value in values.values()]
    plain.run(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(given))})", given)


def _update(plain: Plain, table: str, row: Values, values: Values) -> None:
    changed = {name: value for name, value in values.items() if not _same(plain, row[name], value)}
    if changed:
        given = [plain.value(value) for value in changed.values()]
        changes = ", ".join(f"{name} = ?" for name in changed)
        plain.run(f"UPDATE {table} SET {changes} WHERE id = ?", [*given, row["id"]])


def _same(plain: Plain, stands: Any, wanted: Any) -> bool:
    if isinstance(wanted, list | tuple | dict):
        return bool(decoded(stands) == (list(wanted) if isinstance(wanted, tuple) else wanted))
    return bool(stands == plain.value(wanted))
