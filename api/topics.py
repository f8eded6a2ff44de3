"""The topics that a person may give an item."""

from __future__ import annotations

from sqlmodel import Session

from api.problems import ProblemError
from watch.config.suggest import did_you_mean
from watch.digest import words
from watch.store import brands


def known(session: Session) -> list[str]:
    """The names of the topics that are declared, in their order, then of those that the models know."""
    return list(dict.fromkeys([*(topic.name for topic in brands.topics(session)), *words.TOPICS]))


def require(session: Session, names: list[str]) -> None:
    """Refuse (400) the names that are of no topic."""
    there = known(session)
    wrong = {
        f"topics.{place}": f"there is no topic `{name[:60]}`{did_you_mean(name[:60], there)}"
        for place, name in enumerate(names)
        if name not in there
    }
    if wrong:
        errors = [{"where": where, "message": message} for where, message in wrong.items()]
        first = f"{errors[0]['where']}: {errors[0]['message']}"
        raise ProblemError(400, "invalid", first, more={"errors": errors, "known": sorted(there)})
