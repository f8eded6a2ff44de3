"""What the farm's feeds say: words, titles and paragraphs in seven languages, invented, the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

_TEXTS = {
    "fr": """la rivière monte lentement sur les quais, où l'hiver ramène des péniches grises et des voix inquiètes ; une
    usine ferme, un marché ouvre, le maire répond enfin aux habitants déçus par le nouveau tramway orange pendant que
    Velours Bleu lance à Brest une crème très attendue, moins chère (25 €), jugée décevante par beaucoup ; l’œuvre, au
    cœur du débat, reçoit « le prix du public » tandis que R&D et Dupont & Fils annoncent des embauches""",
    "en": """the harbour wakes under a pale sky while crews repaint the old ferry and children count slow gulls; a
    bakery wins another prize, a lender cuts its fees, the council hears angry drivers about closed bridges and
    Northlamp ships a brighter bulb that reviewers call “excellent”, cheap, sturdy, surprisingly quiet at night; Q&A
    with AT&T engineers, 5 < 6 they’d say, for €30""",
    "de": """der Fluß steigt langsam über die Ufer, wo Möwen zählen und größere Schiffe müde warten; eine Bäckerei
    schließt, Nordlampe kündigt günstigere Glühbirnen für 12 € an, über die Käufer enttäuscht schreiben""",
    "es": """el río sube despacio por los muelles, donde el invierno trae voces inquietas; una fábrica cierra mañana,
    el alcalde responde ¿por fin? a los vecinos y Velours Bleu lanza en España una crema más barata, según muchos""",
    "pl": """rzeka powoli podnosi się nad brzegami, gdzie zima niesie szare łodzie i zaniepokojone głosy; piekarnia
    zamyka się, żółty tramwaj spóźnia się, a Northlamp ogłasza tańszą żarówkę, chwaloną przez użytkowników""",
    "ru": """река медленно поднимается, зима приносит серые баржи и тревожные голоса; пекарня закрывается, мэр
    отвечает жителям, а Northlamp выпускает лампу дешевле, о которой много спорят""",
    "ja": """川は ゆっくり 増水し、 冬の 港に 灰色の 船が 並ぶ。 工場は 閉じ、 新しい 市場が 開き、 Northlamp は
    静かで 明るい 電球を 発表した。 評判は 上々 だが 値段は 高い""",
}  # fmt: skip
WORDS = {lang: text.split() for lang, text in _TEXTS.items()}
_BYTES = {lang: len(text.encode()) / len(text) for lang, text in _TEXTS.items()}
_WEIGHTS = {"fr": 46, "en": 34, "de": 6, "es": 6, "pl": 3, "ru": 3, "ja": 2}
WESTERN = ("fr", "en", "de", "es")
"""The languages that ISO-8859-1 and its like can write."""
_PLAIN = str.maketrans("", "", ",.;:?¿«»“”()&<€'’")


def language(random: Random, among: Sequence[str] = tuple(WORDS)) -> str:
    """One of `among`, as often as it comes in the farm."""
    return random.choices(among, [_WEIGHTS[lang] for lang in among])[0]


def title(random: Random, words: Sequence[str]) -> str:
    """Eight words on one line; in some of them `&` or `<`."""
    found = " ".join(random.choices(words, k=8))
    return found[0].upper() + found[1:]


def slug(random: Random, words: Sequence[str]) -> str:
    """A word for an address."""
    plain = random.choice(words).translate(_PLAIN)
    return plain.lower() if plain.isascii() and plain else "page"


def tag(random: Random, words: Sequence[str]) -> str:
    """A category: one word, without signs."""
    return random.choice(words).translate(_PLAIN) or "divers"


def paragraphs(random: Random, lang: str, size: int) -> tuple[str, ...]:
    """About `size` bytes of UTF-8, markup included, in paragraphs of at most sixty words."""
    found: list[str] = []
    words, size = WORDS[lang], int(size / _BYTES[lang])
    while size > 0:
        found.append(" ".join(random.choices(words, k=min(60, size // 6 + 2))) + ".")
        size -= len(found[-1]) + 60
    return tuple(found)
