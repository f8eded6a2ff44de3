"""The three tasks that corrections teach, as adaptation sees them: what a model hears in a text, what is predicted.

Predictions are those of the classifier that labels, so that a figure is of what is installed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from watch.enrich.classify import Classifier
from watch.enrich.heads import stack
from watch.enrich.toward import OWN
from watch.errors import Refused
from watch.model import SENTIMENTS, Span, TextToLabel
from watch.train.adapt import FIRMNESS, Change, adapt
from watch.train.data import Row
from watch.train.fit import logits_of, matrices
from watch.train.lessons import Example
from watch.train.toward import Named, features

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pupil:
    """A task of a classifier."""

    task: str
    classifier: Classifier

    def grams(self, examples: Sequence[Example]) -> sp.csr_matrix:
        """Hashed n-grams: examples x rows of the table."""
        known = self.classifier
        if self.task == "target":
            assert known.toward is not None
            named = [Named("", one.text, one.lang, "", one.places, 0, mixed=False) for one in examples]
            return features(named, known.lexicon, known.toward.common, stack([known.models["sentiment"]]))[0]
        return matrices([one.text for one in examples], known.lexicon, known.models[self.task].bits)[0]

    def logits(self, examples: Sequence[Example]) -> Floats:
        """What is predicted, up to a constant a text: examples x classes."""
        if self.task == "target":
            return _toward(self.classifier, examples)
        model = self.classifier.models[self.task]
        rows = [Row("", one.text, one.lang, "", "", ()) for one in examples]
        said = np.asarray(logits_of(model, rows, lexicon=self.classifier.lexicon) / model.temperature, np.float32)
        # For and against spam as two classes, of which only one moves: abuse is not taught.
        return np.stack([np.zeros_like(said[:, 0]), said[:, 0]], axis=1) if self.task == "filter" else said

    def learn(self, grams: sp.csr_matrix, logits: Floats, shares: Floats, loud: Floats) -> Change:
        """The change that lessons ask for, given their n-grams, what is predicted, and what should be (`adapt`)."""
        return adapt(grams, logits, shares, loud=loud, slope=self.slope, firm=FIRMNESS[self.task])

    @property
    def slope(self) -> Floats:
        """How much of the model's own sum reaches the prediction, for each class."""
        if self.task == "target":
            assert self.classifier.toward is not None
            return np.full(len(SENTIMENTS), (1 - OWN) / self.classifier.toward.temperature, np.float32)
        heat = self.classifier.models[self.task].temperature
        return np.array([0, 1 / heat[0]], np.float32) if self.task == "filter" else np.asarray(1 / heat, np.float32)


def pupil(task: str, classifier: Classifier) -> Pupil:
    """That task of a classifier; raises Refused when its models have none toward a name."""
    if task == "target" and classifier.toward is None:
        raise Refused("these models have none toward a name (target), which a correction of the tone would teach")
    return Pupil(task, classifier)


def _toward(classifier: Classifier, examples: Sequence[Example]) -> Floats:
    asked = [_asked(one) for one in examples]
    found = classifier.predict(asked, explain=False)
    shares = [[scores[tone] for tone in SENTIMENTS] for one in found if (scores := one.target_scores)]
    return np.log(np.maximum(np.array(shares, np.float32), 1e-9))


def _asked(example: Example) -> TextToLabel:
    start, end = example.places[0]
    spans = tuple(Span(*place) for place in example.places)
    return TextToLabel(example.text, target=example.text[start:end] or "-", spans=spans)
