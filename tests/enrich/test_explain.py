"""The words shown for a label are what made it: without them the label flips or weakens."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from shared_data import SHARED

from watch.enrich.classify import Classifier, default_models
from watch.enrich.cues import CUES, shares
from watch.enrich.explain import word_weights
from watch.enrich.features import extract
from watch.enrich.heads import mix, mixed, raw_scores
from watch.model import Prediction, TextToLabel

TEXTS = [
    "Livraison ratée, c'est nul 😡",
    "Pas mal, mais 20 € de trop !!! #cher",
    "Not bad at all, however the SUPPORT is awful…",
    "Rien à dire.",
]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load(default_models())


def test_words_with_their_cues_add_up_to_the_logit(classifier: Classifier) -> None:
    features, heads = extract(TEXTS, lexicon=classifier.lexicon), classifier.heads
    raw = raw_scores(features, heads)
    logits, copies = mixed(raw, heads)[:, heads.columns["sentiment"]], mix(raw, heads, "sentiment")
    winner, every = logits.argmax(axis=1), np.arange(len(TEXTS))
    words = np.bincount(
        features.tokens.doc, word_weights(features, heads, winner, copies, task="sentiment"), len(TEXTS)
    )
    whole = [CUES.index(name) for name in ("length", "stretched", "link", "handle")]
    rest = (features.cues[:, whole] @ heads.cues[whole] + heads.bias)[:, heads.wide("sentiment")]
    rest = np.einsum("tc,tcl->tl", copies, rest)[every, winner]
    assert words + rest == pytest.approx(logits[every, winner], abs=1e-3)


def test_a_cue_is_shared_among_the_words_that_make_it(classifier: Classifier) -> None:
    features = extract(["bon, super et nul !!"], lexicon=classifier.lexicon)
    found = features.tokens
    parts = shares(features.cues, features.reading, found, features.under, features.known)
    good, marks = parts[:, CUES.index("positive")], parts[:, CUES.index("exclamation")]
    assert good[[0, 2]] == pytest.approx(np.log(3) / 2)
    assert marks.tolist().index(marks.max()) == len(found.hash) - 1
    for column in ("positive", "negative", "balance", "exclamation"):
        at = CUES.index(column)
        assert parts[:, at].sum() == pytest.approx(features.cues[0, at], abs=1e-5)


def without(text: str, found: Prediction) -> str:
    """The text with the words shown for its label taken out."""
    for piece in sorted(found.evidence, key=lambda piece: -piece.start):
        if piece.weight > 0:
            text = f"{text[: piece.start]} {text[piece.end :]}"
    return text


@pytest.mark.shared
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_without_the_words_shown_the_label_flips_or_weakens(classifier: Classifier, lang: str) -> None:
    assert SHARED is not None
    data = gzip.decompress((SHARED / "data" / "written" / "dev.jsonl.gz").read_bytes()).decode().splitlines()
    texts = [row["text"] for row in map(json.loads, data) if row["lang"] == lang]
    found = classifier.predict([TextToLabel(text) for text in texts])
    bare = classifier.predict([TextToLabel(without(*pair)) for pair in zip(texts, found, strict=True)])
    pairs = zip(found, bare, strict=True)
    weaker = [after.scores[before.sentiment] < before.scores[before.sentiment] for before, after in pairs]
    assert sum(weaker) >= 0.8 * len(weaker)
