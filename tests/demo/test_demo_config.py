"""The demo's sources.toml: valid, whole, and its queries know a sofa from a cow."""

from datetime import UTC, datetime

import pytest

from watch.config import Config, parse
from watch.demo.config import config_text
from watch.demo.outlets import OUTLETS
from watch.demo.world import World
from watch.demo.written import Text, load
from watch.query import Document, compile_query

WORLD = World.build(datetime(2026, 11, 21, 7, 45, tzinfo=UTC))
ABOUT = {
    "own": {"Aubrac Mobilier"},
    "ravel": {"Maison Ravel"},
    "nordhavn": {"Nordhavn"},
    "none": set(),
}


@pytest.fixture(scope="module")
def config() -> Config:
    return parse(config_text(WORLD, 8123))


def document(text: Text) -> Document:
    return Document(text=text.text, title=text.title, author=text.author, lang=text.lang)


def test_every_outlet_is_a_source_on_the_server_s_port(config: Config) -> None:
    assert [source.url for source in config.source] == [f"http://127.0.0.1:8123{o.path}" for o in OUTLETS]
    assert config.network.allow == ("127.0.0.1:8123",)


def test_one_own_brand_and_two_competitors(config: Config) -> None:
    assert [brand.role for brand in config.brand] == ["own", "competitor", "competitor"]


def test_topics_go_to_departments(config: Config) -> None:
    assert len(config.topic) >= 4
    assert all(topic.department and topic.title for topic in config.topic)


def test_the_alert_and_the_digest_are_the_contract_s(config: Config) -> None:
    alert, digest = config.alert[0], config.digest[0]
    assert (alert.kind, alert.brand, alert.false_alarms, alert.minimum) == (
        "negative_spike",
        "Aubrac Mobilier",
        1 / 3,
        3,
    )
    assert (digest.name, f"{digest.at:%H:%M}", len(digest.days), digest.to) == ("matinale", "07:30", 7, ("equipe",))


def test_the_queries_find_each_brand_and_no_namesake(config: Config) -> None:
    matchers = {brand.name: compile_query(brand.query) for brand in config.brand}
    for text in load():
        found = {name for name, matcher in matchers.items() if matcher.find(document(text)) is not None}
        if text.brand == "several":
            assert "Aubrac Mobilier" in found, text.id
            assert len(found) > 1, text.id
        else:
            assert found == ABOUT[text.brand], text.id


def test_topics_cover_a_good_part_of_what_is_said(config: Config) -> None:
    topics = [compile_query(topic.query) for topic in config.topic if topic.query]
    own = [text for text in load() if text.brand == "own"]
    named = [text for text in own if any(topic.find(document(text)) is not None for topic in topics)]
    assert len(named) / len(own) > 0.35
