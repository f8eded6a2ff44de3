"""Digest → what people read: a subject, a text, a page of HTML. Pure: the same digest gives the same bytes."""

from __future__ import annotations

from watch.digest import html as pages
from watch.digest import text as letters
from watch.digest import words
from watch.digest.build import is_empty
from watch.digest.frozen import as_json, from_json
from watch.digest.tidy import tidy
from watch.locale import number, one_line, translator
from watch.model import Digest

__all__ = ["as_json", "from_json", "html", "subject", "text"]
_SUBJECT = 200


def subject(digest: Digest) -> str:
    """The news in one line: `Aubrac Mobilier : 34 mentions (+12 %), 6 négatives, 1 incident ouvert`."""
    digest = tidy(digest)
    words_of = translator(digest.language)
    name = one_line(_names(digest), 100)
    if is_empty(digest):
        return words_of.gettext("%(brand)s: nothing new") % {"brand": name}
    line = words_of.gettext("%(brand)s: %(news)s") % {"brand": name, "news": ", ".join(_news(digest))}
    return one_line(line, _SUBJECT)


def text(digest: Digest, *, unsubscribe_url: str | None = None) -> str:
    """The digest for a terminal or a mail without HTML: 72 columns, the news in the first line."""
    return letters.write(tidy(digest), subject(digest), unsubscribe_url)


def html(digest: Digest, *, unsubscribe_url: str | None = None) -> str:
    """The digest as a page: under 100 kB whatever it holds, so that Gmail does not cut it; no images."""
    return pages.write(tidy(digest), subject(digest), unsubscribe_url)


def _news(digest: Digest) -> list[str]:
    ours = [brand for brand in digest.brands if brand.role != "competitor"] or list(digest.brands)
    total = sum(brand.tally.total for brand in ours)
    negative = sum(brand.tally.negative for brand in ours)
    known = [brand.usual for brand in ours if brand.usual is not None]
    change = words.change(total, sum(known), digest.language) if len(known) == len(ours) else None
    still = sum(incident.state != "resolved" for incident in digest.incidents)
    news = [words.mentions(total, digest.language) + (f" ({change})" if change else "")]
    if negative:
        news.append(words.negatives(negative, digest.language))
    if still:
        news.append(words.open_incidents(still, digest.language))
    return news


def _names(digest: Digest) -> str:
    names = [brand.brand for brand in digest.brands if brand.role == "own"] or [one.brand for one in digest.brands]
    if len(names) < 3:
        return ", ".join(names) or digest.name
    rest = {"name": names[0], "n": number(len(names) - 1, digest.language)}
    return translator(digest.language).gettext("%(name)s and %(n)s others") % rest
