"""Rows of a period → Digest (pure): what is counted, what comes first, what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watch.config import DigestConfig
from watch.digest.gather import Material
from watch.digest.schedule import Period
from watch.digest.tidy import NAME, tidy_line
from watch.digest.words import failure
from watch.locale import one_line
from watch.model import BrandDay, Coverage, Digest, IncidentLine, Language, Line, Tally
from watch.store.digests import Health, Row
from watch.store.tables import Brand, Incident

MOST = 40
"""Lines a section keeps; pages show them all, mails fewer."""
SILENT = timedelta(days=7)
_HALF_LIFE = timedelta(hours=48)
_OPEN = ("new", "to_answer")


@dataclass(frozen=True, slots=True)
class Setting:
    """For whom a digest is built: language, zone, and where Hune's pages are, if anywhere."""

    language: Language
    zone: str
    base_url: str | None = None


def build(plan: DigestConfig, period: Period, material: Material, setting: Setting) -> Digest:
    """The digest of `period`. The same material gives the same digest."""
    ours, rivals = _sides(plan, material.brands)
    shown = [*ours, *rivals]
    to_answer = _lines(_to_answer(_of(material.rows, ours, "own"), material, period), material, setting)
    told = {line.item_id for line in to_answer}
    said = [group for group in _stories(_of(material.rows, ours)) if group[0].item_id not in told]
    return Digest(
        name=plan.name,
        date=period.day,
        timezone=setting.zone,
        language=setting.language,
        since=period.since,
        until=period.until,
        brands=tuple(_figures(brand, material, setting, period) for brand in shown),
        incidents=tuple(_incidents(material, shown, period)),
        to_answer=to_answer,
        said=_lines(said, material, setting),
        competitors=_lines(_stories(_of(material.rows, rivals)), material, setting),
        coverage=_coverage(material.health, period, setting.language),
        late=period.late,
        base_url=setting.base_url,
    )


def is_empty(digest: Digest) -> bool:
    """Whether there is nothing to say: no mention of the brands it is about, no incident."""
    ours = [brand for brand in digest.brands if brand.role != "competitor"] or list(digest.brands)
    return not (any(brand.tally.total for brand in ours) or digest.competitors or digest.incidents)


def items_of(plan: DigestConfig, material: Material) -> list[int]:
    """Ids of the items that this digest counts, in order: they will not be counted again."""
    ours, rivals = _sides(plan, material.brands)
    return sorted({row.item_id for row in _of(material.rows, [*ours, *rivals])})


def _sides(plan: DigestConfig, brands: Sequence[Brand]) -> tuple[list[Brand], list[Brand]]:
    """Our brands (and subjects), and competitors. A plan that names no competitor hears of all of them."""
    named = [brand for brand in brands if not plan.brands or brand.name in plan.brands]
    ours = [brand for brand in named if brand.role != "competitor"]
    rivals = [brand for brand in named if brand.role == "competitor"]
    return ours, rivals or [brand for brand in brands if brand.role == "competitor"]


def _of(rows: Iterable[Row], brands: Sequence[Brand], role: str | None = None) -> list[Row]:
    ids = {brand.id for brand in brands if role in (None, brand.role)}
    return [row for row in rows if row.brand_id in ids]


def _figures(brand: Brand, material: Material, setting: Setting, period: Period) -> BrandDay:
    rows = [row for row in material.rows if row.brand_id == brand.id]
    counts = Counter(row.sentiment for row in rows)
    named = Counter(name for row in rows for name in _names(row, material, setting))
    before = [week.get(brand.id or 0, 0) for week in material.before]
    return BrandDay(
        brand=brand.name,
        role=brand.role,
        tally=Tally(
            start=period.since,
            total=len(rows),
            negative=counts["negative"],
            neutral=counts["neutral"],
            positive=counts["positive"],
            stories=sum(not row.reprint for row in rows),
        ),
        usual=round(sum(before) / len(before), 2) if before else None,
        share_of_voice=round(len(rows) / len(material.rows), 4) if material.rows else 0.0,
        topics=tuple(sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))[:5]),
    )


def _names(row: Row, material: Material, setting: Setting) -> list[str]:
    """Topics of an item: a person's title in the reader's language, else the name."""
    found = material.topics.get(row.item_id, ())
    return [material.titles.get(name, {}).get(setting.language, name) for name, _ in found]


Group = tuple[Row, ...]


def _stories(rows: Iterable[Row]) -> list[Group]:
    """Rows that tell the same thing about the same brand, the first one first; most told first, then newest."""
    groups: dict[tuple[int, int, bool], list[Row]] = {}
    for row in rows:
        alone = row.story_id is None
        groups.setdefault((row.brand_id, row.item_id if alone else row.story_id or 0, alone), []).append(row)
    told = [tuple(sorted(group, key=_first)) for group in groups.values()]
    return sorted(told, key=lambda group: (-len(group), -group[0].published.timestamp(), group[0].mention_id))


def _first(row: Row) -> tuple[bool, datetime, int]:
    return row.reprint, row.published, row.mention_id


def _to_answer(rows: Sequence[Row], material: Material, period: Period) -> list[Group]:
    """Stories with something negative or a question that nobody has answered, by weight."""
    weight = _weight(material, period)
    waiting = [group for group in _stories(rows) if weight(group[0]) > 0]
    return sorted(waiting, key=lambda group: (-weight(group[0]), group[0].mention_id))


def _weight(material: Material, period: Period) -> Callable[[Row], float]:
    """Confidence, halved every two days; what a person marked comes before all others; 0: not to answer."""

    def weigh(row: Row) -> float:
        if row.status not in _OPEN:
            return 0.0
        question = dict(material.topics.get(row.item_id, ())).get("question", 0.0)
        urgency = max(row.confidence if row.sentiment == "negative" else 0.0, 0.8 * question)
        age = max(period.until - row.published, timedelta())
        return (row.status == "to_answer") + urgency * float(0.5 ** (age / _HALF_LIFE))

    return weigh


def _lines(groups: Sequence[Group], material: Material, setting: Setting) -> tuple[Line, ...]:
    names = {brand.id: brand.name for brand in material.brands}
    return tuple(_line(group, names, material, setting) for group in groups[:MOST])


def _line(group: Group, brands: dict[int | None, str], material: Material, setting: Setting) -> Line:
    row = group[0]
    line = Line(
        mention_id=row.mention_id,
        item_id=row.item_id,
        brand=brands[row.brand_id],
        title=row.title,
        url=row.url,
        source=row.source,
        published=row.published,
        sentiment=row.sentiment,  # type: ignore[arg-type]  # the store holds the three
        # A source that permits links only is not quoted (press rights).
        snippet="" if row.rights == "links" else row.snippet,
        topic=next(iter(_names(row, material, setting)), None),
        lang=row.lang,
        copies=len({copy.item_id for copy in group}),
        sure=row.sure,
    )
    return tidy_line(line)


def _incidents(material: Material, brands: Sequence[Brand], period: Period) -> Iterable[IncidentLine]:
    ids = {brand.id for brand in brands}
    for incident, rule, brand in material.incidents:
        if brand.id in ids:
            yield _incident(incident, rule, brand, period)


def _incident(incident: Incident, rule: str, brand: Brand, period: Period) -> IncidentLine:
    """As it stood at the end of the period."""
    over = incident.resolved_at is not None and incident.resolved_at < period.until
    state = "resolved" if over else "open" if incident.state == "resolved" else incident.state
    assert incident.id is not None
    return IncidentLine(
        id=incident.id,
        rule=rule,
        brand=brand.name,
        severity=incident.severity,  # type: ignore[arg-type]  # the store holds the three
        state=state,
        opened_at=incident.opened_at,
        observed=incident.observed,
        expected=incident.expected,
        resolved_at=incident.resolved_at if over else None,
    )


def _coverage(asked: Sequence[Health], period: Period, language: Language) -> Coverage:
    failed = [source for source in asked if source.outcome in ("failed", "disabled")]
    silent = [source.source for source in asked if source not in failed and _is_silent(source, period.until)]
    return Coverage(
        asked=len(asked),
        answered=len(asked) - len(failed) - len(silent),
        failed=tuple((one_line(one.source, NAME), failure(one.kind, one.http_status, language)) for one in failed),
        silent=tuple(one_line(name, NAME) for name in silent),
    )


def _is_silent(source: Health, until: datetime) -> bool:
    return (source.last_new_at or source.created_at) <= until - SILENT
