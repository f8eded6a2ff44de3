"""What queries and models say of items; nothing is stored here (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from watch.enrich.labels import Labelled
from watch.model import Prediction, Span, TextToLabel
from watch.query import Document, MatcherSet, compile_query, site_of
from watch.store.mentions import Carrier
from watch.store.tables import Brand, Item, Topic


class Classifier(Protocol):
    """What labels a text; `watch.enrich.classify.Classifier` is ours."""

    @property
    def version(self) -> str:
        """Changes whenever its answers may."""
        ...

    def predict(self, texts: Sequence[TextToLabel], *, explain: bool = True) -> list[Prediction]:
        """One prediction a text, in order; with evidence unless told not to `explain`."""
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
    """Label every item, match it against brands and topics, and label it again toward each brand it names.

    `carriers`: source id → the source an item came from. The language comes first, since a query may ask for it.
    """
    answers = labels.classifier.predict([_text(item) for item in batch], explain=False)
    documents = [_document(item, carriers[item.source_id], answer) for item, answer in zip(batch, answers, strict=True)]
    named = [labels.brands.find(doc) for doc in documents]
    targeted = [_toward(item, name, spans) for item, found in zip(batch, named, strict=True) for name, spans in found]
    tones = iter(labels.classifier.predict(targeted))
    return [
        Labelled(
            item=item,
            body=doc.body,
            prediction=answer,
            mentions=tuple((labels.brand_ids[name], spans, next(tones)) for name, spans in found),
            topics=tuple(name for name, _ in labels.topics.find(doc)),
        )
        for item, answer, doc, found in zip(batch, answers, documents, named, strict=True)
    ]


def _text(item: Item) -> TextToLabel:
    return TextToLabel(text=item.text, title=item.title, lang=item.lang)


def _toward(item: Item, brand: str, spans: tuple[Span, ...]) -> TextToLabel:
    return TextToLabel(text=item.text, title=item.title, lang=item.lang, target=brand, spans=spans)


def _document(item: Item, carrier: Carrier, found: Prediction) -> Document:
    """An item as queries see it, now and when the store is searched (`store.search`)."""
    return Document(
        title=item.title,
        text=item.text,
        author=item.author,
        site=site_of(item.url),
        lang=found.lang,
        source=carrier.name,
        tags=(*carrier.tags, *item.tags),
    )
