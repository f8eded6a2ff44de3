"""The topics that a person may give an item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from api.problems import ProblemError
from watch.config.suggest import did_you_mean
from watch.digest import words
from watch.model import Language
from watch.store import brands


def known(session: Session) -> list[str]:
    """The names of the topics that are declared, in their order, then of those that the models know."""
    return list(dict.fromkeys([*(topic.name for topic in brands.topics(session)), *words.TOPICS]))


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic to tick: its name, its words for the reader, and whether to say that it is the person's own."""

    name: str
    words: str
    yours: bool


def choices(session: Session, language: Language, more: Iterable[str] = ()) -> list[Choice]:
    """The topics known and `more` names, each in the reader's words; own ones that read like another are marked."""
    own = {topic.name: topic.title.get(language) for topic in brands.topics(session)}
    said = {name: own.get(name) or words.topic(name, language) for name in (*known(session), *more)}
    often = Counter(text.casefold() for text in said.values())
    return [Choice(name, text, name in own and often[text.casefold()] > 1) for name, text in said.items()]


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
