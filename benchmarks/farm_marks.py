"""What the writers of the farm share: text in XML, text as HTML, dates in the forms of the wild."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from farm_values import Planted

_NAMED_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}


def escaped(text: str) -> str:
    """Text as XML and HTML have it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def html(entry: Planted, *, named: bool = True) -> str:
    """The text as well-formed HTML; `named` where references may have names that XML does not know."""
    paragraphs, space = entry.text.split("\n"), "&nbsp;" if named else "&#160;"
    pieces = [f'<div class="corps"><img src="{entry.image}" alt=""/>' if entry.image else "<div>"]
    for place, paragraph in enumerate(paragraphs):
        first, _, rest = escaped(paragraph).partition(" ")
        mode = (entry.style + place) % 5
        if mode == 0:
            pieces.append(f'<p class="chapo"><strong>{first}</strong>{space}{rest}</p>\n')
        elif mode == 1:
            pieces.append(f'<p><a href="{escaped(entry.url)}">{first}</a> {rest}</p>\n')
        elif mode == 2:
            pieces.append(f"<ul>\n<li>{first}</li>\n<li><em>{rest}</em></li></ul>\n")
        elif mode == 3:
            pieces.append(f"<blockquote><p>{first}<br/>{rest}</p></blockquote>\n")
        else:
            pieces.append(f"{first} {rest}<hr/>")
    return "".join(pieces) + "</div>"


def rfc_822(at: datetime, style: int) -> str:
    """A date as RSS has it: with an offset, a name of a zone, without the weekday."""
    forms = style % 8
    if forms < 3:
        return format_datetime(at, usegmt=forms == 0)
    if forms < 5:
        return format_datetime(at.astimezone(timezone(timedelta(hours=1 if forms == 3 else -5))))
    if forms == 5:
        name, hours = list(_NAMED_ZONES.items())[style // 8 % len(_NAMED_ZONES)]
        return format_datetime(at.astimezone(timezone(timedelta(hours=hours)))).rpartition(" ")[0] + f" {name}"
    without = format_datetime(at).partition(", ")[2]
    return without if forms == 6 else f"{without.rpartition(':')[0]} GMT"


def iso(at: datetime, style: int) -> str:
    """A date as Atom has it: with Z, an offset, or parts of a second."""
    local = at if style % 4 < 2 else at.astimezone(timezone(timedelta(hours=1 if style % 4 == 2 else -5)))
    text = local.isoformat()
    if style % 4 == 1:
        return text.replace("+00:00", ".000Z" if style // 4 % 2 else "Z")
    return text
