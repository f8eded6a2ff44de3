"""The digest as HTML: an MJML template, rendered by a library into what mail programs understand.

No images; light and dark; phone first. Everything that comes from outside is escaped by the template engine.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import mjml
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from watch.digest import words
from watch.digest.build import is_empty
from watch.digest.tidy import repeats
from watch.locale import day, install, moment, number, percent, short_day, translator, web_address
from watch.model import BrandDay, Digest, Language, Tally

LIMIT = 95_000
"""Bytes: Gmail cuts at 102 kB, and the mail's own headers count."""
_MOST = (10, 6, 3, 1)  # lines a section, tried in this order until the page is small enough


def write(digest: Digest, news: str, unsubscribe_url: str | None) -> str:
    """The whole page; `news` is its title."""
    for most in _MOST:
        page = _render(digest, news, unsubscribe_url, most)
        if len(page.encode()) <= LIMIT:
            break
    return page


def _render(digest: Digest, news: str, unsubscribe_url: str | None, most: int) -> str:
    ours = [brand for brand in digest.brands if brand.role != "competitor"][: 4 * most]
    rivals = [brand for brand in digest.brands if brand.role == "competitor"][: 4 * most]
    template = _environment(digest.language).get_template("digest.mjml")
    source = template.render(
        digest=digest,
        news=news,
        day=day(digest.date, digest.language),
        empty=is_empty(digest),
        ours=ours,
        rivals=rivals,
        rival_names={brand.brand for brand in rivals},
        several=len(ours) != 1,
        most=most,
        unsubscribe_url=web_address(unsubscribe_url),
        **_helpers(digest),
    )
    # No fonts to load: a mail asks nothing of the network.
    return str(mjml.mjml2html(source, disable_comments=False, fonts={}))


def _helpers(digest: Digest) -> dict[str, Any]:
    """Functions of the template, in the reader's language and zone."""
    language, zone = digest.language, digest.timezone
    phrases = ("mentions", "negatives", "neutrals", "positives", "reprints", "tone", "topic", "state")
    return {
        **{name: partial(getattr(words, name), language=language) for name in phrases},
        "moment": partial(moment, language=language, zone=zone),
        "short_day": partial(short_day, language=language, zone=zone),
        "percent": partial(percent, language=language),
        "number": lambda value, digits=0: number(value, language, digits=digits),
        "change": lambda brand: words.change(brand.tally.total, brand.usual, language),
        "usual": partial(_usual, language),
        "mentions_word": lambda n: translator(language).ngettext("mention", "mentions", n),
        "share": _share,
        "repeats": repeats,
        "page": lambda kind, id: f"{digest.base_url}/{kind}/{id}" if digest.base_url else None,
    }


def _usual(language: Language, brand: BrandDay) -> str:
    return words.usual(brand.usual or 0.0, language)


def _share(part: int, tally: Tally) -> int:
    return max(1, round(100 * part / tally.total))


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("watch.digest"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install(environment, language)
    return environment
