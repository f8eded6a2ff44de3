"""A message → the bytes of a mail (RFC 5322, 2047, 2369, 2919, 3834, 8058); the same message, the same bytes."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any

from watch.errors import DeliveryError
from watch.locale import one_line
from watch.model import Message

_SUBJECT = 200
_WHOLE = frozenset({"list-unsubscribe", "message-id", "list-id"})


class _Policy(EmailPolicy):
    """SMTP lines, with two headers kept from the library's parser (CPython 3.11 to 3.14).

    Addresses of the web are never folded: the library would encode the long ones as words. A subject is encoded, not
    read: the library decodes `=?utf-8?q?=0D=0ABcc:…?=` in what it is given, and writes the line break out.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return (name, str(value)) if name.lower() == "subject" else super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() == "subject":
            return f"{name}: {_words(value)}\r\n".encode("ascii")
        if name.lower() in _WHOLE:
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n", max_line_length=78)


def compose(message: Message, *, sender: str, recipient: str, now: datetime) -> bytes:
    """The mail to `recipient`: text first, HTML last. Raises DeliveryError for an address that cannot be written."""
    name, address = parseaddr(sender)
    domain = ascii_address(address).rpartition("@")[2]
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = Address(one_line(name, 100), addr_spec=ascii_address(address))
    letter["To"] = Address(addr_spec=ascii_address(recipient))
    letter["Subject"] = one_line(message.title, _SUBJECT)
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = message_id(message.id, recipient, domain)
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    _list_headers(letter, message, domain)
    _parts(letter, message)
    return letter.as_bytes()


def message_id(name: str, recipient: str, domain: str) -> str:
    """`<name.hash-of-recipient@domain>`: the same for every try, so that a second copy is recognised."""
    mark = hashlib.sha256(recipient.encode("utf-8", "replace")).hexdigest()[:12]
    return f"<{_slug(name)}.{mark}@{domain}>"


def ascii_address(address: str) -> str:
    """`claire@exämple.org` → its domain in punycode. Raises DeliveryError where SMTP cannot carry it."""
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        Address(addr_spec=f"{local}@{ascii_domain}").addr_spec.encode("ascii")
    except Exception:  # the library raises many kinds for a malformed address
        raise DeliveryError("this address cannot be written in a mail", permanent=True) from None
    return f"{local}@{ascii_domain}"


def _words(text: str) -> str:
    """A text as RFC 2047 writes it; plain ASCII as it is."""
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name="Subject", maxlinelen=75).encode(linesep="\r\n")


def _list_headers(letter: EmailMessage, message: Message, domain: str) -> None:
    if message.list_id:
        letter["List-Id"] = f"<{_slug(message.list_id)}.hune.{domain}>"
    if (
        message.unsubscribe_url
        and message.unsubscribe_url.isascii()
        and not re.search(r"[\s<>]", message.unsubscribe_url)
    ):
        letter["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _parts(letter: EmailMessage, message: Message) -> None:
    letter.set_content(_sound(message.text), cte="quoted-printable")
    if message.html:
        letter.add_alternative(_sound(message.html), subtype="html", cte="quoted-printable")
        letter.set_boundary("=_hune_" + hashlib.sha256(message.id.encode("utf-8", "replace")).hexdigest()[:24])


def _sound(text: str) -> str:
    """Without lone surrogates and NUL, which no mail can carry."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _slug(name: str) -> str:
    """Letters, digits and dashes; what would be lost is kept in a hash."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:64]
    if plain == name:
        return plain
    return f"{plain or 'hune'}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:6]}"
