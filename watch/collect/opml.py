"""OPML, the lists that feed readers exchange (http://opml.org/spec2.opml), in and out. Pure.

What comes in may be written by anybody, and of a public collection of lists one in five is no XML (quotes and bare `&`
in attributes). So there is no XML parser here, hence no DTD, no entities of the file's own and nothing it could fetch:
outlines are taken tag by tag, depth and number are bounded, and every line that is no feed says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import quoteattr

from watch.collect import encoding
from watch.collect import text as texts
from watch.errors import Refused

MAX_BYTES = 20_000_000
MAX_DEPTH = 20
MAX_LINES = 10_000
_ROOT = re.compile(r"<opml(?=[\s>])", re.IGNORECASE)
_TOKEN = re.compile(r"<outline(?=[\s/>])|<!--|</(?:(outline)|body|opml)\s{0,9}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?:^|\s)([A-Za-z][\w:.-]{0,40})\s{0,20}=\s{0,20}([\"'])")
_FEEDS = frozenset({"", "rss", "rss1", "rss2", "atom", "feed", "json", "jsonfeed", "xml", "pie", "rdf"})


@dataclass(frozen=True, slots=True)
class Outline:
    """One line of a list: a feed, or, with a `problem`, why it is none. `tags` are the folders it lies in."""

    line: int
    title: str
    url: str
    tags: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed to write."""

    title: str
    url: str
    tags: tuple[str, ...] = ()


def read(body: bytes) -> list[Outline]:
    """The lines of an OPML file, in its order. Raises Refused for what is no OPML file.

    One that breaks off is read as far as it goes, and a last outline says so.
    """
    if len(body) > MAX_BYTES:
        raise Refused(f"the file is larger than {MAX_BYTES // 1_000_000} MB")
    text = encoding.decode(body)
    root = _ROOT.search(text, 0, 100_000)
    if root is None:
        raise Refused("this is no OPML file: it has no <opml>")
    # From the root on: what stands before is a declaration, a DOCTYPE with its entities, or junk.
    return _Reader(line=1 + text.count("\n", 0, root.start())).read(text[root.start() :])


def write(feeds: Iterable[Listed], *, now: datetime) -> str:
    """An OPML 2.0 file that feed readers take: a folder for each first tag, all tags as `category`."""
    folders: dict[str, list[Listed]] = {}
    for one in feeds:
        folders.setdefault(one.tags[0] if one.tags else "", []).append(one)
    lines = [line for folder in sorted(folders) for line in _folder(folder, folders[folder])]
    head = f"  <head>\n    <title>Hune</title>\n    <dateCreated>{format_datetime(now)}</dateCreated>\n  </head>"
    body = "\n".join(["  <body>", *lines, "  </body>"])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n{head}\n{body}\n</opml>\n'


def _folder(name: str, feeds: list[Listed]) -> list[str]:
    if not name:
        return [_line(one, "    ") for one in feeds]
    words = quoteattr(name)
    return [f"    <outline text={words} title={words}>", *(_line(one, "      ") for one in feeds), "    </outline>"]


def _line(one: Listed, indent: str) -> str:
    title, url = quoteattr(one.title), quoteattr(one.url)
    # A slash or comma would part the name: OPML knows no escape for them.
    tags = ",".join("/" + re.sub(r"[/,]", " ", tag) for tag in one.tags)
    category = f" category={quoteattr(tags)}" if tags else ""
    return f'{indent}<outline type="rss" text={title} title={title} xmlUrl={url}{category}/>'


@dataclass(slots=True)
class _Folder:
    title: str
    line: int
    is_feed: bool
    children: int = 0


@dataclass(slots=True)
class _Reader:
    """The state of reading one file; `line` is that of the tag at hand, `open` the outlines around it."""

    line: int
    found: list[Outline] = field(default_factory=list)
    open: list[_Folder] = field(default_factory=list)

    def read(self, text: str) -> list[Outline]:
        at, ended = 0, False
        while token := _TOKEN.search(text, at):
            self.line += text.count("\n", at, token.start())
            at = token.end()
            word = token[0][:4].lower()
            if word == "<!--":
                end = text.find("-->", at)
                self.line += text.count("\n", at, end) if end >= 0 else 0
                at = end + 3 if end >= 0 else len(text)
            elif word == "<out" and len(self.found) >= MAX_LINES:
                self._problem(f"the file has more than {MAX_LINES:,} lines; the rest is left out")
                return self.found
            elif word == "<out":
                after = _TOKEN.search(text, at)
                self._start(text[at : after.start() if after else len(text)])
            elif token[1]:
                self._end()
            else:
                ended = True
        if not ended:
            self._problem("the file breaks off here")
        return self.found

    def _start(self, tag: str) -> None:
        if self.open:
            self.open[-1].children += 1
        inside, closed, _ = tag.rpartition(">")
        if not closed:
            return  # cut in the middle: half an address is another address
        given = _attributes(inside)
        title = _words(given.get("title") or given.get("text") or "")
        url, kind = _address(given), given.get("type", "").lower()
        is_feed = bool(url or kind in ("link", "include"))
        if is_feed:
            self._feed(title, url, kind, _categories(given.get("category", "")))
        self.open.append(_Folder(title, self.line, is_feed))
        if inside.rstrip().endswith("/"):
            self._end()

    def _feed(self, title: str, url: str, kind: str, categories: list[str]) -> None:
        folders = [folder.title for folder in self.open[:MAX_DEPTH] if folder.title and not folder.is_feed]
        tags = tuple(dict.fromkeys([*folders, *categories]))[:50]
        problem = _unfit(kind, url) or (_TOO_DEEP if len(self.open) > MAX_DEPTH else None)
        self.found.append(Outline(self.line, title, url[:4_000], tags, problem))

    def _end(self) -> None:
        folder = self.open.pop() if self.open else None
        if folder and not folder.is_feed and not folder.children:
            self._problem("no feed: it has no xmlUrl", line=folder.line, title=folder.title)

    def _problem(self, why: str, *, line: int | None = None, title: str = "") -> None:
        self.found.append(Outline(self.line if line is None else line, title, "", (), why))


def _attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag, names in lower case. A quote in a value, which some readers write, is no end of it."""
    starts = list(_ATTRIBUTE.finditer(tag))[:50]
    ends = [*(start.start() for start in starts[1:]), len(tag)]
    given: dict[str, str] = {}
    for start, end in zip(starts, ends, strict=False):
        value = tag[start.end() : end]
        stop = value.rfind(start[2])
        words = texts.unescape_exactly(value[: stop if stop >= 0 else None])
        given.setdefault(start[1].lower(), texts.clean(words).strip())
    return given


_TOO_DEEP = f"it lies deeper than {MAX_DEPTH} folders"


def _unfit(kind: str, url: str) -> str | None:
    if kind == "include":
        return "another list stands there: import that file itself"
    if kind == "link":
        return "a link to a page, not a feed; `hune sources discover` looks for its feeds"
    # FreshRSS: `HTML+XPath`, `JSON+DotNotation`: pages that it takes apart by rules of its own.
    return None if kind in _FEEDS else f"it is of type {kind[:40]!r}, not a feed"


def _address(given: dict[str, str]) -> str:
    url = given.get("xmlurl") or (given.get("url", "") if given.get("type", "").lower() in _FEEDS - {""} else "")
    rest = url.removeprefix("feed:").removeprefix("//") if url.startswith("feed:") else url
    return rest if "://" in rest or rest == url else f"https://{rest}"


def _categories(text: str) -> list[str]:
    """OPML 2.0: categories are parted by commas, their levels by slashes."""
    return [tag for path in text.split(",") for part in path.split("/") if (tag := _words(part))]


def _words(text: str) -> str:
    return texts.title_to_text(text)[:200]
