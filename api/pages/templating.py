"""Templates, in the language of the configuration."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.pages import styles
from api.service import Service
from watch import locale
from watch.digest import words
from watch.digest.tidy import repeats
from watch.model import Language

_COUNTED = {"negative": words.negatives, "neutral": words.neutrals, "positive": words.positives}


@cache
def environment(language: Language) -> Environment:
    """The templates in `language`; everything is escaped."""
    made = Environment(
        loader=PackageLoader("api", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    locale.install(made, language)
    made.globals.update(language=language, stylesheet=styles.address(), repeats=repeats)
    made.filters.update(
        number=lambda value, digits=0: locale.number(value, language, digits=digits),
        percent=lambda share: locale.percent(share, language),
        day=lambda value: locale.day(value, language),
        web=locale.web_address,
        topic=lambda name: words.topic(name, language),
        counted=lambda n, sentiment: _COUNTED[sentiment](n, language),
        failure=lambda kind: words.failure(kind, None, language),
    )
    return made


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """A page. `person` is the visitor, None at the doors."""
    service: Service = request.app.state.service
    language = service.config.hune.language
    zone = service.config.hune.timezone
    now = service.now()
    made = environment(language).get_template(template)
    text = made.render(
        person=getattr(request.state, "person", None),
        path=request.url.path,
        moment=lambda value: locale.moment(value, language, zone),
        short=lambda value: locale.short_day(value, language, zone),
        ago=lambda value: ago(value, now, language),
        now=now,
        today=now.astimezone(service.zone).date(),
        **values,
    )
    return HTMLResponse(text, status)


def ago(moment: datetime | None, now: datetime, language: Language) -> str:
    """How long ago, in words: the largest unit that fits."""
    say = locale.translator(language)
    if moment is None:
        return say.gettext("never")
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return say.gettext("just now")
    if minutes < 60:
        return say.ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return say.ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    days = hours // 24
    return say.ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
