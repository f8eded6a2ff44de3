"""What two spellings have in common: case, accents, ligatures and invisible characters taken away."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Letters that Unicode does not decompose although readers take them for two letters, or for a plain one;
# and what may stand inside a word or emoji without being seen: soft hyphen, joiners, variants, skin tones.
_SAME: dict[str, str | int | None] = {
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ħ": "h",
    "ı": "i",
    "þ": "th",
}
_UNSEEN = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)])


class _Bare(dict[int, int | str | None]):
    """A table for `str.translate` that takes accents away, and learns the rest of Unicode as it meets it."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.category(chr(code)) in ("Mn", "Me") else code
        self[code] = kept
        return kept


_BARE = _Bare({**str.maketrans(_SAME), **_UNSEEN})
_CACHED_LENGTH = 40


def fold(word: str) -> str:
    """`word` without case, accents, ligatures: "Œuvrée" → "oeuvree", "Straße" → "strasse", "Ｗeb" → "web".

    Never empty: what consists of nothing else (a lone skin tone) stays as it is.
    """
    if word.isascii():
        return word.lower()
    return _fold_known(word) if len(word) <= _CACHED_LENGTH else _fold(word)


def exact(word: str) -> str:
    """`word` as it is written, however its accents are encoded (NFC) and without invisible characters."""
    return word if word.isascii() else unicodedata.normalize("NFC", word.translate(_UNSEEN)) or word


def _fold(word: str) -> str:
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return unicodedata.normalize("NFC", spread.translate(_BARE)).casefold() or word


# A bounded cache of short words: texts repeat theirs, and hostile ones cannot fill the memory with long ones.
_fold_known = lru_cache(maxsize=20_000)(_fold)
