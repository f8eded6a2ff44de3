"""What a poll left behind: where its source stands now, and a row that tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from watch.store.plain import Plain

KEPT = 50
"""So many polls of a source are kept."""
_POLL = (
    "source_id", "at", "outcome", "http_status", "kind", "message", "entries", "new", "updated", "bytes", "seconds",
)  # fmt: skip


def record(plain: Plain, states: Sequence[Mapping[str, Any]], polls: Sequence[Mapping[str, Any]]) -> None:
    """Write where sources stand after a poll, give the claims back, and keep a row of each poll.

    A state holds `id` and columns of `Source`; a poll the columns of `Poll`.
    """
    alike: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for state in states:
        alike.setdefault(tuple(name for name in state if name != "id"), []).append(state)
    for columns, some in alike.items():
        _change(plain, columns, some)
    if polls:
        rows = [[plain.value(poll[name]) for name in _POLL] for poll in polls]
        plain.many(f"INSERT INTO poll ({', '.join(_POLL)}) VALUES ({', '.join('?' * len(_POLL))})", rows)


def _change(plain: Plain, columns: Sequence[str], states: Sequence[Mapping[str, Any]]) -> None:
    changes = ", ".join(f"{name} = ?" for name in columns)
    plain.many(
        f"UPDATE source SET {changes}, claim = NULL, claimed_until = NULL WHERE id = ?",
        [[plain.value(state[name]) for name in (*columns, "id")] for state in states],
    )


def forget_old(plain: Plain, ids: Sequence[int]) -> None:
    """Keep the last fifty polls of each of these sources."""
    oldest = "(SELECT id FROM poll WHERE source_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)"
    plain.many(f"DELETE FROM poll WHERE source_id = ? AND id <= {oldest}", [[id_, id_, KEPT] for id_ in ids])


def switch_off(plain: Plain, id_: int) -> None:
    """Stop polling a source; its items stay."""
    plain.run("UPDATE source SET enabled = ? WHERE id = ?", [False, id_])
