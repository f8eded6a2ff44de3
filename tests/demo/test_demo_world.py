"""The demo's world: the same for the same now, whole over its timeline, dark for thirty hours, loud once."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from watch.demo.feeds import link
from watch.demo.outlets import BUSY_FORUM, OUTLETS, Outlet
from watch.demo.rhythm import ZONE, midnight, plot_moment
from watch.demo.timeline import moments
from watch.demo.world import WINDOW, World

NOW = datetime(2026, 11, 21, 7, 45, tzinfo=UTC)
NOWS = (
    NOW,
    datetime(2026, 4, 2, 22, 30, tzinfo=UTC),  # half past midnight in Paris, summer time inside the history
    datetime(2027, 1, 1, 17, 0, tzinfo=UTC),
)
FORUM = next(outlet for outlet in OUTLETS if outlet.id == BUSY_FORUM)


@pytest.fixture(scope="module")
def world() -> World:
    return World.build(NOW)


def links(outlet: Outlet, body: bytes) -> list[str]:
    if outlet.format == "jsonfeed":
        return [item["url"] for item in json.loads(body)["items"]]
    parsed = feedparser.parse(body)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return [entry.link for entry in parsed.entries]


def own_by_day(world: World, tone: str | None = None) -> Counter[int]:
    """Texts on the own brand by how many days before today they appear."""
    return Counter(
        (NOW.astimezone(ZONE).date() - entry.at.astimezone(ZONE).date()).days
        for outlet in OUTLETS
        for entry in world.published[outlet.id]
        if entry.text.brand in ("own", "several") and tone in (None, entry.text.tone)
    )


def test_the_same_now_gives_the_same_bytes() -> None:
    at = NOW - timedelta(days=2)
    one, two = World.build(NOW), World.build(NOW)
    assert [one.feed(o.path, at) for o in OUTLETS] == [two.feed(o.path, at) for o in OUTLETS]


def test_a_feed_is_the_same_whenever_it_is_asked_for_its_moment() -> None:
    early, late = World.build(NOW), World.build(NOW)
    for moment in moments(NOW):
        early.feed(FORUM.path, moment)
    at = NOW - timedelta(days=40)
    assert early.feed(FORUM.path, at) == late.feed(FORUM.path, at)


@pytest.mark.parametrize("now", NOWS)
def test_every_text_can_be_read_on_some_tick(now: datetime) -> None:
    world = World.build(now)
    ticks = moments(now)
    for outlet in OUTLETS:
        seen: set[str] = set()
        answers = [world.feed(outlet.path, tick) for tick in ticks]
        for body in {answer.body for answer in answers if answer.status == 200}:
            seen.update(links(outlet, body))
        assert seen == {link(outlet, entry) for entry in world.published[outlet.id]}, outlet.id


@pytest.mark.parametrize("now", NOWS)
def test_all_appears_within_the_sixty_days(now: datetime) -> None:
    world = World.build(now)
    moments_ = [entry.at for outlet in OUTLETS for entry in world.published[outlet.id]]
    assert midnight(now, days=60) <= min(moments_)
    assert max(moments_) < now
    assert all(moment.tzinfo == UTC for moment in moments_)


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_a_feed_parses_and_shows_the_newest_entries_first(world: World, outlet: Outlet) -> None:
    answer = world.feed(outlet.path, NOW)
    newest = world.published[outlet.id][::-1][:WINDOW]
    assert answer.status == 200
    assert links(outlet, answer.body) == [link(outlet, entry) for entry in newest]


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_a_feed_without_entries_yet_is_still_a_feed(world: World, outlet: Outlet) -> None:
    answer = world.feed(outlet.path, midnight(NOW, days=61))
    assert links(outlet, answer.body) == []


def test_dates_and_texts_survive_the_feed(world: World) -> None:
    outlet = next(o for o in OUTLETS if o.format == "atom" and o.id == "gazette-causses")
    entry = world.published[outlet.id][-1]
    read = feedparser.parse(world.feed(outlet.path, NOW).body).entries[0]
    assert read.title == entry.text.title
    assert read.content[0].value == f"<p>{entry.text.text}</p>".replace("&", "&amp;")
    assert datetime(*read.published_parsed[:6], tzinfo=UTC) == entry.at


def test_the_feed_does_not_tell_the_plot(world: World) -> None:
    for outlet in OUTLETS:
        body = world.feed(outlet.path, NOW).body.decode()
        assert not any(entry.text.id in body for entry in world.published[outlet.id])


def test_an_unknown_address_is_not_found(world: World) -> None:
    assert world.feed("/nowhere", NOW).status == 404


def test_validators_change_exactly_with_the_content(world: World) -> None:
    at = world.published[FORUM.id][30].at
    before = world.feed(FORUM.path, at - timedelta(seconds=1))
    after, later = world.feed(FORUM.path, at), world.feed(FORUM.path, at + timedelta(seconds=1))
    assert before.header("ETag") != after.header("ETag") == later.header("ETag")


def test_the_busy_forum_goes_dark_for_thirty_hours(world: World) -> None:
    starts, ends = world.outage
    second = timedelta(seconds=1)
    statuses = [world.feed(FORUM.path, at).status for at in (starts - second, starts, ends - second, ends)]
    assert statuses == [200, 503, 503, 200]
    assert ends - starts == timedelta(hours=30)
    assert world.feed(FORUM.path, starts).header("Retry-After")
    assert world.feed(OUTLETS[0].path, starts).status == 200


def test_after_the_outage_the_backlog_is_there(world: World) -> None:
    starts, ends = world.outage
    missed = [entry for entry in world.published[FORUM.id] if starts <= entry.at < ends]
    shown = links(FORUM, world.feed(FORUM.path, ends).body)
    assert len(missed) >= 8
    assert {link(FORUM, entry) for entry in missed} <= set(shown)


def test_ticks_see_the_outage_more_than_once(world: World) -> None:
    dark = [tick for tick in moments(NOW) if world.feed(FORUM.path, tick).status == 503]
    assert len(dark) >= 3


def test_calm_days_have_some_seven_mentions_and_few_bad_ones(world: World) -> None:
    plot = {35, 34, 33, 20, 19, 12, 11, 3, 2, 1, 0}
    all_, bad = own_by_day(world), own_by_day(world, "negative")
    calm = [day for day in range(1, 61) if day not in plot]
    assert 6 <= sum(all_[day] for day in calm) / len(calm) <= 10
    assert all(2 <= all_[day] <= 14 for day in calm)
    assert all(bad[day] <= 5 for day in calm)


def test_competitors_are_spoken_of_less(world: World) -> None:
    brands = Counter(entry.text.brand for o in OUTLETS for entry in world.published[o.id])
    assert 30 <= brands["ravel"] <= 80
    assert 30 <= brands["nordhavn"] <= 80


def test_the_prize_is_loud_and_not_bad(world: World) -> None:
    assert own_by_day(world, "positive")[35] >= 10
    assert own_by_day(world, "negative")[35] <= 4


def test_the_crisis_starts_in_the_afternoon_peaks_and_fades(world: World) -> None:
    bad = own_by_day(world, "negative")
    first = min(
        entry.at for outlet in OUTLETS for entry in world.published[outlet.id] if entry.text.id.startswith("crisis")
    )
    assert first == plot_moment("-3d14h20m", NOW)
    assert bad[4] <= 4
    assert bad[3] >= 15
    assert bad[2] >= 40
    assert 8 <= bad[1] < bad[3] < bad[2]


def test_people_sleep_and_newsrooms_rest_on_sundays(world: World) -> None:
    local = [entry.at.astimezone(ZONE) for o in OUTLETS for entry in world.published[o.id]]
    assert not any(1 <= moment.hour < 5 for moment in local)
    desk = [
        entry.at.astimezone(ZONE).weekday()
        for o in OUTLETS
        for entry in world.published[o.id]
        if entry.text.kind in ("press", "trade") and not entry.text.when
    ]
    weekend = sum(day >= 5 for day in desk) / len(desk)
    assert weekend < 2 / 7 * 0.75
