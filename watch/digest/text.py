"""The digest as text: 72 columns, the news first, every line with its item."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from watch.digest import words
from watch.digest.build import is_empty
from watch.digest.tidy import repeats
from watch.locale import day, moment, number, percent, short_day, translator
from watch.model import BrandDay, Digest, IncidentLine, Line

WIDTH = 72
_MOST = 12


def write(digest: Digest, news: str, unsubscribe_url: str | None) -> str:
    """The whole text; `news` is its first line."""
    _ = translator(digest.language).gettext
    body = [news, "=" * min(len(news), WIDTH), *_period(digest)]
    if is_empty(digest):
        body += ["", *_wrap(_("Nothing to report: no mention, no incident."))]
    else:
        body += [line for section in _sections(digest) for line in section]
    return "\n".join([*body, *_coverage(digest), *_foot(digest, unsubscribe_url), ""])


def _period(digest: Digest) -> Iterator[str]:
    _ = translator(digest.language).gettext
    since, until = (moment(at, digest.language, digest.timezone) for at in (digest.since, digest.until))
    yield day(digest.date, digest.language)
    yield _("from %(since)s to %(until)s") % {"since": since, "until": until}
    if digest.late:
        yield _("This digest is late: it could not be built at its hour.")


def _sections(digest: Digest) -> Iterator[list[str]]:
    _ = translator(digest.language).gettext
    yield [*_head(_("At a glance")), *_all(_brand(brand, digest) for brand in digest.brands)]
    if digest.incidents:
        yield [*_head(_("Incidents")), *_all(_incident(incident, digest) for incident in digest.incidents[:_MOST])]
    for title, lines in (
        (_("To answer first"), digest.to_answer),
        (_("What is said"), digest.said),
        (_("Competitors"), digest.competitors),
    ):
        if lines:
            told = _all(_line(n, line, digest) for n, line in enumerate(lines[:_MOST], 1))
            yield [*_head(title), *told, *_more(lines, digest)]


def _all(blocks: Iterator[list[str]]) -> Iterator[str]:
    for index, block in enumerate(blocks):
        if index:
            yield ""
        yield from block


def _head(title: str) -> list[str]:
    return ["", "", title.upper(), "-" * len(title)]


def _brand(brand: BrandDay, digest: Digest) -> list[str]:
    _, language, tally = translator(digest.language).gettext, digest.language, brand.tally
    change = words.change(tally.total, brand.usual, language)
    told = [words.mentions(tally.total, language) + (f" ({change})" if change else "")]
    if brand.usual is not None:
        told.append(_("usually %(n)s") % {"n": words.usual(brand.usual, language)})
    told.append(_("share of voice %(share)s") % {"share": percent(brand.share_of_voice, language)})
    lines = [brand.brand, *_wrap(" · ".join(told), "  ")]
    if tally.total:
        tones = words.negatives, words.neutrals, words.positives
        counts = (tally.negative, tally.neutral, tally.positive)
        lines += _wrap(" · ".join(tone(n, language) for tone, n in zip(tones, counts, strict=True)), "  ")
    if tally.stories != tally.total:
        lines += _wrap(_("%(n)s without reprints") % {"n": number(tally.stories, language)}, "  ")
    if brand.topics:
        named = ", ".join(f"{words.topic(name, language)} ({number(n, language)})" for name, n in brand.topics)
        lines += _wrap(_("topics: %(topics)s") % {"topics": named}, "  ")
    return lines


def _incident(incident: IncidentLine, digest: Digest) -> list[str]:
    values = {
        "observed": number(incident.observed, digest.language),
        "expected": number(incident.expected, digest.language, digits=1),
        "since": moment(incident.opened_at, digest.language, digest.timezone),
    }
    told = translator(digest.language).gettext("%(observed)s seen, %(expected)s usual; since %(since)s") % values
    head = f"{incident.brand or ''} · {incident.rule} [{words.state(incident.state, digest.language)}]".strip(" ·")
    link = [f"  {digest.base_url}/alerts/{incident.id}"] if digest.base_url else []
    return [*_wrap(head), *_wrap(told, "  "), *link]


def _line(n: int, line: Line, digest: Digest) -> list[str]:
    _, language = translator(digest.language).gettext, digest.language
    mark = f"{n}. "
    indent = " " * len(mark)
    tone = words.tone(line.sentiment, language, sure=line.sure)
    marks = [line.source, short_day(line.published, language, digest.timezone), tone]
    marks += [words.topic(line.topic, language)] if line.topic else []
    marks += [words.reprints(line.copies - 1, language)] if line.copies > 1 else []
    marks += [line.brand] if _needs_brand(line, digest) else []
    quoted = [_("“%(text)s”") % {"text": line.snippet}] if line.snippet else []
    title = [] if repeats(line.title, line.snippet) else [line.title or _("(no title)")]
    head, *rest = [*title, *quoted]
    links = [line.url] if line.url else []
    links += [f"{digest.base_url}/mentions/{line.mention_id}"] if digest.base_url else []
    return [
        *_wrap(head, indent, first=mark),
        *(wrapped for part in rest for wrapped in _wrap(part, indent)),
        *_wrap(" · ".join(marks), indent),
        *(indent + link for link in links),
    ]


def _needs_brand(line: Line, digest: Digest) -> bool:
    ours = [brand.brand for brand in digest.brands if brand.role != "competitor"]
    return len(ours) != 1 or line.brand not in ours


def _more(lines: tuple[Line, ...], digest: Digest) -> list[str]:
    rest = len(lines) - _MOST
    if rest <= 0:
        return []
    words_of = translator(digest.language)
    return ["", words_of.ngettext("… and %(n)s more", "… and %(n)s more", rest) % {"n": number(rest, digest.language)}]


def _coverage(digest: Digest) -> list[str]:
    _, language, coverage = translator(digest.language).gettext, digest.language, digest.coverage
    counts = {"asked": number(coverage.asked, language), "answered": number(coverage.answered, language)}
    lines = [*_head(_("Coverage")), *_wrap(_("sources asked: %(asked)s · answered: %(answered)s") % counts)]
    if coverage.failed:
        lines.append(_("not read:"))
        failed = [_("%(brand)s: %(news)s") % {"brand": name, "news": why} for name, why in coverage.failed]
        lines += [row for told in failed for row in _wrap(told, "    ", first="  - ")]
    if coverage.silent:
        lines += _wrap(_("nothing new for a week: %(names)s") % {"names": ", ".join(coverage.silent)})
    return lines


def _foot(digest: Digest, unsubscribe_url: str | None) -> list[str]:
    if not unsubscribe_url:
        return []
    return ["", "--", translator(digest.language).gettext("No more of these mails:"), unsubscribe_url]


def _wrap(text: str, indent: str = "", *, first: str | None = None) -> list[str]:
    # Long words are addresses: cut, they would lead nowhere.
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent if first is None else first, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
