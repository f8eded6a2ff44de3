"""sources.toml: everything the contract shows is read; every mistake is told, with its line, at once."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.config import Config, load, parse, values
from watch.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]

WHOLE = """
[hune]
language = "fr"
timezone = "Europe/Paris"
contact  = "veille@example.org"
base_url = "https://hune.example.org/"
poll_every = "60m"
retention = "13 months"

[network]
allow = ["10.0.0.5:8080", "192.168.0.0/16", "127.0.0.1:8800"]

[[brand]]
name  = "Aubrac Mobilier"
role  = "own"
query = '"aubrac mobilier" OR @aubracmobilier OR (aubrac NEAR/5 (canapé OR meuble*)) NOT (vache OR plateau)'

[[source]]
name = "Meubles & Déco"
kind = "feed"
url  = "https://example.org/feed.xml"
every = "30m"
language = "fr"
tags = ["presse"]
rights = "extract"

[[source]]
name = "Hacker News"
kind = "hackernews"
brands = ["Aubrac Mobilier"]

[[topic]]
name = "livraison"
title = { fr = "Livraison", en = "Delivery" }
department = "support"
query = 'livraison OR colis OR retard* OR délai*'

[[channel]]
name = "equipe"
url = "${SLACK_EQUIPE}"
[[channel]]
name = "patronne"
email = "claire@example.org"
[[channel]]
name = "crm"
webhook = "https://crm.example.org/hook"
secret = "${CRM_SECRET}"

[[alert]]
name = "vague de mécontentement"
kind = "negative_spike"
brand = "Aubrac Mobilier"
false_alarms = "1/month"
minimum = 3
channels = ["equipe", "patronne"]
quiet = "22:00-07:00"

[[digest]]
name = "matinale"
to = ["patronne"]
at = "07:30"
days = "mon-fri"
brands = ["Aubrac Mobilier"]
departments = []
language = "fr"
when_empty = "send"

[[goal]]
name = "répondre vite"
metric = "response_time"
brand = "Aubrac Mobilier"
target = "4h"
by = 2026-12-31

[[board]]
name = "veille-produit"
title = "Veille produit"
query = '"canapé convertible" OR literie'
public = false

[smtp]
url = "${SMTP_URL}"
from = "Hune <hune@example.org>"
"""


def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "crm").write_text("whsec_c2VjcmV0\n")
    return {
        "SLACK_EQUIPE": "slack://A/B/C",
        "CRM_SECRET_FILE": str(tmp_path / "crm"),
        "SMTP_URL": "smtp://user:pa$$word@mail.example.org:587/?tls=starttls",
    }


def wrong(text: str, **environment: str) -> list[tuple[int | None, str]]:
    with pytest.raises(ConfigError) as caught:
        parse(text, environment)
    return [(problem.line, f"{problem.where}: {problem.message}") for problem in caught.value.problems]


def test_the_whole_of_the_contract_is_read(tmp_path: Path) -> None:
    config = parse(WHOLE, env(tmp_path))
    assert config.hune.base_url == "https://hune.example.org"
    assert config.source[0].every == timedelta(minutes=30)
    assert [channel.kind for channel in config.channel] == ["apprise", "email", "webhook"]
    assert config.channel[2].secret is not None
    assert config.channel[2].secret.get_secret_value() == "whsec_c2VjcmV0"
    assert config.alert[0].false_alarms == 1.0
    assert config.digest[0].at == time(7, 30)
    assert config.digest[0].days == frozenset(range(5))
    assert config.goal[0].by == date(2026, 12, 31)
    assert config.smtp is not None
    assert config.smtp.sender == "Hune <hune@example.org>"


def test_secrets_do_not_show(tmp_path: Path) -> None:
    shown = repr(parse(WHOLE, env(tmp_path)))
    assert "pa$$word" not in shown
    assert "whsec" not in shown
    assert "slack://" not in shown


def test_the_file_we_ship_has_no_mistake() -> None:
    config = load(ROOT / "sources.toml", {})
    assert len(config.brand) == 2
    assert len(config.source) >= 12
    assert {source.language for source in config.source} == {"fr", "en"}


def test_nothing_configured_is_a_configuration() -> None:
    assert parse("") == Config()


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="hune init"):
        load(tmp_path / "sources.toml", {})


def test_a_typo_gets_its_line_and_a_suggestion() -> None:
    found = wrong('[[brand]]\nname = "A"\nquerry = "a"\n')
    assert (3, "brand[1].querry: unknown key `querry`; did you mean `query`?") in found
    assert (1, "brand[1].query: `query` is missing") in found


def test_every_mistake_is_told_at_once_in_the_order_of_the_file() -> None:
    found = wrong(
        """
[hune]
language = "de"
timezone = "Europe/Pariss"

[[brand]]
name = "A"
query = 'a AND (b'

[[brand]]
name = "A"
query = "a"

[[source]]
name = "x"
url = "ftp://x"
every = "2m"

[[alert]]
name = "z"
kind = "negative_spike"
brand = "Aubrca"
sensitivity = "loud"
"""
    )
    assert [line for line, _ in found] == [3, 4, 8, 11, 16, 17, 19, 22]
    said = "\n".join(message for _, message in found)
    for word in ("'fr' or 'en'", "no time zone", "closing parenthesis", "used twice", "no web address", "15m or more"):
        assert word in said


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[hune]\nlanguage = fr\n", 2, "not TOML"),
        ("[hune\n", 1, "not TOML"),
        ('[[channel]]\nname = "a"\nemail = "a@b.c"\nurl = "slack://x"\n', 1, "exactly one of"),
        ('[[channel]]\nname = "a"\nurl = "${NOPE}"\n', 3, "${NOPE} is not set in the environment, nor is NOPE_FILE"),
        ('[[source]]\nname = "a"\nkind = "feed"\n', 1, "needs a `url`"),
        ('[[source]]\nname = "a"\nkind = "fed"\nurl = "https://a.example"\n', 3, "'feed', 'page' or 'hackernews'"),
        ('[[alert]]\nname = "a"\nkind = "keyword"\n', 1, "needs `keywords`"),
        (
            '[[alert]]\nname = "a"\nkind = "volume_spike"\nfalse_alarms = "1/week"\nsensitivity = "low"\n',
            1,
            "not both",
        ),
        ('[network]\nallow = [\n  "10.0.0.5:8080",\n  "10.0.0.300",\n]\n', 4, "no address"),
        ('[[digest]]\nname = "a"\nto = ["b"]\n', 3, "there is no [[channel]] named 'b'"),
        ('[[goal]]\nname = "a"\nmetric = "mentions"\ntarget = 3\nby = "2026-12-31"\n', 5, "without quotes"),
        ('title = "x"\n', 1, "unknown key `title`"),
        ('[[alert]]\nname = "a"\nkind = "volume_spike"\nfalse_alarms = 0.0\n', 4, "no budget"),
        ('[[alert]]\nname = "a"\nkind = "volume_spike"\nfalse_alarms = inf\n', 4, "no budget"),
        ('[network]\nallow = ["192.168.1.5/24"]\n', 2, "no address"),
        ('[smtp]\nurl = "smtp://u:geheim/x@mail.example:587"\nfrom = "a@b.example"\n', 2, "address of a mail server"),
        ('[smtp]\nurl = "smtp://mail.example:99999"\nfrom = "a@b.example"\n', 2, "address of a mail server"),
        ('[[channel]]\nname = "a"\nwebhook = "hooks.example/SECRET"\n', 1, "no web address"),
        ('brand = "x"\n', 1, "a list is wanted"),
        ('[[board]]\nname = "Ma Veille"\ntitle = "x"\n', 2, "does not have the form"),
    ],
)
def test_one_mistake_is_one_sentence_on_its_line(text: str, line: int, said: str) -> None:
    found = wrong(text)
    assert any(at == line and said in message for at, message in found), found
    assert not any(secret in message for secret in ("geheim", "SECRET") for _, message in found)


def test_dotted_and_quoted_keys_have_lines_too() -> None:
    assert wrong('hune.language = "de"\n')[0][0] == 1
    assert wrong('[hune]\n"language" = "de"\n')[0][0] == 2
    assert wrong('[[topic]]\nname = "a"\ntitle = { fr = "x", de = "y" }\n')[0][0] == 3


def test_mails_without_a_server_are_a_note_and_no_mistake(tmp_path: Path) -> None:
    config = parse('[[channel]]\nname = "a"\nemail = "a@b.example"\n[[digest]]\nname = "d"\nto = ["a"]\n')
    assert any("[smtp]" in note for note in config.notes())


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        parse(text, {})
    except ConfigError as error:
        assert error.problems


@given(st.integers(1, 999), st.sampled_from(["m", "h", "d", "min", " hours", " days", " weeks", " months", " years"]))
def test_durations_grow_with_their_number(count: int, unit: str) -> None:
    assert values.duration(f"{count}{unit}") == count * values.duration(f"1{unit}")


@pytest.mark.parametrize(
    ("written", "days"),
    [("mon-fri", {0, 1, 2, 3, 4}), ("sat-mon", {5, 6, 0}), ("tue,thu", {1, 3}), ("daily", set(range(7)))],
)
def test_days_of_the_week(written: str, days: set[int]) -> None:
    assert values.weekdays(written) == days


def test_a_text_nested_without_end_is_one_sentence() -> None:
    assert "nested too deeply" in wrong("a = " + "[" * 5_000)[0][1]


def test_kinds_that_are_not_read_yet_are_said_to_be() -> None:
    """`COMING` and the collectors that are there make up what a source may be."""
    from typing import get_args

    from watch.collect import registry
    from watch.config.schema import COMING, SourceConfig

    known = set(get_args(SourceConfig.model_fields["kind"].annotation))
    assert known == set(COMING) | set(registry.kinds())
    config = parse('[[source]]\nname = "HN"\nkind = "hackernews"\n')
    assert any("'HN' is not read yet" in note for note in config.notes())
