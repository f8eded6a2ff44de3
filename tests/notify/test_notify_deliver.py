from __future__ import annotations

import json
import multiprocessing
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from postoffice import Mailbox, free_port, mailbox
from sqlmodel import select

from watch.errors import DeliveryError
from watch.model import Message
from watch.notify import deliver_due
from watch.notify.email import Mail, Server
from watch.store import Store, deliveries
from watch.store.tables import Delivery

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Recording:
    """A channel that keeps what it is given, after the errors it was told to raise."""

    def __init__(self, *errors: DeliveryError | Exception) -> None:
        self.errors = list(errors)
        self.taken: list[Message] = []
        self.tries: list[datetime] = []

    def send(self, message: Message, recipient: str | None, *, now: datetime) -> str:
        self.tries.append(now)
        if self.errors:
            raise self.errors.pop(0)
        self.taken.append(message)
        return "ok"


def queue(
    store: Store, now: datetime, *names: str, channel: str = "equipe", to: str | None = None, **data: Any
) -> None:
    with store.session() as session:
        deliveries.queue(
            session,
            (
                deliveries.delivery(Message(n, n, n, data=data), kind="alert", channel=channel, recipient=to, now=now)
                for n in names
            ),
        )


def rows(store: Store) -> list[Delivery]:
    with store.reading() as session:
        return list(session.exec(select(Delivery).order_by(Delivery.id)))  # type: ignore[arg-type]  # a column


def temporary(said: str = "busy", **values: Any) -> DeliveryError:
    return DeliveryError(said, permanent=False, **values)


def test_what_is_due_is_sent_once_in_order(store: Store, now: datetime) -> None:
    queue(store, now, "a", "b")
    channel = Recording()
    assert [told.state for told in deliver_due(store, {"equipe": channel}, now)] == ["sent", "sent"]
    assert deliver_due(store, {"equipe": channel}, now) == []
    assert [message.id for message in channel.taken] == ["a", "b"]


def test_pauses_grow_until_a_day_has_passed(sqlite_store: Store, now: datetime) -> None:
    queue(sqlite_store, now, "a")
    channel = Recording(*(temporary() for _ in range(99)))
    start = now
    while rows(sqlite_store)[0].state == "queued":
        deliver_due(sqlite_store, {"equipe": channel}, now)
        now += MINUTE
    waits = [(b - a) // MINUTE for a, b in zip(channel.tries, channel.tries[1:], strict=False)]
    assert waits[:5] == [1, 5, 15, 60, 120]
    assert rows(sqlite_store)[0].state == "dead"
    assert channel.tries[-1] - start <= timedelta(hours=24)


def test_what_could_not_leave_while_hune_was_down_still_has_its_day(sqlite_store: Store, now: datetime) -> None:
    queue(sqlite_store, now, "a")
    channel = Recording(temporary())
    assert deliver_due(sqlite_store, {"equipe": channel}, now + 72 * HOUR)[0].state == "queued"


def test_retry_after_is_obeyed_and_order_kept(sqlite_store: Store, now: datetime) -> None:
    queue(sqlite_store, now, "a", "b")
    channel = Recording(temporary("429", retry_after=600))
    deliver_due(sqlite_store, {"equipe": channel}, now)
    assert deliver_due(sqlite_store, {"equipe": channel}, now + 9 * MINUTE) == []
    deliver_due(sqlite_store, {"equipe": channel}, now + 10 * MINUTE)
    assert [message.id for message in channel.taken] == ["a", "b"]


def test_a_refusal_is_final_and_the_next_message_is_tried(sqlite_store: Store, now: datetime) -> None:
    queue(sqlite_store, now, "a", "b")
    channel = Recording(DeliveryError("550 no", permanent=True))
    assert [told.state for told in deliver_due(sqlite_store, {"equipe": channel}, now)] == ["dead", "sent"]


def test_a_mistake_of_ours_does_not_hold_back_others(sqlite_store: Store, now: datetime) -> None:
    queue(sqlite_store, now, "a")
    queue(sqlite_store, now, "b", channel="autre")
    told = deliver_due(sqlite_store, {"equipe": Recording(ZeroDivisionError("secret")), "autre": Recording()}, now)
    assert [(one.state, one.reply) for one in told] == [
        ("queued", "a mistake in Hune: ZeroDivisionError"),
        ("sent", "ok"),
    ]


def test_a_channel_that_is_not_declared_waits_for_it(sqlite_store: Store, now: datetime) -> None:
    queue(sqlite_store, now, "a")
    (told,) = deliver_due(sqlite_store, {}, now)
    assert told.state == "queued"
    assert "no channel 'equipe'" in told.reply


def test_a_peer_in_trouble_is_left_alone_after_three_failures(sqlite_store: Store, now: datetime) -> None:
    for n in range(10):
        queue(sqlite_store, now, "a", to=f"{n}@example.org")
    channel = Recording(*(temporary() for _ in range(99)))
    assert len(deliver_due(sqlite_store, {"equipe": channel}, now)) == 3


def test_a_process_that_slept_past_its_claim_sends_nothing(sqlite_store: Store, now: datetime) -> None:
    queue(sqlite_store, now, "a")
    ticks = iter([0.0, 0.0, *(6 * 60.0 for _ in range(9))])
    channel = Recording()
    told = deliver_due(sqlite_store, {"equipe": channel}, now, clock=lambda: next(ticks))
    # By then its lease had run out, so that anybody could take it anew: this process too.
    assert [one.state for one in told] == ["lost", "sent"]
    assert len(channel.taken) == 1


def test_a_lease_runs_from_its_claim_however_long_the_others_took(store: Store, now: datetime) -> None:
    queue(store, now, "a", "b", to="claire@example.org")
    seconds, sent = 0.0, []

    class Other:
        def send(self, message: Message, recipient: str | None, *, now: datetime) -> str:
            sent.append(f"other {message.id}")
            return "ok"

    class Slow:
        def send(self, message: Message, recipient: str | None, *, now: datetime) -> str:
            nonlocal seconds
            sent.append(message.id)
            # Four minutes later another process looks, by its own clock that is right.
            seconds += 240
            deliver_due(store, {"equipe": Other()}, begun + timedelta(seconds=seconds))
            return "ok"

    begun = now
    deliver_due(store, {"equipe": Slow()}, begun, clock=lambda: seconds)
    assert sent == ["a", "b"]


def test_a_stop_leaves_what_was_not_begun_in_the_outbox(sqlite_store: Store, now: datetime) -> None:
    queue(sqlite_store, now, "a", "b")
    channel = Recording()
    assert len(deliver_due(sqlite_store, {"equipe": channel}, now, stop=lambda: bool(channel.taken))) == 1
    assert [row.state for row in rows(sqlite_store)] == ["sent", "queued"]


def test_a_digest_that_waited_an_hour_says_that_it_is_late(sqlite_store: Store, now: datetime) -> None:
    queue(sqlite_store, now, "a", late="En retard :")
    queue(sqlite_store, now, "b", channel="autre", late="En retard :")
    channel, prompt = Recording(), Recording()
    deliver_due(sqlite_store, {"autre": prompt}, now)
    deliver_due(sqlite_store, {"equipe": channel}, now + 4 * HOUR)
    assert [message.title for message in (*prompt.taken, *channel.taken)] == ["b", "En retard : a"]


# --- with a real mail server -------------------------------------------------------------------------------


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


def mail(port: int) -> Mail:
    return Mail(Server("localhost", port, "none"), "Hune <hune@example.org>")


def test_one_recipient_of_three_refused_leaves_the_others_one_each(
    sqlite_store: Store, box: Mailbox, now: datetime
) -> None:
    names = ["un", "deux", "trois"]
    for name in names:
        queue(sqlite_store, now, "a", channel=name, to=f"{name}@example.org")
    box.refused["deux@example.org"] = "550 5.1.1 unknown"
    for later in (now, now + HOUR):
        deliver_due(sqlite_store, {name: mail(box.port) for name in names}, later)
    assert box.recipients == ["un@example.org", "trois@example.org"]
    assert [row.state for row in rows(sqlite_store)] == ["sent", "dead", "sent"]
    assert rows(sqlite_store)[1].reply == "550 5.1.1 unknown"


def test_a_lost_reply_is_uncertain_and_repeated_after_ten_minutes_with_the_same_id(
    sqlite_store: Store, box: Mailbox, now: datetime
) -> None:
    queue(sqlite_store, now, "a", to="claire@example.org")
    box.after_data = ["drop"]
    assert deliver_due(sqlite_store, {"equipe": mail(box.port)}, now)[0].state == "uncertain"
    assert deliver_due(sqlite_store, {"equipe": mail(box.port)}, now + 9 * MINUTE) == []
    assert deliver_due(sqlite_store, {"equipe": mail(box.port)}, now + 10 * MINUTE)[0].state == "sent"
    assert len(box.letters) == 2
    assert len({letter["Message-ID"] for letter in box.letters}) == 1
    assert [event["state"] for event in rows(sqlite_store)[0].history] == ["queued", "uncertain", "sent"]


def test_a_server_down_all_morning_gets_one_mail_when_it_is_back(sqlite_store: Store, now: datetime) -> None:
    queue(sqlite_store, now, "a", to="claire@example.org")
    port = free_port()
    for minutes in range(0, 240, 5):
        deliver_due(sqlite_store, {"equipe": mail(port)}, now + minutes * MINUTE)
    with mailbox() as box:
        for minutes in range(240, 500, 5):
            deliver_due(sqlite_store, {"equipe": mail(box.port)}, now + minutes * MINUTE)
    assert len(box.letters) == 1


def _empty_the_outbox(url: str, port: int, now: datetime) -> None:
    store = Store.open(url)
    deliver_due(store, {"equipe": mail(port)}, now)
    store.close()


def test_two_processes_send_each_message_once(sqlite_store: Store, box: Mailbox, now: datetime) -> None:
    for n in range(20):
        queue(sqlite_store, now, "a", to=f"{n}@example.org")
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_empty_the_outbox, args=(sqlite_store.url, box.port, now)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert sorted(box.recipients) == sorted(f"{n}@example.org" for n in range(20))
    assert {row.state for row in rows(sqlite_store)} == {"sent"}
    assert json.dumps(rows(sqlite_store)[0].history)


SAYS = (b"220 hello\r\n", b"250 hello\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 go on\r\n")


@contextmanager
def falls_silent(after: int) -> Iterator[tuple[int, threading.Event]]:
    """A mail server that says so many words and no more; its port, and what is set once it has nothing to say."""
    silent = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            with server.accept()[0] as peer, peer.makefile("rb") as heard:
                for n, words in enumerate(SAYS[:after]):
                    if n:
                        heard.readline()
                    peer.sendall(words)
                if after == len(SAYS):
                    while heard.readline() not in (b".\r\n", b""):
                        pass
                silent.set()
                heard.read()

        thread = threading.Thread(target=speak)
        thread.start()
        yield server.getsockname()[1], silent
        thread.join()


@pytest.mark.parametrize(("after", "state"), [(0, "queued"), (2, "queued"), (4, "queued"), (5, "uncertain")])
def test_a_stop_ends_the_talk_with_a_server_that_fell_silent(
    sqlite_store: Store, now: datetime, after: int, state: str
) -> None:
    for n in range(3):
        queue(sqlite_store, now, "a", to=f"{n}@example.org")
    begun = time.monotonic()
    with falls_silent(after) as (port, silent):
        told = deliver_due(sqlite_store, {"equipe": mail(port)}, now, stop=silent.is_set)
    assert [one.state for one in told] == [state]
    assert time.monotonic() - begun < 5
    assert [row.state for row in rows(sqlite_store)] == [state, "queued", "queued"]


def test_a_mail_that_was_cut_leaves_the_channel_usable(sqlite_store: Store, box: Mailbox, now: datetime) -> None:
    queue(sqlite_store, now, "a", to="claire@example.org")
    channel = mail(box.port)
    channel.abort()
    assert [one.state for one in deliver_due(sqlite_store, {"equipe": channel}, now)] == ["sent"]
