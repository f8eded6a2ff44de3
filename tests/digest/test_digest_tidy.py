"""What a line of a digest says, said once."""

from __future__ import annotations

import pytest
from digest_sample import digest, line

from watch.digest import render
from watch.digest.tidy import repeats, tidy_line

TEXT = "Merci à tous. Louis est rentré, plâtre vert, moral ok."


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (TEXT, True),
        ("Merci à tous. Louis est ren", True),
        ("Merci à tous. Louis est…", True),
        ("merci  à tous...", True),
        ("Louis est rentré", False),
        ("", False),
        ("…", False),
        (TEXT + " Et toi ?", False),
    ],
)
def test_a_title_that_only_begins_its_text_is_known(title: str, expected: bool) -> None:
    assert repeats(title, TEXT) is expected


def test_such_a_line_is_shown_once_and_linked() -> None:
    said = digest(to_answer=(line(1, "Merci à tous. Louis est ren", snippet=TEXT),), said=(), competitors=())
    page, letter = render.html(said), render.text(said)
    assert (page.count("Merci à tous"), letter.count("Merci à tous")) == (1, 1)
    assert 'href="https://example.org/1"' in page
    assert f"1. «\u00a0{TEXT[:20]}" in letter


def test_no_line_ends_with_an_opening_quotation_mark() -> None:
    tidied = tidy_line(line(1, "« Oui »", snippet="Un patron dit « nous avons failli »."))
    assert (tidied.title, tidied.snippet) == ("«\u00a0Oui\u00a0»", "Un patron dit «\u00a0nous avons failli\u00a0».")
