"""Labels of the shipped models, and what happens when models are not as they should be."""

from __future__ import annotations

import json
import math
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watch.enrich.classify import Classifier, default_models, whole
from watch.enrich.weights import CARD, WEIGHTS, pack
from watch.errors import ModelError
from watch.model import SENTIMENTS, Prediction, Span, TextToLabel


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load(default_models())


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A copy of the shipped models that a test may damage."""
    return shutil.copytree(default_models(), tmp_path / "models", ignore=shutil.ignore_patterns("corpus"))


def one(classifier: Classifier, text: str, **more: str) -> Prediction:
    return classifier.predict([TextToLabel(text, **more)])[0]


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [
        ("J'adore ce canapé, livraison rapide, merci !", "positive"),
        ("Service client nul, j'attends mon colis depuis trois semaines. Honteux.", "negative"),
        ("I love it, works perfectly. Great job!", "positive"),
        ("Terrible support, worst purchase ever, I want my money back", "negative"),
        ("Déçue, vraiment. La qualité a baissé et personne ne répond.", "negative"),
        ("Excellent accueil, équipe adorable, je recommande 👍", "positive"),
        ("L'entreprise tiendra son assemblée générale le 12 mars à Lyon.", "neutral"),
    ],
)
def test_plain_praise_and_blame_are_told_apart(classifier: Classifier, text: str, sentiment: str) -> None:
    assert one(classifier, text).sentiment == sentiment


def test_scores_are_probabilities_that_sum_to_one(classifier: Classifier) -> None:
    found = one(classifier, "Pas mal, mais cher.", target="cher")
    assert found.target_scores is not None
    for scores in (found.scores, found.target_scores):
        assert tuple(scores) == SENTIMENTS
        assert math.isclose(sum(scores.values()), 1, abs_tol=1e-5)
    assert 0 <= found.spam <= 1
    assert 0 <= found.toxic <= 1


def test_topics_come_best_first(classifier: Classifier) -> None:
    topics = one(classifier, "Colis perdu, livraison en retard de deux semaines").topics
    assert topics[0][0] == "delivery"
    assert [score for _, score in topics] == sorted((score for _, score in topics), reverse=True)


def test_an_obvious_advertisement_is_spam_and_a_review_is_not(classifier: Classifier) -> None:
    assert one(classifier, "GAGNEZ 5000 € cliquez ici http://bit.ly/abc offre gratuite !!!").spam > 0.5
    assert one(classifier, "Le canapé est confortable, je le conseille.").spam < 0.5


def test_the_sentiment_toward_a_name_is_that_of_its_clause(classifier: Classifier) -> None:
    text = "J'adore la boutique Lison, un accueil parfait. Par contre Nordex est une honte, service nul."
    found = classifier.predict([TextToLabel(text, target="Lison"), TextToLabel(text, target="Nordex")])
    assert [prediction.target_sentiment for prediction in found] == ["positive", "negative"]


def test_spans_say_where_the_target_is_when_its_name_is_written_otherwise(classifier: Classifier) -> None:
    text = "La boutique est parfaite, un accueil adorable. Le magasin d'en face est une honte, service nul."
    start = text.index("Le magasin")
    far = TextToLabel(text, target="Nordex", spans=(Span(start, start + 10),))
    assert classifier.predict([far])[0].target_sentiment == "negative"


def test_without_a_target_nothing_is_said_toward_one(classifier: Classifier) -> None:
    found = one(classifier, "Très bien")
    assert found.target_sentiment is None
    assert found.target_scores is None


def test_a_target_that_is_nowhere_gets_the_sentiment_of_the_text(classifier: Classifier) -> None:
    found = one(classifier, "Très bon produit", target="Absent")
    assert found.target_scores == found.scores


def test_evidence_quotes_title_and_text_at_its_offsets(classifier: Classifier) -> None:
    text = TextToLabel("Livraison ratée, c'est nul @bob 😡", title="Quelle déception !!!!")
    evidence = classifier.predict([text])[0].evidence
    assert 0 < len(evidence) <= 8
    assert all(whole(text)[e.start : e.end] == e.text for e in evidence)
    assert [abs(e.weight) for e in evidence] == sorted((abs(e.weight) for e in evidence), reverse=True)
    assert {"nul", "déception"} & {e.text for e in evidence}


def test_without_explanation_the_labels_are_the_same(classifier: Classifier) -> None:
    texts = [TextToLabel("Très bien, merci"), TextToLabel("")]
    bare = classifier.predict(texts, explain=False)
    assert [p.scores for p in bare] == [p.scores for p in classifier.predict(texts)]
    assert all(prediction.evidence == () for prediction in bare)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "?!", "…"])
def test_a_text_that_says_nothing_is_neutral_and_unsure(classifier: Classifier, text: str) -> None:
    found = one(classifier, text)
    assert found.sentiment == "neutral"
    assert found.scores["neutral"] < 0.5
    assert found.topics[0][0] == "other"
    assert found.spam < 0.5
    assert found.toxic < 0.5


@given(st.text(st.characters(categories=None), max_size=80), st.text(max_size=10))
@settings(max_examples=80, deadline=None)
def test_no_text_is_refused(classifier: Classifier, text: str, target: str) -> None:
    found = one(classifier, text, target=target, title=target)
    assert math.isclose(sum(found.scores.values()), 1, abs_tol=1e-5)


def test_a_batch_is_labelled_as_its_texts_are_alone(classifier: Classifier) -> None:
    texts = [f"Message {i} : {w}" for i, w in enumerate(["super", "nul", "", "colis", "😍"] * 120)]
    many = classifier.predict([TextToLabel(text) for text in texts])
    for at in (0, 1, 2, 255, 256, 599):
        alone = one(classifier, texts[at])
        assert alone.sentiment == many[at].sentiment
        assert np.allclose(list(alone.scores.values()), list(many[at].scores.values()), atol=1e-4)


def test_no_texts_give_no_predictions(classifier: Classifier) -> None:
    assert classifier.predict([]) == []


def test_prediction_imports_neither_scikit_learn_nor_scipy_nor_nltk() -> None:
    program = (
        "import sys; from watch.enrich.classify import Classifier, default_models; from watch.model import TextToLabel;"
        "Classifier.load(default_models()).predict([TextToLabel('bon', target='bon')]);"
        "print(sorted({'sklearn', 'scipy', 'nltk'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_changes_with_any_model(classifier: Classifier, models: Path) -> None:
    assert Classifier.load(models).version == classifier.version
    card = json.loads((models / "filter" / CARD).read_text(encoding="utf-8"))
    (models / "filter" / CARD).write_text(json.dumps(card | {"temperature": [2.5, 2.5]}), encoding="utf-8")
    assert Classifier.load(models).version != classifier.version


def test_the_environment_may_name_another_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HUNE_MODELS", str(tmp_path))
    assert default_models() == tmp_path


def damage(models: Path, **changes: object) -> None:
    """Change keys of the sentiment card; None removes one."""
    path = models / "sentiment" / CARD
    card = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps({k: v for k, v in card.items() if v is not None}), encoding="utf-8")


def replace_weights(models: Path, data: bytes) -> None:
    """Put other weights beside the card, and the hash they have into it."""
    import hashlib

    (models / "sentiment" / WEIGHTS).write_bytes(data)
    damage(models, sha256=hashlib.sha256(data).hexdigest())


class Planted:
    """What a pickle would run while it is read."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return eval, ("__import__('pathlib').Path('owned').touch()",)


def refused(models: Path) -> str:
    with pytest.raises(ModelError) as caught:
        Classifier.load(models)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_missing_folder_says_how_to_make_one(tmp_path: Path) -> None:
    assert "hune train" in refused(tmp_path / "none")


@pytest.mark.parametrize("name", ["sentiment/model.json", "topics/weights.npz", "lexicon.tsv"])
def test_a_missing_file_is_named(models: Path, name: str) -> None:
    (models / name).unlink()
    assert name in refused(models)


def test_without_a_model_toward_names_the_clause_of_the_name_is_read(models: Path) -> None:
    shutil.rmtree(models / "target")
    text = "J'adore la boutique Lison, un accueil parfait. Par contre Nordex est une honte, service nul."
    assert one(Classifier.load(models), text, target="Nordex").target_sentiment == "negative"


@pytest.mark.parametrize(("key", "value"), [("sentiment_sha256", "0"), ("labels", ["bad"]), ("features", {})])
def test_a_model_toward_names_made_for_others_is_refused(models: Path, key: str, value: object) -> None:
    path = models / "target" / CARD
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {key: value}), encoding="utf-8")
    assert "another sentiment model" in refused(models)


@pytest.mark.parametrize("heat", [0, "x", None])
def test_a_model_toward_names_with_a_damaged_card_is_refused(models: Path, heat: object) -> None:
    path = models / "target" / CARD
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"temperature": heat}), encoding="utf-8")
    assert "target" in refused(models)


def test_a_card_that_is_no_json_is_named(models: Path) -> None:
    (models / "topics" / CARD).write_text("{", encoding="utf-8")
    assert "not readable as JSON" in refused(models)


@pytest.mark.parametrize("text", ["[]", "3", '"x"'])
def test_a_card_that_is_no_object_is_refused(models: Path, text: str) -> None:
    (models / "topics" / CARD).write_text(text, encoding="utf-8")
    assert "JSON object" in refused(models)


def test_weights_that_are_not_those_of_the_card_are_refused(models: Path) -> None:
    path = models / "filter" / WEIGHTS
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert "sha256" in refused(models)


def test_planted_pickles_are_refused_and_never_run(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    replace_weights(models, pickle.dumps(Planted()))
    assert "not plain arrays" in refused(models)
    np.savez(tmp_path / "planted.npz", table=np.array([Planted()], dtype=object))
    replace_weights(models, (tmp_path / "planted.npz").read_bytes())
    assert "not plain arrays" in refused(models)
    assert not (tmp_path / "owned").exists()


def test_weights_of_another_shape_are_refused(models: Path) -> None:
    arrays = {"table": np.zeros((8, 3)), "cues": np.zeros((2, 3)), "bias": np.zeros(3)}
    replace_weights(models, pack(arrays))
    assert "not what the card says" in refused(models)


def test_weights_without_an_array_are_refused(models: Path) -> None:
    replace_weights(models, pack({"table": np.zeros((8, 3))}))
    assert "lack" in refused(models)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("labels", ["bad", "good"], "lack"),
        ("labels", None, "lack"),
        ("labels", 3, "lack"),
        ("bits", 60, "not what the card says"),
        ("bits", -1, "not what the card says"),
        ("bits", "x", "lack"),
        ("temperature", [0, 0, 0], "above zero"),
        ("temperature", [1, 1], "lack"),
        ("task", "topics", "holds a model for topics"),
        ("features", {"version": 0}, "other features"),
        ("lexicon_sha256", "0", "other features"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(models: Path, key: str, value: object, says: str) -> None:
    damage(models, **{key: value})
    assert says in refused(models)


def test_all_shipped_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in default_models().glob("*/weights.npz")) < 20_000_000
