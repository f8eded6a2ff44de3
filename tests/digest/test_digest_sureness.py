"""A tone that the model is not sure of says so."""

from __future__ import annotations

import pytest

from watch.digest.words import tone


@pytest.mark.parametrize(("language", "said"), [("fr", "pas sûr (négatif)"), ("en", "not sure (negative)")])
def test_a_doubtful_tone_is_told_as_one(language: str, said: str) -> None:
    assert tone("negative", language, sure=False) == said  # type: ignore[arg-type]  # one of the two
