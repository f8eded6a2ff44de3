"""Whether a tone is sure is kept with the mention; that toward the name decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import make

from watch.enrich.labels import Labelled, mention_rows
from watch.model import Prediction, Span, TextToLabel
from watch.store.tables import Mention

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def found(*, sure: bool, target_sure: bool | None) -> Prediction:
    (one,) = make.Classifier().predict([TextToLabel("bravo", target="Lison")])
    return replace(one, sure=sure, target_sure=target_sure)


def row(prediction: Prediction) -> Mention:
    item = make.item(make.source(id=1), title="", text="bravo Lison", published=NOW, collected=NOW)
    labelled = Labelled(item, "bravo Lison", prediction, ((1, (Span(6, 11),), prediction),), ())
    (values,) = mention_rows(labelled, "v", first_time=True, named_before={})
    return Mention(**values)


def test_the_tone_toward_the_name_decides() -> None:
    assert not row(found(sure=True, target_sure=False)).sure
    assert row(found(sure=False, target_sure=True)).sure


def test_without_one_the_tone_of_the_text_does() -> None:
    assert not row(found(sure=False, target_sure=None)).sure
