"""The phrases of a digest, in the reader's language: counts, tones, topics, failures."""

from __future__ import annotations

from watch.locale import number, signed_percent, translator
from watch.model import BrandDay, Language, Sentiment


def N_(message: str) -> str:  # noqa: N802  # gettext's custom: marks a message for extraction
    """Mark `message` for translators; it is translated where it is used."""
    return message


_TOPICS = {
    "problem_report": N_("problem"),
    "feature_request": N_("suggestion"),
    "question": N_("question"),
    "praise": N_("praise"),
    "delivery": N_("delivery"),
    "price_billing": N_("price and billing"),
    "support": N_("customer service"),
    "quality": N_("quality"),
    "app_site": N_("app and site"),
    "shop_staff": N_("shop and staff"),
    "job_company": N_("jobs"),
    "news_launch": N_("launch"),
    "news_results": N_("results"),
    "news_people": N_("people"),
    "news_partnership": N_("partnership"),
    "news_legal": N_("law"),
    "news_incident": N_("incident"),
    "culture": N_("culture"),
    "environment": N_("environment"),
    "politics_society": N_("society"),
    "sport": N_("sport"),
    "other": N_("other"),
}
TOPICS = tuple(_TOPICS)
"""The topics that the models know."""
_FAILURES = {
    "dns": N_("its name is not known to the network"),
    "connect": N_("no connection"),
    "tls": N_("its certificate is not valid"),
    "timeout": N_("no answer in time"),
    "deadline": N_("too slow"),
    "too_large": N_("its page is too large"),
    "encoding": N_("its page cannot be unpacked"),
    "redirect": N_("it redirects without end"),
    "blocked": N_("its address is not permitted"),
    "http_4xx": N_("it refuses"),
    "http_5xx": N_("its server is broken"),
    "rate_limited": N_("it asks us to slow down"),
    "not_a_feed": N_("what it answers is not a feed"),
    "parse": N_("its page cannot be read"),
    "truncated": N_("its page is cut off"),
    "protocol": N_("it does not speak HTTP properly"),
}


def tone(sentiment: Sentiment, language: Language, *, sure: bool = True) -> str:
    """`negative` → `négatif`, or `pas sûr (négatif)`."""
    words = translator(language)
    said = {
        "negative": words.pgettext("tone", "negative"),
        "neutral": words.pgettext("tone", "neutral"),
        "positive": words.pgettext("tone", "positive"),
    }[sentiment]
    return said if sure else words.pgettext("tone", "not sure (%(tone)s)") % {"tone": said}


def state(name: str, language: Language) -> str:
    """`resolved` → `résolu`."""
    words = translator(language)
    return {
        "open": words.pgettext("incident", "open"),
        "acknowledged": words.pgettext("incident", "acknowledged"),
        "resolved": words.pgettext("incident", "resolved"),
    }.get(name, name)


def topic(name: str, language: Language) -> str:
    """The words for a topic of the models; a person's own topic stays as it is."""
    return translator(language).gettext(_TOPICS[name]) if name in _TOPICS else name


def failure(kind: str | None, http_status: int | None, language: Language) -> str:
    """Why a source could not be read, in a few words: `it refuses (403)`."""
    words = translator(language).gettext(_FAILURES.get(kind or "", N_("it could not be read")))
    return f"{words} ({http_status})" if http_status else words


def mentions(n: int, language: Language) -> str:
    """`34 mentions`."""
    return translator(language).ngettext("%(n)s mention", "%(n)s mentions", n) % {"n": number(n, language)}


def negatives(n: int, language: Language) -> str:
    """`6 négatives`."""
    return translator(language).ngettext("%(n)s negative", "%(n)s negative", n) % {"n": number(n, language)}


def neutrals(n: int, language: Language) -> str:
    """`20 neutres`."""
    return translator(language).ngettext("%(n)s neutral", "%(n)s neutral", n) % {"n": number(n, language)}


def positives(n: int, language: Language) -> str:
    """`8 positives`."""
    return translator(language).ngettext("%(n)s positive", "%(n)s positive", n) % {"n": number(n, language)}


def reprints(n: int, language: Language) -> str:
    """`3 reprises`."""
    return translator(language).ngettext("%(n)s reprint", "%(n)s reprints", n) % {"n": number(n, language)}


def open_incidents(n: int, language: Language) -> str:
    """`1 incident ouvert`."""
    words = translator(language).ngettext("%(n)s open incident", "%(n)s open incidents", n)
    return words % {"n": number(n, language)}


def change(total: int, usual: float | None, language: Language) -> str | None:
    """`+12 %` against the usual; None where that is not known."""
    return signed_percent((total - usual) / usual, language) if usual else None


def usual(value: float, language: Language) -> str:
    """`30`; with a decimal below ten: `2,5`."""
    return number(value, language, digits=0 if value >= 10 else 1)


def net(brand: BrandDay) -> float | None:
    """Net sentiment, −1 to 1: positives less negatives, of all. None without mentions."""
    tally = brand.tally
    return (tally.positive - tally.negative) / tally.total if tally.total else None
