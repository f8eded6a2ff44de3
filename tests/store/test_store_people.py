"""Persons, sign-ins and keys, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from watch.errors import Refused
from watch.store import keys, passwords, people

PASSWORD = "correct horse battery"
HOUR = timedelta(hours=1)


@pytest.fixture
def claire(store, now):
    with store.session() as session:
        return people.add(session, name="Claire", sealed="sealed", role="editor", now=now)


def signed_in(store, person, now):
    with store.session() as session:
        return people.sign_in(session, person, now)


def guest(store, token, now):
    with store.reading() as session:
        return people.guest(session, token, now)


def test_nobody_is_there_at_first(store, now):
    with store.session() as session:
        assert not people.anyone(session)
        people.add(session, name="Claire", sealed="x", role="reader", now=now)
        assert people.anyone(session)


@pytest.mark.parametrize(
    ("name", "role"), [("Claire", "reader"), (" Claire ", "reader"), ("Paul", "king"), ("", "reader")]
)
def test_a_person_who_cannot_be_is_refused(store, claire, now, name, role):
    with pytest.raises(Refused), store.session() as session:
        people.add(session, name=name, sealed="x", role=role, now=now)


def test_a_token_holds_for_its_person(store, claire, now):
    token = signed_in(store, claire, now)
    found = guest(store, token, now)
    assert found is not None
    assert (found.name, found.role, found.stale) == ("Claire", "editor", False)
    assert guest(store, token + "x", now) is None
    assert guest(store, "", now) is None


def test_a_visit_is_stale_after_a_minute(store, claire, now):
    token = signed_in(store, claire, now)
    later = now + timedelta(minutes=1)
    assert guest(store, token, later).stale
    with store.session() as session:
        people.seen(session, token, later)
    assert not guest(store, token, later).stale


def test_a_session_ends_idle_old_or_signed_out(store, claire, now):
    token = signed_in(store, claire, now)
    assert guest(store, token, now + 12 * HOUR) is not None
    assert guest(store, token, now + 13 * HOUR) is None
    with store.session() as session:
        people.seen(session, token, now + timedelta(days=30))
    assert guest(store, token, now + timedelta(days=30, hours=1)) is None
    with store.session() as session:
        people.sign_out(session, token)
    assert guest(store, token, now) is None


def test_who_is_disabled_has_no_session(store, claire, now):
    token = signed_in(store, claire, now)
    with store.session() as session:
        people.disable(session, "Claire")
    assert guest(store, token, now) is None


def test_a_key_opens_until_it_is_revoked(store, now):
    with store.session() as session:
        key = keys.create(session, name="crm", scopes=["ingest", "read"], now=now)
    with store.reading() as session:
        assert keys.known(session, key, now).scopes == ["read", "ingest"]
    with store.session() as session:
        keys.revoke(session, key.split("_")[1], now)
    with store.reading() as session:
        assert keys.known(session, key, now) is None


@pytest.mark.parametrize(
    "text", ["", "hune_", "hune_abc_def", "x" * 100_000, "hune_0123456789ab_" + "a" * 43, "hune_é_ü"]
)
def test_another_text_is_no_key(store, now, text):
    with store.reading() as session:
        assert keys.known(session, text, now) is None


def test_a_scope_there_is_not_is_refused(store, now):
    for scopes in ([], ["all"], ["read", "root"]):
        with pytest.raises(Refused), store.session() as session:
            keys.create(session, name="", scopes=scopes, now=now)


def test_a_password_opens_its_own_seal_only():
    sealed = passwords.seal(PASSWORD)
    assert sealed.startswith("$argon2id$v=19$m=19456,t=2,")
    assert passwords.opens(PASSWORD, sealed)
    assert not passwords.opens(PASSWORD + "x", sealed)
    assert not passwords.opens(PASSWORD, None)
    assert not passwords.opens(PASSWORD, "no seal")


@pytest.mark.parametrize(("length", "fits"), [(11, False), (12, True), (128, True), (129, False)])
def test_a_password_has_12_to_128_characters(length, fits):
    if fits:
        assert passwords.seal("é" * length)
    else:
        with pytest.raises(Refused, match="12 to 128"):
            passwords.seal("é" * length)
