from __future__ import annotations

import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from postoffice import Mailbox, free_port, mailbox
from pydantic import SecretStr

from watch.errors import DeliveryError
from watch.locale import one_line
from watch.model import Message
from watch.notify.email import Mail, Server
from watch.notify.mime import compose

SENDER = "Hune – la vigie <hune@example.org>"
DIGEST = Message(
    id="digest-abc-2026-11-20",
    title="Aubrac\u00a0: 34 mentions (+12\u00a0%), 6 négatives",
    text="Une ligne.\nUne autre.\n",
    html="<p>Une ligne é.</p>",
    list_id="matinale",
    unsubscribe_url="https://hune.example.org/unsubscribe/" + "A1-_" * 30,
)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


def mail(box: Mailbox, url: str | None = None) -> Mail:
    return Mail(Server.parse(SecretStr(url or box.url)), SENDER)


def read(letter: bytes) -> EmailMessage:
    return message_from_bytes(letter, policy=policy.default)  # type: ignore[arg-type,return-value]  # the policy decides


def unix(part: EmailMessage) -> str:
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_digest_has_the_form_that_mail_programs_ask_for(box: Mailbox, now: datetime) -> None:
    assert mail(box).send(DIGEST, "claire@example.org", now=now).startswith("250 2.0.0 taken")
    (letter,) = box.letters
    assert box.recipients == ["claire@example.org"]
    assert letter["Subject"] == DIGEST.title
    assert letter["From"] == SENDER
    assert letter["To"] == "claire@example.org"
    assert letter["Date"].datetime == now
    assert re.fullmatch(r"<digest-abc-2026-11-20\.[0-9a-f]{12}@example\.org>", letter["Message-ID"])
    assert letter["List-Id"] == "<matinale.hune.example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == f"<{DIGEST.unsubscribe_url}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert [unix(part) for part in letter.iter_parts()] == [DIGEST.text, f"{DIGEST.html}\n"]


def test_the_address_to_unsubscribe_stands_on_one_line(now: datetime) -> None:
    letter = compose(DIGEST, sender=SENDER, recipient="claire@example.org", now=now)
    assert f"\r\nList-Unsubscribe: <{DIGEST.unsubscribe_url}>\r\n".encode() in letter


def test_the_same_message_has_the_same_bytes_and_an_id_for_each_reader(now: datetime) -> None:
    first, again = (compose(DIGEST, sender=SENDER, recipient="a@example.org", now=now) for _ in range(2))
    other = compose(DIGEST, sender=SENDER, recipient="b@example.org", now=now)
    assert first == again
    assert read(first)["Message-ID"] != read(other)["Message-ID"]


def test_an_alert_is_text_alone_and_no_list(now: datetime) -> None:
    letter = read(compose(Message("a", "Titre", "Texte"), sender=SENDER, recipient="a@example.org", now=now))
    assert letter.get_content_type() == "text/plain"
    assert letter["List-Unsubscribe"] is None
    assert letter["List-Id"] is None


def subject_of(letter: bytes) -> str:
    """As a mail program decodes it."""
    return str(make_header(decode_header(message_from_bytes(letter)["Subject"])))


@settings(max_examples=150, deadline=None)
@given(title=st.text(max_size=400), text=st.text(max_size=300))
@example(title="a\r\nBcc: all@example.org\r\n\r\nbody", text="\r\n.\r\nMAIL FROM:<x>")
@example(title="\u2028\u2029\x85\x0b\x1c=?utf-8?q?=0D=0ABcc:_x?=", text="\0\ud800")
@example(title="\u202egnp.exe " + "é" * 300, text="x" * 100_000)
def test_no_title_or_text_breaks_the_form(title: str, text: str) -> None:
    """H57: the subject is one line of at most 200 characters, whatever the title holds"""
    now = datetime.fromisoformat("2026-11-20T12:00:00Z")
    letter = compose(Message("id", title, text, html=f"<p>{text}"), sender=SENDER, recipient="a@example.org", now=now)
    read_back = read(letter)
    assert set(read_back.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version",
        "Content-Type",
    }  # fmt: skip
    assert len(read_back["Subject"]) <= 200
    assert subject_of(letter) == one_line(title)
    assert max(len(line) for line in letter.split(b"\r\n")) <= 998
    assert len(list(read_back.iter_parts())) == 2


@pytest.mark.parametrize("reply", ["421 later", "451 4.3.0 busy", "452 full"])
def test_a_4xx_is_worth_another_try(box: Mailbox, now: datetime, reply: str) -> None:
    box.after_data = [reply]
    with pytest.raises(DeliveryError, match=reply[:3]) as caught:
        mail(box).send(DIGEST, "claire@example.org", now=now)
    assert not caught.value.permanent
    assert not caught.value.uncertain


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_5xx_is_final(box: Mailbox, now: datetime, where: str) -> None:
    if where == "rcpt":
        box.refused["claire@example.org"] = "550 5.1.1 no such user"
    else:
        box.after_data = ["554 5.7.1 we do not like it"]
    with pytest.raises(DeliveryError, match=r"^55\d 5") as caught:
        mail(box).send(DIGEST, "claire@example.org", now=now)
    assert caught.value.permanent


def test_no_reply_after_the_message_is_uncertain(box: Mailbox, now: datetime) -> None:
    box.after_data = ["drop"]
    with pytest.raises(DeliveryError) as caught:
        mail(box).send(DIGEST, "claire@example.org", now=now)
    assert caught.value.uncertain
    assert not caught.value.permanent
    assert len(box.letters) == 1


def test_a_server_that_is_down_is_worth_another_try(now: datetime) -> None:
    with pytest.raises(DeliveryError) as caught:
        Mail(Server("127.0.0.1", free_port(), "none"), SENDER).send(DIGEST, "claire@example.org", now=now)
    assert not caught.value.permanent
    assert not caught.value.uncertain


@pytest.mark.parametrize(
    "address", ["", "a b@example.org", "é@example.org", "a@b\r\nRCPT TO:<x@y.z>", "a@" + "b" * 80 + ".org"]
)
def test_an_address_that_cannot_be_written_is_refused_before_a_word_is_said(
    box: Mailbox, now: datetime, address: str
) -> None:
    with pytest.raises(DeliveryError) as caught:
        mail(box).send(DIGEST, address, now=now)
    assert caught.value.permanent
    assert box.letters == []


def test_nothing_leaves_in_clear_unless_told_by_name(box: Mailbox, now: datetime) -> None:
    with pytest.raises(DeliveryError, match="STARTTLS") as caught:
        mail(box, f"smtp://127.0.0.1:{box.port}").send(DIGEST, "claire@example.org", now=now)
    assert not caught.value.permanent
    assert box.letters == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed (Debian: apt-get install openssl): encrypted mail is NOT tested")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def encrypted_box(certificate: Path) -> Iterator[Mailbox]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with mailbox(context) as opened:
        yield opened


def test_starttls_is_used_and_verified(
    encrypted_box: Mailbox, certificate: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"smtp://localhost:{encrypted_box.port}/?tls=starttls"
    with pytest.raises(DeliveryError, match="certificate"):
        mail(encrypted_box, url).send(DIGEST, "claire@example.org", now=now)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    mail(encrypted_box, url).send(DIGEST, "claire@example.org", now=now)
    assert encrypted_box.encrypted == [True]


def test_the_password_is_not_shown() -> None:
    server = Server.parse(SecretStr("smtp://hune:s%40cret@mail.example.org/"))
    assert (server.port, server.tls, server.user, server.password) == (587, "starttls", "hune", "s@cret")
    assert "s@cret" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://h:99999", "smtp://h:abc", "smtp://user:geheim/x@mail.example:587", "smtp://user:p@ss#geheim@h:587",
        "smtp://[geheim", "geheim", "smtp://",
    ],
)  # fmt: skip
def test_an_address_of_a_server_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(DeliveryError, match="url of \\[smtp\\]") as caught:
        Server.parse(SecretStr(url))
    assert caught.value.permanent
    assert "geheim" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_lines_that_begin_with_a_dot_arrive_whole(box: Mailbox, now: datetime) -> None:
    message = Message("a", "Points", "Avant\n.\n..deux\nAprès\n")
    mail(box).send(message, "claire@example.org", now=now)
    assert unix(box.letters[0]) == message.text
