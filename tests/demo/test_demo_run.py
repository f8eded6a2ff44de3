"""`hune demo --once`, as typed: the real pipeline finds the planted crisis, and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from watch.demo.feeds import link
from watch.demo.world import World
from watch.store import Store, tallies
from watch.store.tables import Brand, Delivery, DigestIssue, Incident, Item, Mention, Poll, Source

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CRISIS = (NOW - timedelta(days=4), NOW)


def demo(folder: Path, now: datetime = NOW) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).parent / "hune"),
        "--now",
        now.isoformat(),
        "demo",
        "--once",
        "--dir",
        str(folder),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo") / "world"
    done = demo(folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture
def store(lived: tuple[Path, str]) -> Store:
    return Store.open(f"sqlite:///{lived[0] / 'hune.db'}")


def test_it_prints_the_digest_and_says_where_things_are(lived: tuple[Path, str]) -> None:
    folder, said = lived
    assert re.search(r"^Aubrac Mobilier\u00a0: \d+ mentions", said)
    assert "À RÉPONDRE D’ABORD" in said
    assert str(folder / "digest.html") in said
    for kind in ("html", "txt", "json"):
        assert (folder / f"digest.{kind}").stat().st_size > 1000
    assert len((folder / "digest.html").read_bytes()) < 100_000
    assert json.loads((folder / "digest.json").read_text("utf-8"))["date"] == "2026-11-20"


def test_the_crisis_is_found_within_hours_and_nothing_else_is(store: Store) -> None:
    """Not the prize, not the outage and its backlog, not the calm."""
    with store.reading() as session:
        found = session.exec(select(Incident).order_by(col(Incident.opened_at))).all()
        own = session.exec(select(Brand).where(Brand.role == "own")).one()
    assert [incident.brand_id for incident in found] == [own.id]
    begins = NOW.replace(hour=0) - timedelta(days=3) + timedelta(hours=12)
    assert begins <= found[0].opened_at <= begins + timedelta(hours=9)
    assert found[0].observed >= 10


def test_every_text_of_the_world_was_collected_once(store: Store) -> None:
    """What came after the last poll of a slow outlet is not there yet, and may be."""
    world = World.build(NOW)
    planted = {link(o, one): one.at for o in world.outlets for one in world.published[o.id]}
    with store.reading() as session:
        kept = session.exec(select(Item.url)).all()
        sources = session.exec(select(Source)).all()
    assert len(kept) == len(set(kept))
    missing = {url: at for url, at in planted.items() if url not in kept}
    assert set(kept) <= set(planted)
    assert all(at > NOW - timedelta(hours=6) for at in missing.values())
    assert len(sources) == len(world.outlets) >= 40


def test_the_outage_is_on_the_record(store: Store) -> None:
    with store.reading() as session:
        failed = session.exec(select(Poll).where(Poll.outcome == "failed")).all()
    assert {(poll.kind, poll.http_status) for poll in failed} <= {("http_5xx", 503)}


def test_counts_hold_and_no_namesake_is_a_mention(store: Store) -> None:
    with store.reading() as session:
        assert tallies.differences(session) == []
        snippets = session.exec(select(Mention.snippet)).all()
    assert not [snippet for snippet in snippets if "estive" in snippet or "Boléro" in snippet]


def test_a_digest_a_day_and_few_alert_mails(store: Store) -> None:
    with store.reading() as session:
        days = session.exec(select(DigestIssue.day)).all()
        sent = session.exec(select(Delivery.kind, Delivery.state)).all()
    assert len(days) == len(set(days)) >= 59
    assert {state for _, state in sent} == {"sent"}
    assert [kind for kind, _ in sent].count("alert") <= 4


@pytest.mark.slow
def test_the_same_now_gives_the_same_digest(lived: tuple[Path, str], tmp_path: Path) -> None:
    again = demo(tmp_path / "again")
    assert again.returncode == 0, again.stderr
    for kind in ("html", "txt", "json"):
        assert (tmp_path / "again" / f"digest.{kind}").read_bytes() == (lived[0] / f"digest.{kind}").read_bytes()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear aunt")
    done = demo(tmp_path)
    assert (done.returncode, (tmp_path / "letter.txt").read_text()) == (1, "dear aunt")
    assert "choose another with --dir" in done.stderr
