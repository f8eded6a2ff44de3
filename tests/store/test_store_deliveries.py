from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from watch.model import Message
from watch.store import Store, deliveries
from watch.store.tables import Channel, Delivery

MINUTE = timedelta(minutes=1)


def row(name: str, now: datetime, *, channel: str = "equipe", recipient: str | None = None, **values: Any) -> Delivery:
    message = Message(id=name, title="Un titre", text="Un texte")
    return deliveries.delivery(message, kind="alert", channel=channel, recipient=recipient, now=now, **values)


def queue(store: Store, *rows: Delivery) -> int:
    with store.session() as session:
        return deliveries.queue(session, rows)


def claim(store: Store, now: datetime, limit: int = 1) -> list[deliveries.Claimed]:
    with store.session() as session:
        return deliveries.claim(session, now, limit)


def stored(store: Store) -> list[Delivery]:
    with store.reading() as session:
        return list(session.exec(select(Delivery).order_by(Delivery.id)))  # type: ignore[arg-type]  # a column


def test_a_message_to_a_place_is_queued_once(store: Store, now: datetime) -> None:
    assert queue(store, row("a", now), row("a", now, channel="autre"), row("a", now)) == 2
    assert queue(store, row("a", now)) == 0


def test_a_claim_gives_the_message_back_as_it_was(store: Store, now: datetime) -> None:
    queue(store, row("a", now))
    (claimed,) = claim(store, now)
    assert claimed.message == Message(id="a", title="Un titre", text="Un texte")
    assert claimed.attempts == 1
    assert claim(store, now) == []


def test_what_is_not_due_waits(store: Store, now: datetime) -> None:
    queue(store, row("a", now, due_at=now + MINUTE))
    assert claim(store, now) == []
    assert len(claim(store, now + MINUTE)) == 1


def test_order_is_kept_for_each_place(store: Store, now: datetime) -> None:
    queue(store, row("a", now), row("b", now), row("a", now, channel="autre"))
    assert [(c.channel, c.message.id) for c in claim(store, now, limit=9)] == [("equipe", "a"), ("autre", "a")]


def test_recipients_do_not_wait_for_one_another(store: Store, now: datetime) -> None:
    queue(store, *(row("a", now, recipient=f"{name}@example.org") for name in ("un", "deux", "trois")))
    assert len(claim(store, now, limit=9)) == 3


def test_a_message_that_only_waits_for_its_hour_holds_nothing_back(store: Store, now: datetime) -> None:
    queue(store, row("a", now, due_at=now + 60 * MINUTE), row("b", now))
    assert [c.message.id for c in claim(store, now)] == ["b"]


def test_a_message_in_trouble_holds_the_next_back_for_some_tries_only(store: Store, now: datetime) -> None:
    queue(store, row("a", now), row("b", now))
    for _ in range(deliveries.PATIENCE):
        (claimed,) = claim(store, now)
        assert claimed.message.id == "a"
        with store.session() as session:
            deliveries.retry(session, claimed, now, "503", now + MINUTE)
        now += MINUTE
    assert {c.message.id for c in claim(store, now, limit=2)} == {"a", "b"}


def test_a_claim_that_ran_out_passes_on_and_cannot_write(store: Store, now: datetime) -> None:
    queue(store, row("a", now))
    (frozen,) = claim(store, now)
    later = now + deliveries.LEASE + MINUTE
    (second,) = claim(store, later)
    with store.session() as session:
        assert not deliveries.sent(session, frozen, later, "250 old")
    with store.session() as session:
        assert deliveries.sent(session, second, later, "250 ok")
    (row_,) = stored(store)
    assert (row_.state, row_.reply, row_.sent_at) == ("sent", "250 ok", later)
    assert [event["state"] for event in row_.history] == ["queued", "uncertain", "sent"]


def test_a_permanent_refusal_is_shown_on_the_channel_until_something_passes(store: Store, now: datetime) -> None:
    with store.session() as session:
        session.add(Channel(name="equipe", kind="email"))
    queue(store, row("a", now), row("b", now))
    (first,) = claim(store, now)
    with store.session() as session:
        deliveries.dead(session, first, now, "550 no such user", flag=True)
    with store.reading() as session:
        assert session.exec(select(Channel.flagged)).one() == "550 no such user"
    (second,) = claim(store, now)
    with store.session() as session:
        deliveries.sent(session, second, now, "250 ok")
    with store.reading() as session:
        assert session.exec(select(Channel.flagged)).one() is None


def test_two_processes_never_claim_the_same_row(store: Store, now: datetime) -> None:
    queue(store, *(row(f"m{n}", now, recipient=f"{n}@example.org") for n in range(30)))
    with ThreadPoolExecutor(4) as pool:
        taken = [c.id for claims in pool.map(lambda _: claim(store, now), range(40)) for c in claims]
    assert len(taken) == len(set(taken)) == 30
