"""Numbers, percentages, days and hours as the reader's language writes them (Babel, CLDR).

French narrow no-break spaces (U+202F) become plain no-break ones: mail programs and terminals draw the former as a box.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from watch.model import Language

_TAGS = {"fr": "fr", "en": "en_GB"}


def number(value: float, language: Language, *, digits: int = 0) -> str:
    """`1234.5` → `1 234,5`; at most `digits` decimals."""
    pattern = "#,##0." + "#" * digits if digits else "#,##0"
    return _plain(format_decimal(round(value, digits), pattern, locale=_TAGS[language]))


def percent(share: float, language: Language) -> str:
    """`0.124` → `12 %`."""
    return _plain(format_percent(share, locale=_TAGS[language]))


def signed_percent(share: float, language: Language) -> str:
    """`0.124` → `+12 %`; the minus is U+2212."""
    sign = "−" if share < 0 else "+"
    return sign + percent(abs(share), language)


def day(value: date, language: Language) -> str:
    """`samedi 21 novembre 2026`."""
    return _plain(format_date(value, "full" if language == "fr" else "EEEE d MMMM y", locale=_TAGS[language]))


def short_day(value: datetime, language: Language, zone: str) -> str:
    """`21 nov., 07:30`, in `zone`."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{format_skeleton('MMMd', local, locale=_TAGS[language])}, {local:%H:%M}"


def moment(value: datetime, language: Language, zone: str) -> str:
    """`sam. 21 nov., 07:30`, in `zone`."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{format_skeleton('MMMEd', local, locale=_TAGS[language])}, {local:%H:%M}"


def _plain(text: str) -> str:
    return text.replace("\u202f", "\u00a0")
