"""Labelling the past again on request: after new word rules, or for any other reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from watch.enrich import enrich_new
from watch.enrich.understand import Classifier
from watch.errors import Refused
from watch.store import Store, brands, labelling


@dataclass(frozen=True, slots=True)
class Relabelled:
    """How many items were asked for, and how many of all that were ever asked for still wait."""

    asked: int
    waiting: int


def relabel(
    store: Store,
    classifier: Classifier,
    now: datetime,
    *,
    brand: str | None = None,
    since: datetime | None = None,
    stop: Callable[[], bool] = bool,
) -> Relabelled:
    """Label stored items again, newest first: all, those that name `brand`, those published `since`.

    The brands' names are those in force; raises Refused for another. Nothing but labels changes: what a person said,
    what was counted and the incidents stand. What is left when this ends early is done by the next labelling.
    """
    with store.session() as session:
        asked = labelling.ask_again(session, brand_id=_id_of(session, brand) if brand else None, since=since)
    enrich_new(store, classifier, now, stop=stop)
    with store.reading() as session:
        return Relabelled(asked, labelling.waiting(session))


def _id_of(session: Session, name: str) -> int:
    known = {row.name: row.id for row in brands.active(session)}
    found = known.get(name)
    if found is None:
        raise Refused(f"there is no brand {name!r}; there are {', '.join(sorted(known)) or 'none'}")
    return found
