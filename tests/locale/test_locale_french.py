from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import DictLoader, Environment

from watch.locale import day, install, moment, number, one_line, percent, signed_percent, translator, web_address
from watch.locale.catalogues import po_files
from watch.locale.extract import messages, missing

FILES = [Path(str(file)) for file in po_files("fr")]


def test_every_message_has_its_french() -> None:
    assert missing() == []


def test_a_message_that_lacks_is_found(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text(
        '{{ _("never translated") }}{% trans n=2 %}one{% pluralize %}many{% endtrans %}'
    )
    (tmp_path / "b.py").write_text('words.pgettext("where", "nor this")\n')
    assert [used.message for used in messages((tmp_path,))] == ["nor this", "never translated", "one"]
    assert len(missing(roots=(tmp_path,))) == 3


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_catalogue_has_what_it_is_asked_for_and_no_more(file: Path) -> None:
    with file.open("rb") as opened:
        catalogue = read_po(opened)
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        assert not message.fuzzy or not message.id, message.id
        wanted = set(re.findall(r"%\(\w+\)s", " ".join(ids)))
        for string in strings if message.id else ():
            assert set(re.findall(r"%\(\w+\)s", string)) <= wanted, message.id


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_french_typography(file: Path) -> None:
    with file.open("rb") as opened:
        strings = [s for m in read_po(opened) if m.id for s in ([m.string] if isinstance(m.string, str) else m.string)]
    wrong = [
        s
        for s in strings
        if re.search(
            r"[ \w)][:;!?»%](?![\w(/.])|«(?!\u00a0)|'", re.sub(r"%\(\w+\)s|https?:\S+|[\w./-]*:[\d/]\S*", "x", s)
        )
        and not re.search(r"\w:\w", s)
    ]
    assert [s for s in wrong if not re.search(r"\u00a0[:;!?»%]", s)] == []


def test_counts_take_their_form() -> None:
    french = translator("fr").ngettext
    assert [french("%(n)s mention", "%(n)s mentions", n) for n in (0, 1, 2)] == [
        "%(n)s mention",
        "%(n)s mention",
        "%(n)s mentions",
    ]


def test_english_is_what_is_written() -> None:
    assert translator("en").gettext("At a glance") == "At a glance"
    assert translator("en").pgettext("tone", "negative") == "negative"


def test_a_template_speaks_french_and_escapes() -> None:
    environment = Environment(loader=DictLoader({"a": '{{ _("“%(text)s”", text=evil) }}'}), autoescape=True)
    install(environment, "fr")
    assert environment.get_template("a").render(evil="<b>") == "«\u00a0&lt;b&gt;\u00a0»"


def test_figures_are_written_as_the_reader_does() -> None:
    at = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
    assert number(1234.56, "fr", digits=1) == "1\u00a0234,6"
    assert number(1234.56, "en", digits=1) == "1,234.6"
    assert (percent(0.124, "fr"), percent(0.124, "en")) == ("12\u00a0%", "12%")
    assert signed_percent(-0.124, "fr") == "−12\u00a0%"
    assert (day(at.date(), "fr"), day(at.date(), "en")) == ("samedi 21 novembre 2026", "Saturday 21 November 2026")
    assert moment(at, "fr", "Europe/Paris") == "sam. 21 nov., 07:30"
    assert moment(at, "en", "America/New_York") == "Sat 21 Nov, 01:30"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a\r\nb\u2028c\x85d", "a b c d"),
        ("\u202egnp\u200b.exe\ufeff", "gnp.exe"),
        ("c'est 12\u00a0%", "c'est 12\u00a0%"),
        ("e" + "\u0301" * 50, "e\u0301\u0301"),
        ("👨‍👩‍👧 ok", "👨‍👩‍👧 ok"),
        ("\ud800x", "x"),
    ],
)
def test_a_line_from_outside_is_one_line(given: str, expected: str) -> None:
    """H56, H57"""
    assert one_line(given) == expected


def test_a_long_line_is_cut_at_a_word() -> None:
    assert one_line("un deux trois quatre", 12) == "un deux…"
    assert len(one_line("x" * 500, 200)) == 200


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://exämple.org/é", "https://xn--exmple-cua.org/é"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("javascript:alert(1)", None),
        ("https://a:b@c.org", None),
        ("https://c.org/a b", None),
        ("http://[::1", None),
        (None, None),
    ],
)
def test_an_address_is_of_the_web_or_none(given: str | None, expected: str | None) -> None:
    """H55, H56: hosts in punycode"""
    assert web_address(given) == expected
