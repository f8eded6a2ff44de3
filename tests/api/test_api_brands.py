"""`GET /brands`: what names a brand, and what words mean for it."""

from __future__ import annotations

from datetime import datetime

from asking import Client

from watch import config
from watch.store import Store
from watch.store.declared import declare

FILE = '[[brand]]\nname = "Ludo"\nquery = "ludo"\nwords = { "guerre" = "neutral" }\n'


def test_a_brand_is_shown_with_its_query_and_its_word_rules(
    program: Client, sqlite_store: Store, now: datetime
) -> None:
    declare(sqlite_store, config.parse(FILE, {}), now)
    expected = {"name": "Ludo", "role": "own", "query": "ludo", "words": {"guerre": "neutral"}, "managed": True}
    assert program.get("/api/v1/brands").json()["items"] == [expected]
