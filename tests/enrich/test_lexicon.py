"""Words and phrases that say something whatever the text."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from watch.enrich.cues import CUES, negated
from watch.enrich.features import extract
from watch.enrich.lexicon import Known, lexicon, look_up
from watch.enrich.reading import Tokens, read, tokens

LINES = (
    "# a comment", "déçu\t-0.7", "bon\t0.8", "pas déçu\t0.6", "ne marche plus\t-1", "plus\t0.2", "pas mal de\t0",
    "mal\t-0.5", "pas mal\t0.4", "n'a jamais rien\t-0.9", "une phrase de cinq mots\t1",
)  # fmt: skip
LEXICON = lexicon(LINES)


def known(text: str) -> tuple[Tokens, Known]:
    found = tokens(read([text]))
    return found, look_up(found, LEXICON)


def values(text: str) -> list[float]:
    return [round(float(value), 2) for value in known(text)[1].value]


def test_a_phrase_speaks_at_its_last_word_and_its_words_are_silent() -> None:
    assert values("pas déçu du tout") == [0, 0.6, 0, 0]
    assert values("Ne marche PLUS, bon") == [0, 0, -1, 0, 0.8]


def test_the_longest_phrase_wins() -> None:
    assert values("pas mal de bruit") == [0, 0, 0, 0]
    assert values("pas mal du tout") == [0, 0.4, 0, 0]


def test_a_negation_in_a_phrase_turns_nothing() -> None:
    found, said = known("pas déçu, bon")
    assert not negated(found, said).any()
    found, said = known("pas bon")
    assert negated(found, said).tolist() == [False, True]


def test_an_apostrophe_does_not_hide_a_phrase() -> None:
    assert values("on n’a jamais rien dit") == [0, 0, 0, 0, -0.9, 0]


def test_a_phrase_of_more_than_four_tokens_is_never_met() -> None:
    assert values("une phrase de cinq mots") == [0] * 5


def test_phrases_do_not_reach_from_text_to_text() -> None:
    cues = extract(["c'est pas", "déçu"], lexicon=LEXICON).cues
    assert cues[:, CUES.index("positive")].tolist() == [0, 0]
    assert cues[1, CUES.index("negative")] > 0


def test_phrases_that_overlap_are_told_apart() -> None:
    assert values("pas mal pas mal") == [0, 0.4, 0, 0.4]


@given(st.lists(st.sampled_from(["pas", "mal", "de", "déçu", "ne", "marche", "plus", "!", "😍", "x"]), max_size=12))
def test_no_word_is_in_two_phrases_and_alone_says_what_it_says_in_a_batch(words: list[str]) -> None:
    text = " ".join(words) or "x"
    found, alone = known(text)
    batch = look_up(tokens(read(["mal pas", text, "déçu"])), LEXICON)
    assert np.array_equal(batch.value[2:-1], alone.value)
    assert (np.abs(alone.value[alone.phrase]) <= 1).all()
    assert len(alone.value) == len(found.hash)
