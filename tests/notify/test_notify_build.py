from __future__ import annotations

from watch import config
from watch.net import Gate
from watch.notify import channels
from watch.notify.apprise import Chat
from watch.notify.email import Mail
from watch.notify.webhook import Webhook

TEXT = """
[[channel]]
name = "equipe"
url = "json://localhost/${TOKEN}"
[[channel]]
name = "patronne"
email = "claire@example.org"
[[channel]]
name = "crm"
webhook = "https://crm.example.org/hook"
secret = "${TOKEN}"
"""
SMTP = '[smtp]\nurl = "smtp://localhost/?tls=none"\nfrom = "hune@example.org"\n'


def test_every_kind_of_channel_is_built() -> None:
    built = channels(config.parse(TEXT + SMTP, {"TOKEN": "t"}), gate=Gate())
    assert {name: type(channel) for name, channel in built.items()} == {
        "equipe": Chat,
        "patronne": Mail,
        "crm": Webhook,
    }


def test_addresses_need_a_mail_server() -> None:
    assert list(channels(config.parse(TEXT, {"TOKEN": "t"}), gate=Gate())) == ["equipe", "crm"]


def test_what_a_channel_shows_of_itself_holds_no_secret() -> None:
    built = channels(config.parse(TEXT + SMTP, {"TOKEN": "s3cr3t"}), gate=Gate())
    assert "s3cr3t" not in repr(built)
