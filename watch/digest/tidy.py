"""A digest whose words from outside can be shown anywhere: on one line, bounded, without hidden characters.

What is built is tidy already; what renders does not rely on it.
"""

from __future__ import annotations

from dataclasses import replace

from watch.locale import one_line, web_address
from watch.model import BrandDay, Coverage, Digest, IncidentLine, Line

TITLE, SNIPPET, NAME = 300, 280, 100
_TAG = 20


def tidy(digest: Digest) -> Digest:
    """The same digest, every word and address made harmless (bar H53–H57)."""
    return replace(
        digest,
        name=one_line(digest.name, NAME),
        brands=tuple(_brand(brand) for brand in digest.brands),
        incidents=tuple(_incident(incident) for incident in digest.incidents),
        to_answer=tuple(tidy_line(line) for line in digest.to_answer),
        said=tuple(tidy_line(line) for line in digest.said),
        competitors=tuple(tidy_line(line) for line in digest.competitors),
        coverage=_coverage(digest.coverage),
    )


def tidy_line(line: Line) -> Line:
    """One line of it."""
    return replace(
        line,
        brand=one_line(line.brand, NAME),
        title=_quotes(one_line(line.title, TITLE)),
        url=web_address(line.url),
        source=one_line(line.source, NAME),
        snippet=_quotes(one_line(line.snippet, SNIPPET)),
        topic=one_line(line.topic, NAME) if line.topic else None,
        lang=line.lang[:_TAG] if line.lang and line.lang.isascii() and line.lang.replace("-", "").isalnum() else None,
    )


def repeats(title: str, text: str) -> bool:
    """Whether `title` is only how `text` begins, cut or whole, as the feeds of microblogs have it."""
    head = " ".join(title.rstrip(" .…").casefold().split())
    return head != "" and " ".join(text.casefold().split()).startswith(head)


def _quotes(text: str) -> str:
    # A line must not end with an opening quotation mark, nor begin with a closing one.
    return text.replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def _brand(brand: BrandDay) -> BrandDay:
    named = tuple((one_line(name, NAME), count) for name, count in brand.topics)
    return replace(brand, brand=one_line(brand.brand, NAME), topics=named)


def _incident(incident: IncidentLine) -> IncidentLine:
    brand = one_line(incident.brand, NAME) if incident.brand else None
    return replace(incident, rule=one_line(incident.rule, NAME), brand=brand)


def _coverage(coverage: Coverage) -> Coverage:
    failed = tuple((one_line(name, NAME), one_line(why, NAME)) for name, why in coverage.failed)
    return replace(coverage, failed=failed, silent=tuple(one_line(name, NAME) for name in coverage.silent))
