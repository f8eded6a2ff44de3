"""What the tests of the service ask with: a clock, a client, and a world of rows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import make
from fastapi import FastAPI
from sqlalchemy import text

from api.app import create_app
from watch import config
from watch.query import Document, index_text
from watch.store import Store, keys
from watch.store.tables import Brand, Item, ItemTopic, Source, Story, Topic

SETUP = "the-one-time-token"
PASSWORD = "correct horse battery"
TOML = '[hune]\nlanguage = "en"\ntimezone = "Europe/Paris"\n'


class Clock:
    """The service's time, which a test may move."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Client:
    """A browser or program: keeps its cookies, follows nothing."""

    app: FastAPI
    headers: dict[str, str] = field(default_factory=dict)
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    origin: str = "http://localhost:8765"

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        return asyncio.run(self._ask(method, path, given))

    async def _ask(self, method: str, path: str, given: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {**self.headers, **given.pop("headers", {})}
        async with httpx.AsyncClient(transport=transport, base_url=self.origin, cookies=self.cookies) as client:
            answer = await client.request(method, path, headers=headers, **given)
            self.cookies = client.cookies
        return answer

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.ask("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        """As a browser sends a form of this site."""
        return self.ask("POST", path, **{"headers": {"sec-fetch-site": "same-origin"}, **given})


def make_program(store: Store, clock: Clock) -> Client:
    """The application over `store`, asked by a program with a key that reads."""
    app = create_app(config.parse(TOML, {}), store, now=clock, setup_token=SETUP)
    with store.session() as session:
        key = keys.create(session, name="test", scopes=["read"], now=clock())
    return Client(app, {"authorization": f"Bearer {key}"})


@dataclass
class World:
    """Rows in a store, by the words of the glossary."""

    store: Store
    now: datetime
    brands: dict[str, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)

    def brand(self, name: str = "Aubrac", **values: Any) -> int:
        if name not in self.brands:
            self.brands[name] = self._save(make.brand(name=name, created_at=self.now, **values))
        return self.brands[name]

    def source(self, name: str = "Forum", **values: Any) -> int:
        if name not in self.sources:
            self.sources[name] = self._save(make.source(name=name, **values))
        return self.sources[name]

    def mention(self, *, hours: float = 0, brand: str = "Aubrac", source: str = "Forum", **values: Any) -> int:
        """A mention published `hours` before now, with its item; values go to the row that has such a column."""
        published = values.pop("published", self.now - timedelta(hours=hours))
        topics = values.pop("topics", {})
        brand_id, source_id = self.brand(brand), self.source(source)
        of_item = {
            key: values.pop(key) for key in list(values) if key in Item.model_fields and key not in ("spam", "tags")
        }
        of_item.setdefault("tags", values.pop("item_tags", []))
        with self.store.session() as session:
            item = make.item(session.get(Source, source_id), published=published, collected=published, **of_item)
            make.save(session, item)
            for topic, score in topics.items():
                session.add(ItemTopic(item_id=item.id, topic=topic, score=score))
            _index(session, item)
            row = make.mention(item, session.get(Brand, brand_id), **values)
            make.save(session, row)
            return int(row.id)

    def topic(self, name: str, department: str | None = None) -> int:
        return self._save(Topic(name=name, title={"fr": name}, department=department))

    def story(self, title: str = "A story") -> int:
        return self._save(Story(title=title, first_seen=self.now, last_seen=self.now))

    def save(self, row: Any) -> int:
        return self._save(row)

    def _save(self, row: Any) -> int:
        with self.store.session() as session:
            return int(make.save(session, row).id)


def _index(session: Any, item: Item) -> None:
    terms = index_text(Document(text=item.text, title=item.title).body)
    if session.get_bind().dialect.name == "postgresql":
        statement = "INSERT INTO item_index (item_id, tokens) VALUES (:id, to_tsvector('simple', :terms))"
    else:
        statement = "INSERT INTO item_index (rowid, tokens) VALUES (:id, :terms)"
    session.execute(text(statement), {"id": item.id, "terms": terms})
