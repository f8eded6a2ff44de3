"""Mail by SMTP: one message a recipient, encrypted unless told otherwise by name (`tls=none`)."""

from __future__ import annotations

import re
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
from watch.notify.line import Line, Smtp, Smtps
from watch.notify.mime import ascii_address, compose

Tls = Literal["starttls", "smtps", "none"]
_SECONDS = 20.0  # for each word of the conversation; a stop cuts it short (`Mail.abort`)


_UNREADABLE = (
    "the url of [smtp] cannot be read: write smtp://user:password@host:587, with %2F for /, %23 for #, %3F for ? and "
    "%40 for @ in the password, and a port between 1 and 65535"
)


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

        Whatever `tls` says but `none`, the mail is encrypted. Raises DeliveryError, which does not quote `url`.
        """
        try:
            return cls._read(url.get_secret_value())
        except ValueError:  # a password with / # ? in it makes its rest a port or a path
            raise DeliveryError(_UNREADABLE, permanent=True) from None

    @classmethod
    def _read(cls, url: str) -> Self:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/") or parts.fragment:
            raise ValueError
        clear = parse_qs(parts.query).get("tls", [""])[-1] == "none"
        tls: Tls = "smtps" if parts.scheme == "smtps" else "none" if clear else "starttls"
        port = parts.port or {"smtps": 465, "none": 25}.get(tls, 587)
        return cls(parts.hostname, port, tls, unquote(parts.username or ""), unquote(parts.password or ""))


@dataclass(frozen=True, slots=True)
class Mail:
    """Every address behind one mail server; `sender` as people read it: `Hune <hune@example.org>`."""

    server: Server
    sender: str
    _line: Line = field(default_factory=Line, init=False, repr=False, compare=False)

    def send(self, message: Message, recipient: str | None, *, now: datetime) -> str:
        """Send `message` to `recipient`; the server's word after the final dot. Raises DeliveryError."""
        if not recipient:
            raise DeliveryError("a mail needs an address", permanent=True)
        letter = compose(message, sender=self.sender, recipient=recipient, now=now)
        envelope = (ascii_address(parseaddr(self.sender)[1]), ascii_address(recipient))
        try:
            connection = _connect(self.server, self._line, envelope[0].rpartition("@")[2])
            try:
                return _hand_over(connection, *envelope, letter)
            finally:
                _leave(connection)
        finally:
            self._line.release()

    def abort(self) -> None:
        """Cut the conversation under way, from any thread; its `send` raises DeliveryError at once."""
        self._line.cut()

    def greet(self) -> None:
        """Connect, encrypt and sign in as for a message, and leave without one. Raises DeliveryError."""
        try:
            _leave(_connect(self.server, self._line, ascii_address(parseaddr(self.sender)[1]).rpartition("@")[2]))
        finally:
            self._line.release()


def _connect(server: Server, line: Line, domain: str) -> smtplib.SMTP:
    """An encrypted, authenticated connection; failures here say nothing about the message, so all may pass."""
    try:
        return _greet(server, line, domain)
    except smtplib.SMTPResponseException as error:
        raise DeliveryError(f"{server.host}: {_said(error)}", permanent=False) from None
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"{server.host}: {one_line(str(error)) or type(error).__name__}", permanent=False) from None


def _greet(server: Server, line: Line, domain: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.tls == "smtps":
        connection = Smtps(line, server.host, server.port, domain, timeout=_SECONDS, context=context)
    else:
        connection = Smtp(line, server.host, server.port, domain, timeout=_SECONDS)
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
        code, reply = connection.docmd("DATA")
        if code != 354:
            raise smtplib.SMTPResponseException(code, reply)
    except smtplib.SMTPResponseException as error:
        raise _refused(error) from None
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"connection lost: {one_line(str(error))}", permanent=False) from None
    return _body(connection, letter)


def _body(connection: smtplib.SMTP, letter: bytes) -> str:
    # Not smtplib's data(), which does not tell a line lost before the letter from one lost after it.
    stuffed = re.sub(rb"(?m)^\.", b"..", letter)  # RFC 5321, 4.5.2
    try:
        connection.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, reply = connection.getreply()
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
