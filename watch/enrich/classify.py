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

from watch.enrich.cues import CUES, Lexicon, lexicon
from watch.enrich.explain import explain as words_behind
from watch.enrich.explain_toward import explain_toward
from watch.enrich.features import Features, extract
from watch.enrich.heads import Heads, mix, mixed, raw_scores, score, sigmoid, softmax, stack
from watch.enrich.language import tip
from watch.enrich.reading import EMOJI, WORD
from watch.enrich.target import OWN, own_clauses
from watch.enrich.toward import TASK as TOWARD
from watch.enrich.toward import Toward, load_toward
from watch.enrich.toward import asked as places_asked
from watch.enrich.weights import Model, load_lexicon, load_model
from watch.enrich.wordrules import leans
from watch.errors import ModelError
from watch.model import SENTIMENTS, Evidence, Prediction, Sentiment, TextToLabel

TASKS = ("sentiment", "topics", "filter", "language")
_BATCH = 1000  # texts at a time: their arrays stay in the cache
_TOPIC_FLOOR = 0.05  # topics less likely than this are not named, the best one always is

Floats = NDArray[np.float32]
_Answers = dict[int, tuple[list[float], tuple[Evidence, ...] | None]]


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
        every = ":".join([digest, *(part.sha256 + str(part.temperature) for part in parts)])
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
        logits[~speaking(features)] = self.silence
        tones, lean = self._part(logits, "sentiment"), leans(texts)
        winners = (tones + lean).argmax(axis=1)
        shares = mix(raw, self.heads, "sentiment")
        toward = self._toward(texts, bodies, tones, explain=explain)
        plain = explain and sum(behind is not None for _, behind in toward.values()) < len(texts)
        evidence = words_behind(bodies, features, self.heads, winners, shares) if plain else [()] * len(texts)
        spoken = self._languages(texts, logits)
        topics = self._topics(softmax(self._part(logits, "topics")))
        chances = sigmoid(self._part(logits, "filter"))
        rows = zip(spoken, softmax(tones + lean).tolist(), topics, chances.tolist(), evidence, strict=True)
        return [self._prediction(*row, *toward.get(at, (None, None))) for at, row in enumerate(rows)]

    def _part(self, logits: Floats, task: str) -> Floats:
        part: Floats = logits[:, self.heads.columns[task]] / self.models[task].temperature
        return part

    def _toward(self, texts: Sequence[TextToLabel], bodies: Sequence[str], tones: Floats, *, explain: bool) -> _Answers:
        """For the texts that have a target: probabilities of each sentiment toward it, and the words behind that.

        None for these words: those behind the tone of the text are as good (see `target`).
        """
        asked = [row for row, text in enumerate(texts) if text.target]
        if not asked:
            return {}
        if self.toward:
            return self._around(self.toward, texts, bodies, tones, asked, explain=explain)
        clauses = [own_clauses(bodies[row], texts[row].target or "", texts[row].spans) for row in asked]
        own = self._part(score(extract(clauses, lexicon=self.lexicon), self.heads), "sentiment")
        alone = np.array([[bool(clause)] for clause in clauses])
        both = np.where(alone, OWN * own + (1 - OWN) * tones[asked], tones[asked])
        found = softmax(both + leans(texts)[asked]).tolist()
        return {row: (scores, None) for row, scores in zip(asked, found, strict=True)}

    def _around(
        self,
        toward: Toward,
        texts: Sequence[TextToLabel],
        bodies: Sequence[str],
        tones: Floats,
        asked: list[int],
        *,
        explain: bool,
    ) -> _Answers:
        """As `_toward`, by the model made for it; a name that is nowhere gets the tone of its text."""
        places = [places_asked(texts[row], bodies[row]) for row in asked]
        heat, named = float(self.models["sentiment"].temperature[0]), [bodies[row] for row in asked]
        heard = toward.hear(named, places, lexicon=self.lexicon, heads=self.heads, heat=heat)
        there = np.array([[bool(some)] for some in places])
        toned = np.where(there, heard.logits, tones[asked]) + leans(texts)[asked]
        behind: list[tuple[Evidence, ...] | None] = [None] * len(asked)
        if explain:
            words = explain_toward(named, heard, toward, self.heads, toned.argmax(axis=1))
            behind = [found if some else None for found, some in zip(words, places, strict=True)]
        return dict(zip(asked, zip(softmax(toned).tolist(), behind, strict=True), strict=True))

    def _languages(self, texts: Sequence[TextToLabel], logits: Floats) -> list[str]:
        labels = self.models["language"].labels
        tipped = tip(self._part(logits, "language"), labels, [text.lang for text in texts])
        return [labels[column] for column in tipped.argmax(axis=1)]

    def _prediction(
        self,
        lang: str,
        tones: list[float],
        topics: tuple[tuple[str, float], ...],
        chances: list[float],
        evidence: tuple[Evidence, ...],
        toward: list[float] | None,
        behind: tuple[Evidence, ...] | None,
    ) -> Prediction:
        return Prediction(
            lang=lang,
            sentiment=_winner(tones),
            scores=_scores(tones),
            topics=topics,
            spam=chances[0],
            toxic=chances[1],
            evidence=evidence if behind is None else behind,
            target_sentiment=_winner(toward) if toward else None,
            target_scores=_scores(toward) if toward else None,
        )

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


def speaking(features: Features) -> NDArray[np.bool_]:
    """Which texts hold a word, an emoji or an emoticon; models know nothing about the others."""
    found = features.tokens
    said = found.doc[(found.kind == WORD) | (found.kind == EMOJI)]
    toned = features.cues[:, [CUES.index("positive"), CUES.index("negative")]].any(axis=1)
    flags: NDArray[np.bool_] = (np.bincount(said, minlength=features.size) > 0) | toned
    return flags


def _silence(heads: Heads, models: dict[str, Model]) -> Floats:
    """The logits of a text that says nothing: neutral and other by a little, neither spam nor abuse."""
    logits = np.zeros(heads.size, np.float32)
    for task, label in (("sentiment", "neutral"), ("topics", "other"), ("language", "other")):
        logits[heads.columns[task].start + models[task].labels.index(label)] = 0.3
    logits[heads.columns["filter"]] = -5.0
    return logits


def _winner(tones: list[float]) -> Sentiment:
    return SENTIMENTS[tones.index(max(tones))]


def _scores(tones: list[float]) -> dict[Sentiment, float]:
    return dict(zip(SENTIMENTS, tones, strict=True))


def _agree(directory: Path, models: dict[str, Model]) -> None:
    """Refuse a model of one task in the folder of another."""
    for task, model in models.items():
        if model.task != task:
            raise ModelError(f"{directory / task}: holds a model for {model.task}, not for {task}")
    known = models["sentiment"].labels == SENTIMENTS and models["filter"].labels == ("spam", "toxic")
    if not known or any("other" not in models[task].labels for task in ("topics", "language")):
        raise ModelError(f"{directory}: a model has not the labels that Hune knows; train it again")
