"""Tweets, reviews and the rest are taught together and apart; a gate tells what a text is of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from watch.enrich.classify import default_models
from watch.enrich.features import extract
from watch.enrich.heads import mix, raw_scores, stack
from watch.enrich.lexicon import Lexicon, lexicon
from watch.enrich.weights import CARD, Model, load_lexicon, load_model
from watch.train.card import save
from watch.train.data import Row
from watch.train.domains import domains_of, tempered
from watch.train.fit import calibrate, fit, logits_of
from watch.train.sources import weights

NEGATIVE, POSITIVE = (1, 0, 0), (0, 0, 1)


def rows(source: str, word: str, labels: tuple[int, ...], kind: str, count: int = 40) -> list[Row]:
    texts = [f"{kind} {word} {kind}{n % 7} numéro {n}" for n in range(count)]
    return [Row(f"{source}-{word}-{n}", text, "fr", source, "ours", labels) for n, text in enumerate(texts)]


# « chaud » is blame in tweets and praise in reviews of apps; what is written of neither way leaves it alone.
MANY = [
    *rows("umsab_fr", "chaud", NEGATIVE, "tweet rt"),
    *rows("umsab_fr", "joli", POSITIVE, "tweet rt"),
    *rows("minibar_stars", "chaud", POSITIVE, "appli étoiles"),
    *rows("minibar_stars", "lent", NEGATIVE, "appli étoiles"),
    *rows("written", "nul", NEGATIVE, "journal"),
    *rows("written", "beau", POSITIVE, "journal"),
]


@pytest.fixture(scope="module")
def known() -> Lexicon:
    return lexicon(load_lexicon(default_models())[0])


@pytest.fixture
def model(known: Lexicon) -> Model:
    return fit("sentiment", MANY, lexicon=known, seed=7)


def said(model: Model, texts: Sequence[str], known: Lexicon) -> list[int]:
    asked = [Row("x", text, "fr", "x", "ours", NEGATIVE) for text in texts]
    return [int(label) for label in logits_of(model, asked, lexicon=known).argmax(axis=1)]


def test_a_word_may_blame_in_one_domain_and_praise_in_another(model: Model, known: Lexicon) -> None:
    assert model.domains == ("tweet", "review", "other")
    assert said(model, ["tweet rt chaud tweet", "appli étoiles chaud appli"], known) == [0, 2]


def test_the_gate_knows_the_domain(model: Model, known: Lexicon) -> None:
    heads = stack([model])
    features = extract(["tweet rt rien tweet", "appli étoiles rien", "journal rien journal"], lexicon=known)
    shares = mix(raw_scores(features, heads), heads, "sentiment")
    assert shares[:, 0].tolist() == [1, 1, 1]
    assert shares[:, 1:].argmax(axis=1).tolist() == [0, 1, 2]
    assert shares[:, 1:].sum(axis=1) == pytest.approx(1)


def test_rows_of_one_domain_make_a_plain_model(known: Lexicon) -> None:
    own = [row for row in MANY if row.source == "written"]
    assert domains_of(own, "sentiment") == ()
    plain = fit("sentiment", own, lexicon=known, seed=7)
    assert plain.table.shape[1] == len(plain.labels)
    assert said(plain, ["journal nul", "journal beau"], known) == [0, 2]


def test_two_domains_make_two_copies(known: Lexicon) -> None:
    two = fit("sentiment", [row for row in MANY if row.source != "minibar_stars"], lexicon=known, seed=7)
    assert two.domains == ("tweet", "other")
    assert two.table.shape[1] == two.width == 3 * 3 + 2
    assert said(two, ["tweet rt chaud", "journal beau"], known) == [0, 2]


def test_a_temperature_cools_its_own_domain_alone(model: Model, known: Lexicon) -> None:
    sharp = replace(model, bias=model.bias + np.array([0] * 12 + [60, 0, 0], np.float32))  # every text is a tweet
    asked = [Row("x", "tweet rt chaud", "fr", "x", "ours", NEGATIVE)]
    before = logits_of(sharp, asked, lexicon=known)
    assert logits_of(tempered(sharp, [2, 1, 1]), asked, lexicon=known) == pytest.approx(before / 2, abs=0.02)
    assert logits_of(tempered(sharp, [1, 2, 2]), asked, lexicon=known) == pytest.approx(before, abs=0.02)


def test_a_model_of_domains_is_the_same_from_its_file(model: Model, known: Lexicon, tmp_path: Path) -> None:
    digest = load_lexicon(default_models())[1]
    ready = calibrate(model, MANY[::5], lexicon=known)
    save(
        ready, tmp_path, rows=MANY, scores=[], scored_on="dev", words={}, lexicon_sha256=digest, seed=7,
        now=datetime(2026, 11, 22, tzinfo=UTC),
    )  # fmt: skip
    loaded = load_model(tmp_path, lexicon_sha256=digest)
    assert json.loads((tmp_path / CARD).read_text(encoding="utf-8"))["domains"] == ["tweet", "review", "other"]
    assert np.allclose(logits_of(loaded, MANY[:9], lexicon=known), logits_of(ready, MANY[:9], lexicon=known))


def test_rare_labels_of_stars_count_as_much_as_common_ones() -> None:
    stars = [*rows("minibar_stars", "x", POSITIVE, "a", 30), *rows("minibar_stars", "y", NEGATIVE, "a", 10)]
    counted = weights(stars, "sentiment")
    assert sum(counted[:30]) == pytest.approx(sum(counted[30:]))
    halfway = weights([replace(row, source="umsab_fr") for row in stars], "sentiment")
    assert sum(halfway[:30]) > sum(halfway[30:]) > sum(halfway[:30]) / 3
