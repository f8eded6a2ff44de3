"""The walk: one feed entry, from the HTTP response to the inbox; every part is real, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

import pytest
from postoffice import Mailbox, mailbox
from sqlmodel import select
from webserver import Site, web_server

from watch.config import Config, parse
from watch.model import Polled
from watch.pipeline import Pipeline
from watch.store import Store, tallies
from watch.store.tables import DigestIssue, Incident, Item, Mention

HOUR = timedelta(hours=1)
TOML = """
[hune]
language = "fr"
timezone = "Europe/Paris"
contact = "veille@example.org"
base_url = "https://hune.example.org"

[network]
allow = ["127.0.0.1:{web}"]

[[brand]]
name = "Aubrac Mobilier"
query = '"aubrac mobilier" NOT vache'

[[source]]
name = "Le Forum"
url = "http://127.0.0.1:{web}/feed.xml"
language = "fr"

[[channel]]
name = "claire"
email = "claire@example.org"

[[channel]]
name = "crm"
webhook = "http://127.0.0.1:{web}/hook"

[[alert]]
name = "colère"
kind = "negative_spike"
brand = "Aubrac Mobilier"
channels = ["claire", "crm"]

[[digest]]
name = "matinale"
to = ["claire"]
at = "07:30"
days = "daily"

[smtp]
url = "smtp://127.0.0.1:{mail}/?tls=none"
from = "Hune <hune@example.org>"
"""
ANGRY = (
    "Inadmissible. Mon lit Aubrac Mobilier s’est effondré, le service client raccroche au nez. À fuir absolument !",
    "Très déçue par Aubrac Mobilier : livré cassé, aucune réponse, un mois d’attente. Honteux.",
    "Aubrac Mobilier, plus jamais. Bois fendu au bout de trois semaines et remboursement refusé, c’est scandaleux.",
    "Arnaque totale chez Aubrac Mobilier : tiroir arraché, garantie refusée, je suis furieux et dégoûté.",
    "Service après-vente déplorable d’Aubrac Mobilier, on me ment depuis dix jours. Catastrophe du début à la fin.",
    "La honte, Aubrac Mobilier. Un canapé moisi, une odeur horrible, et personne ne rappelle. Nul.",
    "Horrible expérience avec Aubrac Mobilier, table rayée, pied bancal, vendeur méprisant. Je déconseille vivement.",
    "Dangereux ! Le lit mezzanine Aubrac Mobilier a cédé sous mon fils. Qualité lamentable, réponse inexistante.",
)


def feed(entries: list[tuple[str, str, datetime]]) -> bytes:
    items = "".join(
        f"<item><title>{escape(title)}</title><description>{escape(text)}</description>"
        f"<link>https://forum.example/t/{i}?utm_source=rss</link><guid isPermaLink='false'>t{i}</guid>"
        f"<pubDate>{format_datetime(at)}</pubDate></item>"
        for i, (title, text, at) in enumerate(entries)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>{items}</channel></rss>".encode()


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server() as found:
        yield found


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture
def config(site: Site, post: Mailbox) -> Config:
    return parse(TOML.format(web=site.port, mail=post.port), {})


def test_one_entry_walks_from_the_response_to_the_inbox(
    store: Store, site: Site, post: Mailbox, config: Config, now: datetime
) -> None:
    evening = now.replace(hour=17)
    entry = ("Ma table", "Ma table Aubrac Mobilier est superbe, merci à l’équipe !", evening - HOUR)
    pipeline = Pipeline.build(config, store, now=evening - timedelta(days=3))

    # 1–5: polled, parsed in a child, stored once
    site.pages["/feed.xml"] = feed([])
    assert outcomes(pipeline.poll(evening - timedelta(days=3))) == [("ok", 0)]
    site.pages["/feed.xml"] = feed([entry])
    done = pipeline.tick(evening)
    assert outcomes(done.polled) == [("ok", 1)]

    # 6–7: labelled
    with store.reading() as session:
        item, mention = session.exec(select(Item)).one(), session.exec(select(Mention)).one()
    assert item.url == "https://forum.example/t/0"
    assert (item.lang, item.published, item.collected) == ("fr", evening - HOUR, evening)
    assert mention.sentiment == "positive"
    assert mention.evidence

    # again: nothing new, and the server was asked politely
    assert outcomes(pipeline.tick(evening + HOUR * 2).polled) == [("not_modified", 0)]

    # 10: the digest of the next morning
    morning = (evening + timedelta(days=1)).replace(hour=6, minute=31)
    pipeline.tick(morning)
    pipeline.tick(morning + timedelta(minutes=1))
    pipeline.close()
    before, mail = post.letters
    assert post.recipients == ["claire@example.org"] * 2
    assert "rien de nouveau" in before["Subject"]
    assert "Aubrac Mobilier\u00a0: 1 mention" in mail["Subject"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    for part in (text.get_content(), html.get_content()):
        assert "superbe" in part
        assert "https://forum.example/t/0" in part
    with store.reading() as session:
        assert [issue.day for issue in session.exec(select(DigestIssue))] == [evening.date(), morning.date()]
        assert tallies.differences(session) == []


def test_a_wave_of_anger_reaches_the_inbox_and_the_webhook(
    store: Store, site: Site, post: Mailbox, config: Config, now: datetime
) -> None:
    start = now - timedelta(days=5)
    pipeline = Pipeline.build(config, store, now=start)
    site.pages["/feed.xml"] = feed([])
    pipeline.poll(start)
    site.pages["/feed.xml"] = feed([(f"Avis {i}", text, now - HOUR) for i, text in enumerate(ANGRY)])
    done = pipeline.tick(now)
    again = pipeline.tick(now + timedelta(minutes=1))
    pipeline.close()
    assert done.incidents == ["colère: Aubrac Mobilier: opened"]
    assert not again.incidents
    assert not again.delivered
    alerts = [mail for mail in post.letters if "négatives" in mail["Subject"] and "attendu" not in mail["Subject"]]
    assert [mail["Subject"].split("\u00a0")[0] for mail in alerts] == ["Aubrac Mobilier"]
    hooks = [body for method, path, body in site.log if (method, path) == ("POST", "/hook")]
    assert len(hooks) == 1
    assert b"Aubrac Mobilier" in hooks[0]
    with store.reading() as session:
        assert session.exec(select(Incident)).one().state == "open"


def outcomes(polled: list[Polled] | tuple[Polled, ...]) -> list[tuple[str, int]]:
    return [(one.outcome, one.new) for one in polled]
