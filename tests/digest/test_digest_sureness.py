"""A tone that the model is not sure of says so: before a correction, after it, and withdrawn."""

from __future__ import annotations

import re

import pytest
from digest_morning import HOUR, MORNING, begin, configured, tell
from digest_sample import digest, line

from watch.digest import digest_of, render
from watch.digest.schedule import Period
from watch.digest.words import tone
from watch.model import Digest, Language
from watch.store import Store, corrections
from watch.store.corrections import Changes

SAID: dict[Language, str] = {"fr": "pas sûr (négatif)", "en": "not sure (negative)"}
LANGUAGES = pytest.mark.parametrize("language", SAID)
PERIOD = Period(MORNING.date(), MORNING - 24 * HOUR, MORNING)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


@LANGUAGES
def test_a_doubtful_tone_is_told_as_one(language: Language) -> None:
    assert tone("negative", language, sure=False) == SAID[language]


@LANGUAGES
@pytest.mark.parametrize("sure", [True, False])
def test_text_and_html_of_a_digest_tell_it(language: Language, sure: bool) -> None:
    whole = digest(language, to_answer=(), said=(line(1, "Bof", sentiment="negative", sure=sure),))
    assert (SAID[language] in render.text(whole)) is not sure
    assert (SAID[language] in words(render.html(whole))) is not sure


def test_in_html_it_has_not_the_colour_of_the_tone() -> None:
    page = render.html(digest("en", to_answer=(), said=(line(1, "Bof", sentiment="negative", sure=False),)))
    assert re.search(r'<span class="neutral"[^>]*>not sure \(negative\)</span>', page)


@pytest.mark.parametrize(
    ("tones", "told"),
    [((), "pas sûr (négatif)"), (("negative",), "négatif"), (("negative", None), "pas sûr (négatif)")],
    ids=["never corrected", "confirmed", "withdrawn"],
)
def test_a_digest_follows_what_a_person_says(sqlite_store: Store, tones: tuple[str | None, ...], told: str) -> None:
    begin(sqlite_store)
    mention = tell(sqlite_store, MORNING - HOUR, sentiment="negative", confidence=0.38, sure=False)
    for said in tones:
        with sqlite_store.session() as session:
            assert corrections.change(session, mention, Changes(sentiment=said), by="Claire", now=MORNING)
    whole = built(sqlite_store)
    assert told in render.text(whole)
    assert ("pas sûr" in render.text(whole)) is ("pas sûr" in told)
    assert ("pas sûr" in words(render.html(whole))) is ("pas sûr" in told)


def built(store: Store) -> Digest:
    with store.reading() as session:
        return digest_of(session, configured(), configured().digest[0], PERIOD)
