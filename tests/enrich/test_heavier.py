"""A model of one's own behind the seam: its tone, its evidence, its version; the rest stays ours."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import heavier
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watch.config import LabelsConfig
from watch.enrich.classify import Classifier, default_models
from watch.enrich.heavier import Heavier, TextModel, load
from watch.enrich.heavier.evidence import pieces
from watch.enrich.heavier.tone import Case
from watch.model import Prediction, Span, TextToLabel

CONTRAST = "Aubrac est parfait mais Ravel est horrible"


@pytest.fixture(scope="module")
def built_in() -> Classifier:
    return Classifier.load(default_models())


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory, built_in: Classifier) -> Heavier:
    return Heavier.over(built_in, TextModel.load(heavier.folder(tmp_path_factory.mktemp("model") / "own")))


def one(classifier: Heavier, text: str, target: str | None = None, **more: object) -> Prediction:
    (found,) = classifier.predict([TextToLabel(text, target=target, **more)])  # type: ignore[arg-type]  (see callers)
    return found


@pytest.mark.parametrize(
    ("text", "tone"), [("C'est nul", "negative"), ("lundi ou mardi", "neutral"), ("SUBLIME !", "positive")]
)
def test_the_tone_is_that_of_the_model(ours: Heavier, text: str, tone: str) -> None:
    found = one(ours, text)
    assert found.sentiment == tone
    assert sum(found.scores.values()) == pytest.approx(1)


def test_all_but_the_tone_stays_ours(ours: Heavier, built_in: Classifier) -> None:
    texts = [TextToLabel("Gagnez 1000 € maintenant, cliquez ici"), TextToLabel("The delivery is late again")]
    for mine, theirs in zip(ours.predict(texts), built_in.predict(texts), strict=True):
        assert (mine.lang, mine.topics, mine.spam, mine.toxic) == (
            theirs.lang,
            theirs.topics,
            theirs.spam,
            theirs.toxic,
        )


def test_each_name_is_heard_in_its_own_clauses(ours: Heavier) -> None:
    assert one(ours, CONTRAST, "Aubrac").target_sentiment == "positive"
    assert one(ours, CONTRAST, "Ravel").target_sentiment == "negative"


def test_a_name_may_be_written_otherwise_where_its_spans_are_known(ours: Heavier) -> None:
    found = one(ours, CONTRAST, "Maison Ravel", spans=(Span(24, 29),))
    assert found.target_sentiment == "negative"


def test_a_name_that_is_nowhere_gets_the_tone_of_the_text(ours: Heavier) -> None:
    found = one(ours, "C'est nul", "Nordex")
    assert found.target_scores == found.scores


def test_what_people_say_of_words_is_added_to_what_the_model_says(ours: Heavier) -> None:
    plain, leant = one(ours, "lundi chez Aubrac", "Aubrac"), one(ours, "lundi chez Aubrac", "Aubrac", lean=(9, 0, 0))
    assert (plain.target_sentiment, leant.target_sentiment) == ("neutral", "negative")
    assert plain.target_scores is not None
    assert leant.target_scores is not None
    ratio = {name: leant.target_scores[name] / plain.target_scores[name] for name in ("negative", "positive")}
    assert ratio["negative"] / ratio["positive"] == pytest.approx(math.exp(9), rel=1e-2)


def test_without_a_target_there_is_no_tone_toward_one(ours: Heavier) -> None:
    assert one(ours, "nul").target_sentiment is None


@pytest.mark.parametrize("text", ["", " \n", "\x00", "\ud800", "🏳️‍🌈", "!!!", "a" * 200_000, "нет 没有 لا"])
def test_no_text_is_refused(ours: Heavier, text: str) -> None:
    assert sum(one(ours, text).scores.values()) == pytest.approx(1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=8))
def test_any_text_has_its_labels_and_evidence_in_place(ours: Heavier, text: str, target: str) -> None:
    found = one(ours, text, target)
    assert all(text[e.start : e.end] == e.text and e.weight for e in found.evidence)


def test_a_blank_text_keeps_the_labels_of_ours(ours: Heavier, built_in: Classifier) -> None:
    assert one(ours, "  ") == built_in.predict([TextToLabel("  ")])[0]


def test_evidence_names_the_words_that_count_and_weighs_them_by_leaving_them_out(ours: Heavier) -> None:
    text = "La table est horrible lundi"
    first, *others = one(ours, text).evidence
    assert (first.text, text[first.start : first.end]) == ("horrible", "horrible")
    assert first.weight > 0
    assert {e.text: e.weight for e in others}["lundi"] < 0
    assert one(ours, "La table est lundi").sentiment != "negative"


def test_evidence_toward_a_name_is_that_of_the_label_it_gets(ours: Heavier) -> None:
    assert one(ours, CONTRAST, "Aubrac").evidence[0].text == "parfait"
    assert one(ours, CONTRAST, "Ravel").evidence[0].text == "horrible"


def test_a_single_word_is_its_own_reason(ours: Heavier) -> None:
    (reason,) = one(ours, "😡").evidence
    assert reason.text == "😡"
    assert reason.weight > 0


def test_only_some_words_are_tried_the_nearest_to_the_name() -> None:
    text = "un deux trois quatre Aubrac cinq six"
    case = Case(text, "Aubrac", ((21, 27),))
    assert sorted(text[a:b] for a, b in pieces(case, 2)) == ["cinq", "quatre"]
    assert [text[a:b] for a, b in pieces(Case(text), 2)] == ["un", "deux"]


def test_a_word_left_out_moves_the_name_with_it() -> None:
    case = Case("un deux Aubrac", "Aubrac", ((8, 14),)).without(3, 7)
    assert case.body == "un Aubrac"
    assert case.body[slice(*case.places[0])] == "Aubrac"


def test_evidence_can_be_left_away(ours: Heavier) -> None:
    assert ours.predict([TextToLabel("nul")], explain=False)[0].evidence == ()


def test_a_batch_says_what_each_text_alone_says(ours: Heavier) -> None:
    words = heavier.WORDS[2:]
    texts = [TextToLabel(" ".join(words[n % 7 : n % 7 + 1 + n % 5] * (1 + n % 11))) for n in range(450)]
    for text, found in zip(texts, ours.predict(texts, explain=False), strict=True):
        alone = ours.predict([text], explain=False)[0]
        assert list(found.scores.values()) == pytest.approx(list(alone.scores.values()), abs=1e-5)


def test_a_model_without_a_mask_never_sees_padding(tmp_path: Path) -> None:
    model = TextModel.load(heavier.folder(tmp_path, masks=False))
    together = model.chances(["nul", "nul lundi mardi", "parfait"])
    assert together.tolist() == [model.chances([text]).tolist()[0] for text in ("nul", "nul lundi mardi", "parfait")]


def test_a_long_text_is_cut_where_the_model_ends(tmp_path: Path) -> None:
    model = TextModel.load(heavier.folder(tmp_path))
    head = "lundi " * 64
    assert model.settings.limit == 64
    assert model.chances([head + "horrible " * 500]).tolist() == model.chances([head]).tolist()


def test_max_tokens_cuts_earlier(tmp_path: Path) -> None:
    model = TextModel.load(heavier.folder(tmp_path, hune={"max_tokens": 8}))
    assert model.chances(["lundi " * 8 + "nul"]).tolist() == model.chances(["lundi " * 8]).tolist()


def test_probabilities_are_taken_as_they_are(tmp_path: Path) -> None:
    logits = TextModel.load(heavier.folder(tmp_path / "a"))
    chances = TextModel.load(heavier.folder(tmp_path / "b", probabilities=True))
    assert (logits.softmax, chances.softmax) == (True, False)
    assert chances.chances(["nul lundi"])[0] == pytest.approx(logits.chances(["nul lundi"])[0], abs=1e-6)


def test_stars_are_added_up(tmp_path: Path) -> None:
    rows = [(0.0,) * 5] * 2 + [(5.0, 4.0, 0.0, 0.0, 0.0)] * 2 + [(0.0, 0.0, 0.0, 4.0, 5.0)] * 5
    labels = ("1 star", "2 stars", "3 stars", "4 stars", "5 stars")
    model = TextModel.load(heavier.folder(tmp_path, labels=labels, rows=rows))
    negative, neutral, positive = model.chances(["nul"])[0]
    assert negative > 0.95
    assert negative + neutral + positive == pytest.approx(1)


def test_labels_without_a_name_mean_what_is_stated(tmp_path: Path) -> None:
    stated = {"LABEL_0": "positive", "LABEL_1": "neutral", "LABEL_2": "negative"}
    model = TextModel.load(heavier.folder(tmp_path, labels=list(stated), hune={"labels": stated}))
    assert model.chances(["horrible"])[0].argmax() == 2


def test_a_model_of_pairs_is_asked_for_text_and_name(tmp_path: Path, built_in: Classifier) -> None:
    pairs = Heavier.over(built_in, TextModel.load(heavier.folder(tmp_path, hune={"toward": "pair"})))
    assert one(pairs, "Voici mardi horrible", "mardi").target_scores == pytest.approx(
        one(pairs, "Voici mardi horrible mardi").scores
    )


def test_a_model_may_ask_for_the_types_of_tokens(tmp_path: Path) -> None:
    model = TextModel.load(heavier.folder(tmp_path, inputs=["token_type_ids"]))
    assert model.chances(["nul"])[0].argmax() == 0


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "config.json"])
def test_the_version_changes_with_every_file(tmp_path: Path, built_in: Classifier, file: str) -> None:
    before = Heavier.over(built_in, TextModel.load(heavier.folder(tmp_path)))
    again = Heavier.over(built_in, TextModel.load(tmp_path))
    if file == "model.onnx":
        heavier.folder(tmp_path, rows=[(1.0, 0.0, 0.0)] * len(heavier.WORDS))
    else:
        (tmp_path / file).write_text((tmp_path / file).read_text("utf-8") + "\n", "utf-8")
    after = Heavier.over(built_in, TextModel.load(tmp_path))
    assert before.version == again.version
    assert len({before.version, after.version, built_in.version}) == 3


def test_without_a_word_in_the_configuration_it_is_the_built_in_one() -> None:
    assert isinstance(load(default_models(), LabelsConfig()), Classifier)


def run(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    path = {"PYTHONPATH": str(Path(__file__).resolve().parents[1]), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**path, **env}, check=False
    )


def test_it_is_imported_only_where_it_is_configured() -> None:
    code = (
        "import sys; from watch.enrich.heavier import load; from watch.enrich.classify import default_models; "
        "load(default_models()); print({'onnxruntime', 'tokenizers'} & set(sys.modules))"
    )
    assert run(code).stdout.strip() == "set()"


def test_nothing_is_reported_or_left_behind_by_what_runs_it(tmp_path: Path) -> None:
    folder, home = heavier.folder(tmp_path / "model"), tmp_path / "home"
    home.mkdir()
    code = (
        "import os, sys; from pathlib import Path; from watch.enrich.heavier import TextModel; "
        f"TextModel.load(Path({str(folder)!r})).chances(['nul']); "
        "print(os.environ['ORT_DISABLE_TELEMETRY'], 'huggingface_hub' in sys.modules)"
    )
    done = run(code, HOME=str(home), XDG_CACHE_HOME=str(home / "cache"))
    assert (done.stdout.strip(), done.stderr) == ("1 False", "")
    assert list(home.iterdir()) == []
