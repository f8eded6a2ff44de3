"""How much each source of training rows counts, which domain it is of, and how many of its rows are taken.

What is close to what Hune reads (texts written for it, tweets, reviews) counts most; large English sources with weak
labels are thinned and counted little. Tried on dev, see docs/models.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from zlib import crc32

from watch.train.data import LABELS, Row

DEFAULT = 1.0
_ORDINARY = (  # tweets and reviews that the filter learns to leave alone
    "semeval_2013_2016_A",
    "goemotions_grouped",
    "minibar_stars",
    "umsab_fr",
    "umsab_en",
    "xed_en",
    "xed_fr_projected",
    "nltk_pros_cons",
    "nltk_sentence_polarity",
    "nltk_subjectivity_objective",
)
WEIGHT: Mapping[str, Mapping[str, float]] = {
    "sentiment": {
        "written": 4.0,
        "umsab_fr": 3.0,
        "minibar_stars": 2.0,
        "goemotions_grouped": 0.5,
        "nltk_sentence_polarity": 0.5,
        "nltk_subjectivity_objective": 0.3,
        "nltk_pros_cons": 0.3,
        "xed_fr_projected": 0.3,
        "xed_en": 0.2,
    },
    "topics": {"written": 1.0, "minibar_feedback": 0.2, "phrases": 0.15},
    "filter": {
        "written": 10.0,
        "phrases": 0.2,
        "mlma_fr": 2.5,
        "mlma_en": 0.3,
        "davidson2017": 0.2,
        "sms_spam": 2.0,
        "sms_spam_mt_fr": 2.0,
        **dict.fromkeys(_ORDINARY, 0.3),
        "umsab_fr": 2.0,
    },
    "language": {},
}
OF_LABEL: Mapping[str, Mapping[str, float]] = {"language": {"other": 0.5}}  # 53 languages against ours
DOMAINS: Mapping[str, tuple[str, ...]] = {"sentiment": ("tweet", "review", "other")}  # that a model tells apart
_DOMAIN: Mapping[str, str] = {
    "semeval_2013_2016_A": "tweet",
    "umsab_fr": "tweet",
    "umsab_en": "tweet",
    "minibar_stars": "review",
    **dict.fromkeys(("nltk_pros_cons", "nltk_sentence_polarity", "nltk_subjectivity_objective"), "film"),
    **dict.fromkeys(("goemotions_grouped", "xed_en", "xed_fr_projected"), "talk"),
}
# How far the labels of a source count alike, however many rows each has: 0 not at all, 1 entirely.
EVEN: Mapping[str, float] = {"sentiment": 0.5, "topics": 0.5}
EVEN_OF: Mapping[str, Mapping[str, float]] = {"sentiment": {"minibar_stars": 1.0}, "filter": {"written": 0.5}}
MOST: Mapping[str, Mapping[str, int]] = {
    "sentiment": {
        "semeval_2013_2016_A": 25_000,
        "goemotions_grouped": 12_000,
        "nltk_pros_cons": 8_000,
        "nltk_sentence_polarity": 6_000,
        "xed_en": 5_000,
        "nltk_subjectivity_objective": 2_000,
    },
    "filter": {
        "semeval_2013_2016_A": 8_000,
        "goemotions_grouped": 3_000,
        "davidson2017": 8_000,
        "nltk_pros_cons": 500,
        "nltk_sentence_polarity": 500,
        "nltk_subjectivity_objective": 500,
        "xed_en": 500,
        "xed_fr_projected": 500,
    },
    "language": {
        "semeval_2013_2016_A": 4_000,
        "goemotions_grouped": 3_000,
        "nltk_pros_cons": 1_000,
        "nltk_sentence_polarity": 1_000,
        "nltk_subjectivity_objective": 500,
        "xed_en": 3_000,
    },
}


def thinned(rows: Iterable[Row], task: str, *, seed: int) -> list[Row]:
    """At most the number of rows that a source may have, chosen by seed, in their order."""
    by: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by[row.source].append(row)
    most = MOST.get(task, {})
    return [row for source, every in by.items() for row in _some(every, most.get(source), seed)]


def weight(row: Row, task: str) -> float:
    """How much a row counts in training."""
    of_label = OF_LABEL.get(task, {})
    by_label = [of_label.get(label, 1.0) for label, value in zip(LABELS[task], row.labels, strict=True) if value]
    return WEIGHT[task].get(row.source, DEFAULT) * min(by_label, default=1.0)


def weights(rows: Sequence[Row], task: str) -> list[float]:
    """How much each of the rows counts beside the others: rare labels of a source more (see `EVEN`)."""
    even, of = EVEN.get(task, 0.0), EVEN_OF.get(task, {})
    fair = evened([(row.source, row.lang) for row in rows], [row.labels for row in rows])
    return [weight(row, task) * share ** of.get(row.source, even) for row, share in zip(rows, fair, strict=True)]


def evened(groups: Sequence[Hashable], labels: Sequence[Hashable]) -> list[float]:
    """For each row what makes all labels of its group count the same together."""
    counts = Counter(zip(groups, labels, strict=True))
    many, kinds = Counter(groups), Counter(group for group, _ in counts)
    return [many[group] / kinds[group] / counts[group, label] for group, label in zip(groups, labels, strict=True)]


def domain(row: Row) -> str:
    """The domain a row is of."""
    return _DOMAIN.get(row.source, "other")


def _some(rows: list[Row], most: int | None, seed: int) -> list[Row]:
    if most is None or len(rows) <= most:
        return rows
    lots = sorted(range(len(rows)), key=lambda i: crc32(f"{seed}:{rows[i].id}".encode()))
    return [rows[i] for i in sorted(lots[:most])]
