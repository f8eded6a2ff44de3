"""What an incident says to people: the news first, then the reason, then the mentions behind it (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from watch.locale import moment, number, one_line, percent, translator, web_address
from watch.model import Language, Message, Severity, Spike

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Quoted:
    """A mention that a message shows."""

    snippet: str
    source: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Voice:
    """How we speak: language, zone, and the public address of this Hune, if it has one."""

    language: Language
    timezone: str
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What there is to say of an incident."""

    incident_id: int
    change: str
    kind: str
    rule: str
    brand: str
    severity: Severity
    spike: Spike
    quoted: Sequence[Quoted]


def compose(news: News, voice: Voice, *, sequence: int) -> Message:
    """The message of a change; `sequence` counts the messages of an incident, so that the id stays the same."""
    title = one_line(_title(news, voice))
    link = f"{voice.base_url}/alerts/{news.incident_id}" if voice.base_url else None
    return Message(
        id=f"alert.{news.incident_id}.{sequence}",
        title=title,
        text="\n".join([title, "", *_reason(news, voice), *_quotes(news), *([link, ""] if link else [])]),
        severity=news.severity,
        link=link,
        data={"incident": news.incident_id, "change": news.change, "brand": news.brand, "rule": news.rule},
    )


def _title(news: News, voice: Voice) -> str:
    _, ngettext = translator(voice.language).gettext, translator(voice.language).ngettext
    spike = news.spike
    if news.change == "resolved":
        return _("%(brand)s: back to normal (%(rule)s)") % {"brand": news.brand, "rule": news.rule}
    if news.kind == "negative_spike":
        said = ngettext(
            "%(brand)s: %(count)s negative mention in %(hours)s h, %(usual)s expected",
            "%(brand)s: %(count)s negative mentions in %(hours)s h, %(usual)s expected",
            spike.observed,
        )
    else:
        said = ngettext(
            "%(brand)s: %(count)s mention in %(hours)s h, %(usual)s expected",
            "%(brand)s: %(count)s mentions in %(hours)s h, %(usual)s expected",
            spike.observed,
        )
    return said % {
        "brand": news.brand,
        "count": number(spike.observed, voice.language),
        "hours": spike.window,
        "usual": number(spike.expected, voice.language, digits=1),
    }


def _reason(news: News, voice: Voice) -> list[str]:
    _ = translator(voice.language).gettext
    spike, language = news.spike, voice.language
    if news.change == "resolved":
        return [_("The last hours are within the usual range again."), ""]
    lines = [
        _("Until %(until)s: %(total)s mentions, of which %(share)s negative (usually %(usual)s).")
        % {
            "until": moment(spike.until, language, voice.timezone),
            "total": number(spike.total, language),
            "share": percent(spike.share, language),
            "usual": percent(spike.usual_share, language),
        },
        _("Usual range for such a window: %(lower)s to %(upper)s.")
        % {"lower": number(spike.lower, language), "upper": number(spike.upper, language)},
        _("Rule: %(rule)s. Severity: %(severity)s.")
        % {"rule": one_line(news.rule), "severity": _severity(news.severity, language)},
    ]
    if spike.learning:
        lines.append(_("Still learning: Hune has listened for less than two weeks."))
    return [*lines, ""]


def _severity(severity: Severity, language: Language) -> str:
    _ = translator(language).gettext
    return {"warning": _("warning"), "high": _("high"), "critical": _("critical")}[severity]


def _quotes(news: News) -> list[str]:
    lines: list[str] = []
    for quoted in news.quoted[:_SHOWN]:
        lines.append(f"- {one_line(quoted.snippet, 240)} ({one_line(quoted.source, 80)})")
        if address := web_address(quoted.url):
            lines.append(f"  {address}")
    return [*lines, ""] if lines else []
