"""A morning of a fictional furniture maker, and an empty one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from watch.digest.words import failure
from watch.model import BrandDay, Coverage, Digest, IncidentLine, Language, Line, Tally

UNTIL = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=1)


def line(n: int, title: str, **values: Any) -> Line:
    given: dict[str, Any] = {
        "mention_id": n,
        "item_id": 100 + n,
        "brand": "Aubrac Mobilier",
        "title": title,
        "url": f"https://example.org/{n}",
        "source": "Forum Maison",
        "published": UNTIL - timedelta(hours=n, minutes=17),
        "sentiment": "neutral",
        "snippet": "",
        "topic": None,
        "lang": "fr",
    }
    return Line(**{**given, **values})


def brand(name: str = "Aubrac Mobilier", role: str = "own", usual: float | None = 30.3, **counts: int) -> BrandDay:
    given = counts or {"negative": 6, "neutral": 20, "positive": 8, "stories": 28}
    total = sum(given.get(tone, 0) for tone in ("negative", "neutral", "positive"))
    topics = (("delivery", 9), ("quality", 4), ("Canapés convertibles", 3)) if role == "own" else ()
    share = 0.62 if role == "own" else 0.19
    return BrandDay(name, role, Tally(start=SINCE, total=total, **{"stories": total, **given}), usual, share, topics)


def digest(language: Language = "fr", **values: Any) -> Digest:
    whole = Digest(
        name="matinale",
        date=date(2026, 11, 20),
        timezone="Europe/Paris",
        language=language,
        since=SINCE,
        until=UNTIL,
        brands=(
            brand(),
            brand("Maison Loriot", "competitor", 12.0, negative=1, neutral=7, positive=3),
            brand("Nordhytte", "competitor", None, negative=0, neutral=8, positive=2),
        ),
        incidents=(
            IncidentLine(
                7, "vague de mécontentement", "Aubrac Mobilier", "high", "open", UNTIL - timedelta(hours=9), 14, 2.5
            ),
            IncidentLine(
                6, "volume inhabituel", "Aubrac Mobilier", "warning", "resolved", UNTIL - timedelta(days=2), 41, 22.4,
                UNTIL - timedelta(hours=20),
            ),
        ),
        to_answer=(
            line(
                1, "Trois semaines de retard et personne au téléphone", sentiment="negative", topic="delivery",
                snippet="Commandé le 28 octobre, le canapé Aubrac devait arriver mardi. "
                "Toujours rien, et le suivi n’a pas bougé.",
            ),
            line(
                2, "Is the Aubrac sofa bed worth it for daily use?", lang="en", topic="question", source="Flat & Cosy",
                snippet="We would sleep on it every night. Has anyone had one for more than a year?",
            ),
            line(
                3, "Livreur désagréable, carton éventré", sentiment="negative", topic="delivery",
                source="Avis clients", url=None,
            ),
        ),
        said=(
            line(
                4, "Aubrac Mobilier ouvre un atelier de réparation à Rodez", sentiment="positive", topic="news_launch",
                source="Centre Éco", copies=5,
                snippet="Le fabricant promet de remettre en état tout meuble de sa marque, même acheté d’occasion.",
            ),
            line(
                5, "Le convertible Aubrac au banc d’essai\u00a0: confortable, mais lourd", topic="quality",
                source="Meubles & Déco",
            ),
            line(6, "J’adore mon buffet", sentiment="positive", topic="praise", source="Blog d’Inès"),
        ),
        competitors=(
            line(
                7, "Maison Loriot lance un canapé démontable", brand="Maison Loriot", topic="news_launch",
                sentiment="positive", copies=3,
            ),
            line(
                8, "Nordhytte recule au troisième trimestre", brand="Nordhytte", topic="news_results",
                source="Centre Éco",
            ),
        ),
        coverage=Coverage(
            14, 11,
            (
                ("Le Journal du meuble", failure("http_5xx", 503, language)),
                ("Blog Déco", failure("timeout", None, language)),
            ),
            ("Coin salon",),
        ),
        base_url="https://hune.example.org",
    )  # fmt: skip
    return replace(whole, **values)


def empty(language: Language = "fr") -> Digest:
    nothing = brand(usual=2.25, negative=0, neutral=0, positive=0)
    return digest(
        language,
        brands=(replace(nothing, share_of_voice=0.0, topics=()),),
        incidents=(),
        to_answer=(),
        said=(),
        competitors=(),
    )
