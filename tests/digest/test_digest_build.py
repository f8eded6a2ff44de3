from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import make
import pytest
from sqlmodel import Session

from watch import config
from watch.config import Config
from watch.digest import digest_of, render
from watch.digest.build import is_empty
from watch.digest.schedule import Period
from watch.model import Digest
from watch.store import Store
from watch.store.tables import AlertRule, Brand, Incident, ItemTopic, Poll, Story, Topic

UNTIL = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=1)
PERIOD = Period(date(2026, 11, 20), SINCE, UNTIL)
HOUR = timedelta(hours=1)
Tell = Callable[..., Any]


def settings(**digest: Any) -> Config:
    given = {"name": "matinale", "brands": ["Aubrac"], **digest}
    return Config.model_validate({"digest": [given], "brand": [{"name": "Aubrac", "query": "aubrac"}]})


@pytest.fixture
def session(sqlite_store: Store) -> Any:
    with sqlite_store.session() as opened:
        opened.add(make.brand(id=1))
        opened.add(make.brand(id=2, name="Loriot", role="competitor"))
        opened.add(make.source(id=1, name="Forum"))
        opened.flush()
        yield opened


def tell(
    session: Session, brand: int = 1, *, topic: str | None = None, mention: dict[str, Any] | None = None, **item: Any
) -> int:
    """One mention, collected three hours before the end unless told otherwise; its id."""
    given = {"collected": UNTIL - 3 * HOUR, "published": UNTIL - 3 * HOUR, **item}
    source = make.save(session, make.source()) if "source_id" not in given else None
    row = make.save(session, make.item(source or make.source(id=given["source_id"]), **given))
    if topic:
        make.save(session, ItemTopic(item_id=row.id, topic=topic, score=0.9))
    named = session.get_one(Brand, brand)
    return int(make.save(session, make.mention(row, named, **(mention or {}))).id)


def told(session: Session, period: Period = PERIOD, **digest: Any) -> Digest:
    configured = settings(**digest)
    return digest_of(session, configured, configured.digest[0], period)


def test_a_brand_is_counted_with_and_without_reprints(session: Session) -> None:
    for tone in ("negative", "negative", "positive"):
        tell(session, mention={"sentiment": tone})
    tell(session, mention={"reprint": True, "counted": False})
    tally = told(session).brands[0].tally
    assert (tally.total, tally.negative, tally.neutral, tally.positive, tally.stories) == (4, 2, 1, 1, 3)


@pytest.mark.parametrize(
    ("left_out", "why"),
    [
        ({"backlog": True}, "a new source's past"),
        ({"mention": {"spam": True}}, "spam"),
        ({"collected": UNTIL}, "the next period's first moment"),
        ({"collected": SINCE - HOUR}, "the period before"),
    ],
)
def test_what_does_not_belong_is_left_out(session: Session, left_out: dict[str, Any], why: str) -> None:
    tell(session, **left_out)
    assert is_empty(told(session)), why


def test_the_first_moment_belongs_whatever_date_the_item_bears(session: Session) -> None:
    tell(session, collected=SINCE, published=SINCE - 90 * HOUR)
    assert told(session).brands[0].tally.total == 1


def test_usual_is_the_mean_of_the_same_span_in_the_weeks_before(session: Session) -> None:
    tell(session, backlog=True, collected=SINCE - timedelta(days=30))
    for weeks, count in ((1, 3), (2, 1), (3, 0), (4, 2)):
        for _ in range(count):
            tell(session, collected=UNTIL - weeks * timedelta(days=7) - HOUR)
    tell(session, collected=UNTIL - timedelta(days=5))
    assert told(session).brands[0].usual == 1.5


def test_usual_is_not_known_before_a_week_has_passed(session: Session) -> None:
    tell(session, collected=SINCE - timedelta(days=6))
    assert told(session).brands[0].usual is None


def test_share_of_voice_is_of_all_watched_brands(session: Session) -> None:
    for brand in (1, 1, 1, 2):
        tell(session, brand)
    assert [(one.brand, one.share_of_voice) for one in told(session).brands] == [("Aubrac", 0.75), ("Loriot", 0.25)]


def test_to_answer_first_holds_what_is_angry_or_asks_and_waits(session: Session) -> None:
    sure = tell(session, mention={"sentiment": "negative", "confidence": 0.9})
    unsure = tell(session, mention={"sentiment": "negative", "confidence": 0.5})
    asked = tell(session, topic="question")
    marked = tell(session, mention={"status": "to_answer"})
    tell(session, mention={"sentiment": "negative", "status": "answered"})
    tell(session, mention={"sentiment": "negative", "status": "ignored"})
    tell(session, mention={"sentiment": "positive"})
    tell(session, 2, mention={"sentiment": "negative"})
    assert [line.mention_id for line in told(session).to_answer] == [marked, sure, asked, unsure]


def test_of_two_alike_the_younger_comes_first(session: Session) -> None:
    old = tell(session, published=UNTIL - 90 * HOUR, mention={"sentiment": "negative"})
    young = tell(session, published=UNTIL - 2 * HOUR, mention={"sentiment": "negative"})
    assert [line.mention_id for line in told(session).to_answer] == [young, old]


def test_a_story_is_one_line_with_its_copies(session: Session) -> None:
    make.save(session, Story(id=5, title="t", first_seen=SINCE, last_seen=SINCE))
    first = tell(session, story_id=5, published=UNTIL - 8 * HOUR)
    for _ in range(2):
        tell(session, story_id=5, mention={"reprint": True})
    alone = tell(session, published=UNTIL - HOUR)
    assert [(line.mention_id, line.copies) for line in told(session).said] == [(first, 3), (alone, 1)]


def test_what_is_to_answer_is_not_said_again(session: Session) -> None:
    tell(session, mention={"sentiment": "negative"})
    assert told(session).said == ()


def test_competitors_have_their_own_lines(session: Session) -> None:
    tell(session, 2, title="Loriot ouvre")
    digest = told(session)
    assert [(line.brand, line.title) for line in digest.competitors] == [("Loriot", "Loriot ouvre")]
    assert digest.said == ()


def test_a_source_that_permits_links_only_is_not_quoted(session: Session) -> None:
    make.save(session, make.source(id=77, rights="links"))
    secret = "Une phrase entière de l’article."
    tell(session, source_id=77, title="Un titre", text=secret, mention={"sentiment": "negative"})
    tell(session, source_id=77, title="Un autre", text=secret)
    tell(session, 2, source_id=77, title="Un tiers", text=secret)
    digest = told(session)
    for words in (render.text(digest), render.html(digest), str(render.as_json(digest)), render.subject(digest)):
        assert secret not in words


def test_a_department_hears_of_its_topics(session: Session) -> None:
    make.save(session, Topic(name="livraison", title={"fr": "Livraison"}, department="support"))
    mine = tell(session, topic="livraison", mention={"sentiment": "negative"})
    tell(session, topic="sport", mention={"sentiment": "negative"})
    digest = told(session, departments=["support"])
    assert [line.mention_id for line in digest.to_answer] == [mine]
    assert digest.to_answer[0].topic == "Livraison"
    assert digest.brands[0].topics == (("Livraison", 1),)


def test_incidents_are_as_they_stood_at_the_end(session: Session) -> None:
    rule = make.save(session, AlertRule(name="colère", kind="negative_spike"))

    def incident(opened: datetime, resolved: datetime | None, n: int) -> None:
        state = "resolved" if resolved else "open"
        other = make.save(session, AlertRule(name=f"règle {n}", kind="negative_spike"))
        values = {"severity": "high", "observed": 9, "expected": 1.5, "peak_score": 1.0}
        row = Incident(rule_id=other.id, brand_id=1, state=state, opened_at=opened, resolved_at=resolved, **values)
        make.save(session, row)

    assert rule.id
    incident(SINCE - 9 * HOUR, None, 1)  # still open
    incident(SINCE - 9 * HOUR, UNTIL - HOUR, 2)  # resolved in the period
    incident(UNTIL - HOUR, UNTIL + HOUR, 3)  # resolved afterwards: was open
    incident(SINCE - 9 * HOUR, SINCE - HOUR, 4)  # over before
    incident(UNTIL + HOUR, None, 5)  # not yet
    assert {line.rule: line.state for line in told(session).incidents} == {
        "règle 1": "open", "règle 2": "resolved", "règle 3": "open",
    }  # fmt: skip


def test_coverage_counts_add_up(session: Session) -> None:
    def source(n: int, *outcomes: str, **values: Any) -> None:
        given = {"last_new_at": UNTIL - HOUR, **values}
        row = make.save(session, make.source(id=100 + n, name=f"Source {n}", **given))
        for hours, outcome in enumerate(outcomes):
            failed = {"kind": "http_5xx", "http_status": 503} if outcome == "failed" else {}
            make.save(session, Poll(source_id=row.id, at=SINCE + (hours + 1) * HOUR, outcome=outcome, **failed))

    source(1, "ok", "not_modified")
    source(2, "ok", "failed")  # the last word counts
    source(3, "failed", "ok")
    source(4, "not_modified", last_new_at=UNTIL - timedelta(days=8))
    source(5)  # not asked
    coverage = told(session).coverage
    assert (coverage.asked, coverage.answered) == (4, 2)
    assert coverage.failed == (("Source 2", "son serveur est en panne (503)"),)
    assert coverage.silent == ("Source 4",)


def test_the_same_store_and_period_give_the_same_bytes(session: Session) -> None:
    for n in range(20):
        tell(session, 1 + n % 2, mention={"sentiment": ("negative", "neutral", "positive")[n % 3]}, topic="delivery")
    first, again = told(session), told(session)
    assert render.html(first) == render.html(again)
    assert render.text(first) == render.text(again)


def test_a_configuration_without_competitors_or_brands_gives_an_empty_digest(session: Session) -> None:
    parsed = config.parse('[[digest]]\nname = "seule"\n', {})
    assert is_empty(digest_of(session, parsed, parsed.digest[0], PERIOD))
