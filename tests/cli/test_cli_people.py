"""hune users, hune keys, hune serve: who may come in."""

from __future__ import annotations

import json
import socket

import pytest
from click.testing import CliRunner

from watch.cli import hune
from watch.errors import Refused
from watch.store import Store, keys, passwords, people
from watch.store.tables import ApiKey

PASSWORD = "correct horse battery"


@pytest.fixture
def ask(tmp_path):
    (tmp_path / "sources.toml").write_text("")

    def ask(*arguments, code=0, **given):
        config = ["--config", str(tmp_path / "sources.toml"), "--database", f"sqlite:///{tmp_path / 'hune.db'}"]
        done = CliRunner().invoke(hune, [*config, *arguments], **given)
        if code is not None:
            assert done.exit_code == code, done.output
        return done

    ask.url = f"sqlite:///{tmp_path / 'hune.db'}"
    return ask


def test_a_person_who_was_added_can_sign_in(ask):
    ask("users", "add", "Claire", "--role", "admin", "--password-stdin", input=f"{PASSWORD}\n")
    assert [json.loads(line)["role"] for line in ask("users", "list", "--json").stdout.splitlines()] == ["admin"]
    with Store.open(ask.url).reading() as session:
        claire = people.named(session, "Claire")
        assert claire is not None
        assert passwords.opens(PASSWORD, claire.password)


def test_a_password_is_asked_for_twice(ask):
    done = ask("users", "add", "Paul", input=f"{PASSWORD}\n{PASSWORD}\n")
    assert PASSWORD not in done.output


def test_a_short_password_is_refused(ask):
    done = ask("users", "add", "Claire", "--password-stdin", input="short\n", code=1)
    assert isinstance(done.exception, Refused)
    assert "nobody" in ask("users", "list").stdout


def test_a_person_who_was_disabled_shows_so(ask):
    ask("users", "add", "Claire", "--password-stdin", input=f"{PASSWORD}\n")
    ask("users", "disable", "Claire")
    assert "disabled: True" in ask("users", "list").stdout
    assert isinstance(ask("users", "disable", "Nobody", code=1).exception, Refused)


def test_a_key_is_shown_once_and_kept_as_a_hash(ask):
    key = ask("keys", "create", "--scope", "read", "--scope", "ingest", "--name", "crm").stdout.strip()
    assert key.startswith("hune_")
    with Store.open(ask.url).reading() as session:
        kept = session.get(ApiKey, key.split("_")[1])
        assert kept is not None
        assert (kept.scopes, kept.name) == (["read", "ingest"], "crm")
        assert key.split("_", 2)[2] not in str(kept.model_dump())
    listed = ask("keys", "list").stdout
    assert "crm" in listed
    assert key.split("_", 2)[2] not in listed


def test_a_key_that_was_revoked_opens_nothing(ask, now):
    key = ask("keys", "create", "--scope", "read").stdout.strip()
    ask("keys", "revoke", key.split("_")[1])
    with Store.open(ask.url).reading() as session:
        assert keys.known(session, key, now) is None
    assert isinstance(ask("keys", "revoke", "nothing", code=1).exception, Refused)


def test_a_port_in_use_is_one_clear_line(ask):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = ask("serve", "--port", str(port), code=1)
    assert str(done.exception) == f"port {port} is in use on 127.0.0.1; choose another with --port"
