"""Mail by SMTP: one message a recipient, encrypted unless told otherwise by name (`tls=none`)."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import SecretStr

from watch.errors import DeliveryError
from watch.locale import one_line
from watch.model import Message
from watch.notify.mime import ascii_address, compose

Tls = Literal["starttls", "smtps", "none"]
_SECONDS = 30.0  # for each word of the conversation


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to speak to it."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: SecretStr) -> Self:
        """`smtp://user:password@host:587/?tls=starttls`; smtps:// is encrypted from the first byte.

        Whatever `tls` says but `none`, the mail is encrypted.
        """
        parts = urlsplit(url.get_secret_value())
        clear = parse_qs(parts.query).get("tls", [""])[-1] == "none"
        tls: Tls = "smtps" if parts.scheme == "smtps" else "none" if clear else "starttls"
        port = parts.port or {"smtps": 465, "none": 25}.get(tls, 587)
        return cls(parts.hostname or "", port, tls, unquote(parts.username or ""), unquote(parts.password or ""))


@dataclass(frozen=True, slots=True)
class Mail:
    """Every address behind one mail server; `sender` as people read it: `Hune <hune@example.org>`."""

    server: Server
    sender: str

    def send(self, message: Message, recipient: str | None, *, now: datetime) -> str:
        """Send `message` to `recipient`; the server's word after the final dot. Raises DeliveryError."""
        if not recipient:
            raise DeliveryError("a mail needs an address", permanent=True)
        letter = compose(message, sender=self.sender, recipient=recipient, now=now)
        envelope = (ascii_address(parseaddr(self.sender)[1]), ascii_address(recipient))
        connection = _connect(self.server, envelope[0].rpartition("@")[2])
        try:
            return _hand_over(connection, *envelope, letter)
        finally:
            _leave(connection)

    def greet(self) -> None:
        """Connect, encrypt and sign in as for a message, and leave without one. Raises DeliveryError."""
        _leave(_connect(self.server, ascii_address(parseaddr(self.sender)[1]).rpartition("@")[2]))


def _connect(server: Server, domain: str) -> smtplib.SMTP:
    """An encrypted, authenticated connection; failures here say nothing about the message, so all may pass."""
    try:
        return _greet(server, domain)
    except smtplib.SMTPResponseException as error:
        raise DeliveryError(f"{server.host}: {_said(error)}", permanent=False) from None
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"{server.host}: {one_line(str(error)) or type(error).__name__}", permanent=False) from None


def _greet(server: Server, domain: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.tls == "smtps":
        connection = smtplib.SMTP_SSL(server.host, server.port, domain, timeout=_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, domain, timeout=_SECONDS)
    try:
        if server.tls == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _hand_over(connection: smtplib.SMTP, sender: str, recipient: str, letter: bytes) -> str:
    try:
        connection.ehlo_or_helo_if_needed()
        for code, reply in (connection.mail(sender), connection.rcpt(recipient)):
            if code not in (250, 251):
                raise smtplib.SMTPResponseException(code, reply)
    except smtplib.SMTPResponseException as error:
        raise _refused(error) from None
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"connection lost: {one_line(str(error))}", permanent=False) from None
    return _data(connection, letter)


def _data(connection: smtplib.SMTP, letter: bytes) -> str:
    try:
        code, reply = connection.data(letter)
    except smtplib.SMTPResponseException as error:
        raise _refused(error) from None
    except (smtplib.SMTPException, OSError) as error:
        # RFC 1047: nobody knows who has the message now.
        said = f"no reply after the message: {one_line(str(error)) or type(error).__name__}"
        raise DeliveryError(said, permanent=False, uncertain=True) from None
    if code != 250:
        raise _refused(smtplib.SMTPResponseException(code, reply))
    return _words(code, reply)


def _refused(error: smtplib.SMTPResponseException) -> DeliveryError:
    return DeliveryError(_said(error), permanent=error.smtp_code >= 500)


def _said(error: smtplib.SMTPResponseException) -> str:
    return _words(error.smtp_code, error.smtp_error)


def _words(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {one_line(text, 300)}"


def _leave(connection: smtplib.SMTP) -> None:
    # The message is theirs or it is not: a rude goodbye changes nothing.
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()
