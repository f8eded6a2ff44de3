"""Texts → labels: language, sentiment (also toward a name), topics, spam, abuse, and the words behind them.

All models are read once (`Classifier.load`), then every batch is one pass over its n-grams. numpy only.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from watch.enrich.explain import explain as words_behind
from watch.enrich.explain_toward import explain_toward
from watch.enrich.features import extract
from watch.enrich.heads import Heads, mix, mixed, raw_scores, score, sigmoid, softmax, stack
from watch.enrich.language import tip
from watch.enrich.lexicon import Lexicon, lexicon
from watch.enrich.sureness import DOUBTED, VERSION, Tone, dulled, foreign, speaking, told
from watch.enrich.target import OWN, own_clauses
from watch.enrich.toward import TASK as TOWARD
from watch.enrich.toward import Toward, load_toward
from watch.enrich.toward import asked as places_asked
from watch.enrich.weights import Model, load_lexicon, load_model
from watch.enrich.wordrules import leans
from watch.errors import ModelError
from watch.model import SENTIMENTS, Evidence, Prediction, TextToLabel

TASKS = ("sentiment", "topics", "filter", "language")
_BATCH = 1000  # texts at a time: their arrays stay in the cache
_TOPIC_FLOOR = 0.05  # topics less likely than this are not named, the best one always is

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts as they are read, and what the model of sentiment hears in each (`tones`, texts x SENTIMENTS).

    `strange`: how much of that is not to be believed (`sureness.foreign`); `speaks`: which texts say something.
    """

    texts: Sequence[TextToLabel]
    bodies: Sequence[str]
    tones: Floats
    strange: Floats
    speaks: NDArray[np.bool_]

    def told(self, tones: Floats, start: float | Floats, rows: Sequence[int]) -> list[Tone]:
        """The tones of some of the texts, with what people said of words; sure from the probability `start` on."""
        lean = leans([self.texts[row] for row in rows])
        strange = self.strange[rows]
        return told(softmax(dulled(tones, strange) + lean), start, self.speaks[rows] & (strange < DOUBTED))


_Answers = dict[int, tuple[Tone, tuple[Evidence, ...] | None]]


def default_models() -> Path:
    """Where the models are: `HUNE_MODELS`, else inside the installed package, else beside it in a checkout."""
    if named := os.environ.get("HUNE_MODELS"):
        return Path(named)
    installed = Path(str(resources.files("watch") / "_models"))
    return installed if installed.is_dir() else Path(str(resources.files("watch"))).parent / "models"


def whole(text: TextToLabel) -> str:
    """What is labelled, and what offsets count in: title, newline, text."""
    return f"{text.title}\n{text.text}" if text.title else text.text


@dataclass(frozen=True, slots=True)
class Classifier:
    """All models, ready to label. `version` changes when any of them does."""

    version: str
    models: dict[str, Model]
    lexicon: Lexicon
    heads: Heads
    silence: Floats
    toward: Toward | None

    @classmethod
    def load(cls, directory: Path, *, over: Path | None = None) -> Classifier:
        """Read every model in `directory`, but from `over` those of the tasks it holds.

        Raises ModelError, one sentence, when one is missing or damaged.
        """
        if not directory.is_dir():
            raise ModelError(f"{directory}: no models here; `hune train all` makes them, HUNE_MODELS says where")
        lines, digest = load_lexicon(directory)
        homes = {task: over if over and (over / task).is_dir() else directory for task in (*TASKS, TOWARD)}
        models = {task: load_model(homes[task] / task, lexicon_sha256=digest) for task in TASKS}
        _agree(directory, models)
        toward = load_toward(homes[TOWARD], sentiment=models["sentiment"].sha256, lexicon_sha256=digest)
        parts: list[Model | Toward] = [*models.values(), *([toward] if toward else [])]
        said = (f"{part.sha256}{part.temperature}{part.sure_from}" for part in parts)
        every = ":".join([str(VERSION), digest, *said])
        version = hashlib.sha256(every.encode()).hexdigest()[:12]
        heads = stack(list(models.values()))
        return cls(version, models, lexicon(lines), heads, _silence(heads, models), toward)

    def predict(self, texts: Sequence[TextToLabel], *, explain: bool = True) -> list[Prediction]:
        """Label texts, in order; `explain` adds the evidence for the sentiment. No text is refused.

        It is for the tone toward the target, where one is given and stands in the text, else for that of the text.
        """
        parts = [texts[at : at + _BATCH] for at in range(0, len(texts), _BATCH)]
        return [prediction for part in parts for prediction in self._predict(part, explain=explain)]

    def _predict(self, texts: Sequence[TextToLabel], *, explain: bool) -> list[Prediction]:
        bodies = [whole(text) for text in texts]
        features = extract(bodies, lexicon=self.lexicon)
        raw = raw_scores(features, self.heads)
        logits = mixed(raw, self.heads)
        speaks = speaking(features)
        logits[~speaks] = self.silence
        spoken = self._spoken(texts, logits)
        strange = foreign(features, spoken, self.models["language"].labels)
        batch = _Batch(texts, bodies, self._part(logits, "sentiment"), strange, speaks)
        tones = batch.told(batch.tones, self.models["sentiment"].sure_from, range(len(texts)))
        toward = self._toward(batch, explain=explain)
        words: Sequence[tuple[Evidence, ...]] = [()] * len(texts)
        if explain and sum(behind is not None for _, behind in toward.values()) < len(texts):
            winners, copies = np.array([tone.winner for tone in tones]), mix(raw, self.heads, "sentiment")
            words = words_behind(bodies, features, self.heads, winners, copies)
        topics = self._topics(softmax(self._part(logits, "topics")))
        chances = sigmoid(self._part(logits, "filter")).tolist()
        languages = [self.models["language"].labels[column] for column in spoken.argmax(axis=1)]
        rows = zip(languages, tones, topics, chances, words, strict=True)
        return [_prediction(*row, *toward.get(at, (None, None))) for at, row in enumerate(rows)]

    def _part(self, logits: Floats, task: str) -> Floats:
        part: Floats = logits[:, self.heads.columns[task]] / self.models[task].temperature
        return part

    def _spoken(self, texts: Sequence[TextToLabel], logits: Floats) -> Floats:
        """Probabilities of the languages, as far as the sources say which."""
        part = self._part(logits, "language")
        return softmax(tip(part, self.models["language"].labels, [text.lang for text in texts]))

    def _toward(self, batch: _Batch, *, explain: bool) -> _Answers:
        """For the texts that have a target: the tone toward it, and the words behind that.

        None for these words: those behind the tone of the text are as good (see `target`).
        """
        asked = [row for row, text in enumerate(batch.texts) if text.target]
        if not asked:
            return {}
        if self.toward:
            return self._around(self.toward, batch, asked, explain=explain)
        named = [(batch.bodies[row], batch.texts[row]) for row in asked]
        clauses = [own_clauses(body, text.target or "", text.spans) for body, text in named]
        own = self._part(score(extract(clauses, lexicon=self.lexicon), self.heads), "sentiment")
        alone = np.array([[bool(clause)] for clause in clauses])
        both = np.where(alone, OWN * own + (1 - OWN) * batch.tones[asked], batch.tones[asked])
        found = batch.told(both, self.models["sentiment"].sure_from, asked)
        return {row: (tone, None) for row, tone in zip(asked, found, strict=True)}

    def _around(self, toward: Toward, batch: _Batch, asked: list[int], *, explain: bool) -> _Answers:
        """As `_toward`, by the model made for it; a name that is nowhere gets the tone of its text."""
        places = [places_asked(batch.texts[row], batch.bodies[row]) for row in asked]
        sentiment, named = self.models["sentiment"], [batch.bodies[row] for row in asked]
        heat = float(sentiment.temperature[0])
        heard = toward.hear(named, places, lexicon=self.lexicon, heads=self.heads, heat=heat)
        there = np.array([bool(some) for some in places])
        toned = np.where(there[:, None], heard.logits, batch.tones[asked])
        tones = batch.told(toned, np.where(there, toward.sure_from, sentiment.sure_from), asked)
        behind: list[tuple[Evidence, ...] | None] = [None] * len(asked)
        if explain:
            words = explain_toward(named, heard, toward, self.heads, np.array([tone.winner for tone in tones]))
            behind = [found if some else None for found, some in zip(words, places, strict=True)]
        return dict(zip(asked, zip(tones, behind, strict=True), strict=True))

    def _topics(self, shares: Floats) -> list[tuple[tuple[str, float], ...]]:
        """(name, score) of each text, best first: those above the floor, the best one whatever its score."""
        labels = self.models["topics"].labels
        rows, columns = np.nonzero(shares >= np.minimum(shares.max(axis=1, keepdims=True), _TOPIC_FLOOR))
        order = np.lexsort((-shares[rows, columns], rows))
        rows, columns = rows[order], columns[order]
        kept: list[list[tuple[str, float]]] = [[] for _ in shares]
        for row, column, value in zip(*(a.tolist() for a in (rows, columns, shares[rows, columns])), strict=True):
            kept[row].append((labels[column], value))
        return [tuple(topics) for topics in kept]


def _prediction(
    lang: str,
    tone: Tone,
    topics: tuple[tuple[str, float], ...],
    chances: Sequence[float],
    evidence: tuple[Evidence, ...],
    toward: Tone | None,
    behind: tuple[Evidence, ...] | None,
) -> Prediction:
    return Prediction(
        lang=lang,
        sentiment=tone.name,
        scores=tone.named,
        topics=topics,
        spam=chances[0],
        toxic=chances[1],
        evidence=evidence if behind is None else behind,
        target_sentiment=toward.name if toward else None,
        target_scores=toward.named if toward else None,
        sure=tone.sure,
        target_sure=toward.sure if toward else None,
    )


def _silence(heads: Heads, models: dict[str, Model]) -> Floats:
    """The logits of a text that says nothing: neutral and other by a little, neither spam nor abuse."""
    logits = np.zeros(heads.size, np.float32)
    for task, label in (("sentiment", "neutral"), ("topics", "other"), ("language", "other")):
        logits[heads.columns[task].start + models[task].labels.index(label)] = 0.3
    logits[heads.columns["filter"]] = -5.0
    return logits


def _agree(directory: Path, models: dict[str, Model]) -> None:
    """Refuse a model of one task in the folder of another."""
    for task, model in models.items():
        if model.task != task:
            raise ModelError(f"{directory / task}: holds a model for {model.task}, not for {task}")
    known = models["sentiment"].labels == SENTIMENTS and models["filter"].labels == ("spam", "toxic")
    if not known or any("other" not in models[task].labels for task in ("topics", "language")):
        raise ModelError(f"{directory}: a model has not the labels that Hune knows; train it again")
