from __future__ import annotations

import re
from datetime import timedelta

import pytest
from digest_morning import MORNING, TEXT, begin, configured, outbox
from hypothesis import given
from hypothesis import strategies as st

from watch import config
from watch.digest import send_due, unsubscribe, unsubscribe_token
from watch.digest.unsubscribe import read_token
from watch.errors import Refused
from watch.store import Store
from watch.store.tables import Delivery


def link_of(row: Delivery) -> str:
    found = re.search(r"/unsubscribe/([\w-]+)", row.message["unsubscribe_url"])
    assert found
    return found[1]


def test_who_unsubscribed_gets_no_more_and_others_do(store: Store) -> None:
    begin(store)
    send_due(store, configured(), MORNING)
    token = link_of(outbox(store)[0])
    for _ in range(2):
        with store.session() as session:
            assert unsubscribe(session, token, MORNING) == ("matinale", "claire@example.org")
    send_due(store, configured(), MORNING + timedelta(days=1))
    assert [row.recipient for row in outbox(store)][2:] == ["sam@example.org"]


def test_each_reader_has_a_link_in_headers_text_and_page(sqlite_store: Store) -> None:
    begin(sqlite_store)
    send_due(sqlite_store, configured(), MORNING)
    rows = outbox(sqlite_store)
    assert len({link_of(row) for row in rows}) == 2
    for row in rows:
        assert row.message["unsubscribe_url"] in row.message["text"]
        assert row.message["unsubscribe_url"] in row.message["html"]


def test_without_an_address_of_ours_there_is_no_link(sqlite_store: Store) -> None:
    begin(sqlite_store)
    plain = config.parse(TEXT.replace("{when_empty}", "send").replace('base_url = "https://hune.example.org"', ""), {})
    send_due(sqlite_store, plain, MORNING)
    assert outbox(sqlite_store)[0].message["unsubscribe_url"] is None


@pytest.mark.parametrize("token", ["", "x", "AAAA" * 20, "é", "../../etc", "A" * 100_000])
def test_a_link_that_is_not_ours_is_refused(sqlite_store: Store, token: str) -> None:
    with sqlite_store.session() as session, pytest.raises(Refused):
        unsubscribe(session, token, MORNING)


@given(st.text(max_size=40).filter(lambda s: "\0" not in s and s.isprintable()), st.emails(), st.integers(0, 10_000))
def test_a_token_is_opaque_and_cannot_be_altered(name: str, recipient: str, place: int) -> None:
    secret = b"s" * 32
    token = unsubscribe_token(secret, name, recipient)
    assert read_token(secret, token) == (name, recipient.lower())
    assert read_token(b"t" * 32, token) is None
    place %= len(token) - 1
    altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    assert read_token(secret, altered) is None
