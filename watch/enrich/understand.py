"""What queries and models say of items; nothing is stored here (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from watch.enrich.labels import Labelled
from watch.model import Prediction, Span, TextToLabel
from watch.query import Document, MatcherSet, compile_query
from watch.store.mentions import Carrier
from watch.store.tables import Brand, Item, Topic

Found = Sequence[tuple[str, tuple[Span, ...]]]


class Classifier(Protocol):
    """What labels a text; `watch.enrich.classify.Classifier` is ours."""

    @property
    def version(self) -> str:
        """Changes whenever its answers may."""
        ...

    def predict(self, texts: Sequence[TextToLabel]) -> list[Prediction]:
        """One prediction a text, in order."""
        ...


@dataclass(frozen=True)
class Labels:
    """All that decides a label: classifier, brands' queries, topics' queries."""

    classifier: Classifier
    brand_ids: dict[str, int]
    brands: MatcherSet
    topics: MatcherSet
    version: str

    @classmethod
    def of(cls, classifier: Classifier, brand_rows: Iterable[Brand], topic_rows: Iterable[Topic]) -> Labels:
        """From the brands and topics in force."""
        named = {row.name: row.query for row in brand_rows}
        ruled = {row.name: row.query for row in topic_rows if row.query}
        said = repr((sorted(named.items()), sorted(ruled.items()))).encode()
        return cls(
            classifier=classifier,
            brand_ids={row.name: row.id for row in brand_rows if row.id is not None},
            brands=MatcherSet([(name, compile_query(query)) for name, query in named.items()]),
            topics=MatcherSet([(name, compile_query(query)) for name, query in ruled.items()]),
            version=f"{classifier.version}+{hashlib.sha256(said).hexdigest()[:8]}",
        )


def understand(labels: Labels, batch: Sequence[Item], carriers: Mapping[int, Carrier]) -> list[Labelled]:
    """Match every item against brands and topics, and label all of them in one call of the classifier.

    `carriers`: source id → the source an item came from.
    """
    documents = [document(item, carriers[item.source_id]) for item in batch]
    named = [labels.brands.find(doc) for doc in documents]
    asked = [text for item, found in zip(batch, named, strict=True) for text in _texts(item, found)]
    answers = iter(labels.classifier.predict(asked))
    return [
        _labelled(labels, item, doc, found, [next(answers) for _ in range(max(1, len(found)))])
        for item, doc, found in zip(batch, documents, named, strict=True)
    ]


def document(item: Item, carrier: Carrier) -> Document:
    """An item as queries see it."""
    return Document(
        title=item.title,
        text=item.text,
        author=item.author,
        site=urlsplit(item.url).hostname if item.url else None,
        lang=item.lang,
        source=carrier.name,
        tags=(*carrier.tags, *item.tags),
    )


def _texts(item: Item, found: Found) -> list[TextToLabel]:
    """One text a brand named, since sentiment is toward a brand; one without target where none is."""
    if not found:
        return [TextToLabel(text=item.text, title=item.title, lang=item.lang)]
    return [
        TextToLabel(text=item.text, title=item.title, lang=item.lang, target=name, spans=spans) for name, spans in found
    ]


def _labelled(labels: Labels, item: Item, doc: Document, found: Found, answers: Sequence[Prediction]) -> Labelled:
    mentions = tuple(
        (labels.brand_ids[name], spans, answer) for (name, spans), answer in zip(found, answers, strict=False)
    )
    topics = tuple(name for name, _ in labels.topics.find(doc))
    return Labelled(item=item, body=doc.body, prediction=answers[0], mentions=mentions, topics=topics)
