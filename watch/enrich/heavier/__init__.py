"""A text classifier of your own, an ONNX file with its tokenizer, behind the seam of the built-in one.

In: a folder (`settings.py` reads what it says of itself, `session.py` runs it). Out: the same predictions, with the
tone of the text and the tone toward a name replaced (`tone.py`), and the words behind them found by leaving
out one at a time (`evidence.py`). Language, topics, spam and abuse stay with the built-in models.
onnxruntime and tokenizers, which come with `hune[onnx]`, are imported only where a folder is configured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from watch.enrich.classify import Classifier as BuiltIn
from watch.enrich.classify import whole
from watch.enrich.heavier.evidence import behind
from watch.enrich.heavier.session import Floats, TextModel
from watch.enrich.heavier.tone import Case, tones
from watch.enrich.target import places_of
from watch.model import SENTIMENTS, Evidence, Prediction, Sentiment, TextToLabel

if TYPE_CHECKING:
    from watch.config import LabelsConfig
    from watch.enrich.understand import Classifier

_VERSION = 2  # of the rules in this package: another one, and all is labelled again
_BATCH = 200  # texts at a time

__all__ = ["Heavier", "TextModel", "load"]


def load(models: Path, labels: LabelsConfig | None = None, *, over: Path | None = None) -> Classifier:
    """The models in `models`, but those of the tasks that `over` holds from there (`installed`), under the tone of the
    folder that `[labels]` names, if any. Raises ModelError.
    """
    built_in = BuiltIn.load(models, over=over)
    if labels is None or labels.sentiment is None:
        return built_in
    return Heavier.over(built_in, TextModel.load(labels.sentiment, threads=labels.threads))


@dataclass(frozen=True, slots=True)
class Heavier:
    """The built-in classifier with the tone of another model. `version` changes when any of their files does."""

    version: str
    built_in: Classifier
    model: TextModel

    @classmethod
    def over(cls, built_in: Classifier, model: TextModel) -> Heavier:
        """`built_in` for all but the tone, `model` for that."""
        said = f"{_VERSION}:{built_in.version}:{model.sha256}"
        return cls(hashlib.sha256(said.encode()).hexdigest()[:12], built_in, model)

    def predict(self, texts: Sequence[TextToLabel], *, explain: bool = True) -> list[Prediction]:
        """Label texts, in order; `explain` adds the evidence. No text is refused; ModelError when a run fails.

        What the model cannot read (a blank text) keeps the tone of the built-in classifier.
        """
        parts = [texts[at : at + _BATCH] for at in range(0, len(texts), _BATCH)]
        return [prediction for part in parts for prediction in self._predict(part, explain=explain)]

    def _predict(self, texts: Sequence[TextToLabel], *, explain: bool) -> list[Prediction]:
        bodies = [whole(text) for text in texts]
        bare = [Case(body, lean=text.lean) for body, text in zip(bodies, texts, strict=True)]
        found = tones(self.model, bare)
        asked = [at for at, text in enumerate(texts) if text.target]
        cases = {at: _case(bodies[at], texts[at]) for at in asked}
        toward = dict(zip(asked, tones(self.model, list(cases.values())), strict=True))
        evidence: list[tuple[Evidence, ...]] = [()] * len(texts)
        if explain:
            rows = [(cases.get(at) or case, toward.get(at, found[at])) for at, case in enumerate(bare)]
            evidence = [behind(self.model, *row) for row in rows]
        built_in = self.built_in.predict(texts, explain=False)
        rest = zip(built_in, found, evidence, strict=True)
        start = self.model.settings.sure_from
        return [_replaced(*row, toward.get(at), start) for at, row in enumerate(rest)]


def _case(body: str, text: TextToLabel) -> Case:
    target = text.target or ""
    spans = tuple((span.start, span.end) for span in text.spans) or tuple(places_of(body, target))
    return Case(body, target, spans, text.lean)


def _replaced(
    built_in: Prediction, tone: Floats, evidence: tuple[Evidence, ...], toward: Floats | None, start: float
) -> Prediction:
    if not tone[0] >= 0:  # no number: the model had nothing to read
        return built_in
    label, scores = _label(tone)
    found = replace(built_in, sentiment=label, scores=scores, evidence=evidence, sure=scores[label] >= start)
    if toward is None:
        return found
    target_label, target_scores = _label(toward)
    return replace(
        found,
        target_sentiment=target_label,
        target_scores=target_scores,
        target_sure=target_scores[target_label] >= start,
    )


def _label(chances: Floats) -> tuple[Sentiment, dict[Sentiment, float]]:
    values = chances.tolist()
    return SENTIMENTS[values.index(max(values))], dict(zip(SENTIMENTS, values, strict=True))
