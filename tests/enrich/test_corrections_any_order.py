"""Whatever people say, take back, and labelling does in between: what stands follows, and the tallies count it."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

import make
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from watch.enrich import enrich_new
from watch.model import TextToLabel
from watch.store import Store, corrections, tallies
from watch.store.corrections import Changes
from watch.store.tables import Item, ItemTopic, Mention

WIRE = "La commode Aubrac rappelée par son fabricant après un accident survenu dimanche dans la Loire, selon {}."
TEXTS = [
    WIRE.format("la préfecture"),
    WIRE.format("la préfecture") + " AFP.",
    "Gagnez un lit Aubrac",
    "Bravo Aubrac, Ravel",
]
WORDS = {
    "sentiment": st.sampled_from(["negative", "neutral", "positive", None]),
    "topics": st.sampled_from([("quality",), (), ("delivery", "quality"), None]),
    "spam": st.sampled_from([True, False, None]),
}
SAY = st.one_of(*(st.tuples(st.just(label), st.integers(0, 9), value) for label, value in WORDS.items()))
DO = st.sampled_from([("model",), ("edit",), ("copy",)])


class Model(make.Classifier):
    """A model that another version of it contradicts."""

    def __init__(self, version: int) -> None:
        self.version = f"stub-{version}"
        self.sour = version % 2

    def predict(self, texts: Any, *, explain: bool = True) -> Any:
        changed = [
            type(one)(text=f"{one.text} scandale" if self.sour else one.text, target=one.target) for one in texts
        ]
        return super().predict(changed, explain=explain)


class Life:
    """A store, what was said in it, and what must stand."""

    def __init__(self, folder: str) -> None:
        self.store = Store.open(f"sqlite:///{Path(folder) / 'hune.db'}")
        self.versions = itertools.count(1)
        self.said: dict[tuple[Any, ...], tuple[int, Any]] = {}  # (label, item, brand) → (when, what)
        with self.store.session() as session:
            self.source = make.save(session, make.source())
            make.save(session, make.brand(name="Aubrac", query="aubrac"))
            make.save(session, make.brand(name="Ravel", query="ravel"))
        self.add(*TEXTS)

    def add(self, *texts: str) -> None:
        with self.store.session() as session:
            for text in texts:
                session.add(make.item(self.source, title="", text=text))
        self.model = Model(next(self.versions))
        enrich_new(self.store, self.model, make.NOW)

    def step(self, what: tuple[Any, ...], at: int) -> None:
        if what[0] in WORDS:
            self.say(*what, at)
        elif what[0] == "copy":
            self.add(WIRE.format("la préfecture") + f" Vu le {at}.")
        else:
            self.label(edit=what[0] == "edit")

    def label(self, *, edit: bool) -> None:
        if edit:
            with self.store.session() as session:
                for item in session.exec(select(Item)):
                    item.text, item.digest, item.labels_version = f"{item.text} Bis.", f"{item.digest}+", None
                    session.add(item)
        self.model = Model(next(self.versions))
        enrich_new(self.store, self.model, make.NOW)

    def say(self, label: str, which: int, value: Any, at: int) -> None:
        with self.store.session() as session:
            mentions = session.exec(select(Mention).order_by(col(Mention.id))).all()
            one = mentions[which % len(mentions)]
            corrections.change(session, one.id or 0, Changes(**{label: value}), by="Claire", now=make.NOW)
        about = (label, one.item_id, one.brand_id if label == "sentiment" else 0)
        if self.said.get(about, (0, None))[1] != value:  # what is said again is no new word
            self.said[about] = (at, value)

    def check(self) -> None:
        with self.store.reading() as session:
            assert tallies.differences(session) == []
            stories = {item.id: item.story_id for item in session.exec(select(Item))}
            for mention, item in session.exec(select(Mention, Item).join(Item)):
                answer = self.model.predict([TextToLabel(text=item.text)])[0]
                topics = session.exec(select(ItemTopic.topic).where(ItemTopic.item_id == item.id))
                expected = self.word("sentiment", item.id, mention.brand_id, stories)
                spam = self.word("spam", item.id, 0, stories)
                about = self.word("topics", item.id, 0, stories)
                assert mention.sentiment == (answer.sentiment if expected is None else expected)
                assert mention.corrected is (expected is not None)
                assert mention.spam is (answer.spam >= 0.5 if spam is None else spam)
                assert sorted(topics) == (["delivery", "other"] if about is None else sorted(about))
                assert not (mention.counted and (mention.reprint or mention.spam))

    def word(self, label: str, item: int | None, brand: int, stories: dict[int | None, int | None]) -> Any:
        own = self.said.get((label, item, brand), (0, None))[1]
        if own is not None or stories[item] is None:
            return own
        told = [
            said
            for (of, other, toward), said in self.said.items()
            if (of, toward) == (label, brand) and stories[other] == stories[item] and said[1] is not None
        ]
        return max(told, key=lambda said: said[0])[1] if told else None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(SAY, SAY, DO), min_size=1, max_size=10))
def test_what_stands_follows_from_what_was_said_in_whatever_order(steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        life = Life(folder)
        for at, what in enumerate(steps, 1):
            life.step(what, at)
            life.check()
        life.store.close()
