"""What queries, models and people's word rules say of items; nothing is stored here (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from watch.enrich.labels import Labelled
from watch.enrich.wordrules import Rule, Ruled, ruled, rules_of, told
from watch.model import Prediction, Span, TextToLabel
from watch.query import Document, MatcherSet, compile_query, prepare, site_of
from watch.store.mentions import Carrier
from watch.store.tables import Brand, Item, Topic


class Classifier(Protocol):
    """What labels a text; `watch.enrich.classify.Classifier` is ours."""

    @property
    def version(self) -> str:
        """Changes whenever its answers may."""
        ...

    def predict(self, texts: Sequence[TextToLabel], *, explain: bool = True) -> list[Prediction]:
        """One prediction a text, in order; with evidence unless told not to `explain`.

        What a text's `lean` says is added before the label is given, so that the evidence is for that label.
        """
        ...


@dataclass(frozen=True)
class Labels:
    """All that decides a label: classifier, brands' queries, topics' queries, brands' word rules.

    `version` leaves the word rules out: new ones hold for what comes, and for the past when somebody asks (`again`).
    """

    classifier: Classifier
    brand_ids: dict[str, int]
    brands: MatcherSet
    topics: MatcherSet
    rules: Mapping[str, tuple[Rule, ...]]
    version: str

    @classmethod
    def of(cls, classifier: Classifier, brand_rows: Iterable[Brand], topic_rows: Iterable[Topic]) -> Labels:
        """From the brands and topics in force."""
        brand_rows = list(brand_rows)
        named = {row.name: row.query for row in brand_rows}
        ruled = {row.name: row.query for row in topic_rows if row.query}
        said = repr((sorted(named.items()), sorted(ruled.items()))).encode()
        return cls(
            classifier=classifier,
            brand_ids={row.name: row.id for row in brand_rows if row.id is not None},
            brands=MatcherSet([(name, compile_query(query)) for name, query in named.items()]),
            topics=MatcherSet([(name, compile_query(query)) for name, query in ruled.items()]),
            rules={row.name: rules_of(row.words) for row in brand_rows},
            version=f"{classifier.version}+{hashlib.sha256(said).hexdigest()[:8]}",
        )


def understand(labels: Labels, batch: Sequence[Item], carriers: Mapping[int, Carrier]) -> list[Labelled]:
    """Label every item, match it against brands and topics, and label it again toward each brand it names.

    `carriers`: source id → the source an item came from. The language comes first, since a query may ask for it.
    """
    answers = labels.classifier.predict([_text(item) for item in batch], explain=False)
    read = [_read(labels, item, carriers[item.source_id], answer) for item, answer in zip(batch, answers, strict=True)]
    tones = iter(labels.classifier.predict([asked.text for one in read for _, _, asked in one.named]))
    return [
        Labelled(
            item=item,
            body=one.body,
            prediction=answer,
            mentions=tuple(
                (labels.brand_ids[name], spans, told(next(tones), asked.stated)) for name, spans, asked in one.named
            ),
            topics=one.topics,
        )
        for item, answer, one in zip(batch, answers, read, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Read:
    """What queries find in an item; `named` are (brand, spans, what to ask the classifier toward it)."""

    body: str
    named: tuple[tuple[str, tuple[Span, ...], Ruled], ...]
    topics: tuple[str, ...]


def _read(labels: Labels, item: Item, carrier: Carrier, found: Prediction) -> _Read:
    document = prepare(_document(item, carrier, found))  # the words of a text are cut once for all that asks of them
    named = tuple(
        (name, spans, ruled(_toward(item, name, spans), document, labels.rules[name]))
        for name, spans in labels.brands.find(document)
    )
    return _Read(document.document.body, named, tuple(name for name, _ in labels.topics.find(document)))


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
