"""Five polarity lexicons and our own → one list of words that may ship, French and English together.

Sources (licences allow shipping, with attribution in the file's head): AFINN, VADER, vader_FR, the opinion
lexicon of Hu and Liu, and Pattern. A word on which sources or languages disagree is left out. What our own list says
of a word wins over them all: theirs are in part machine-translated (« époustouflant » was negative).
"""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from watch.enrich.reading import WORD, read, tokens

# file, column of the value, its greatest size, column of the language
_FILES = {
    "afinn_en_fr_emoticon.tsv.gz": (1, 5.0, 2),
    "vader_en.tsv.gz": (1, 4.0, 2),
    "vader_fr.tsv.gz": (1, 4.0, 2),
    "opinion_lexicon_en.tsv.gz": (1, 1.5, 2),
    "pattern_en_fr.tsv.gz": (3, 1.0, 1),
}
_EMOJI = {
    0.8: "😍🥰😘🤩❤💕💖💗💙💚💜🧡💛🖤♥😻🎉🥳",
    0.5: "😀😃😄😁😊🙂😎👍👏💪🙏✨🔥💯😋🤗⭐🌟😌🙌✅👌🏆",
    -0.5: "🙁😕😟😞😔😒🙄😩😫😭😢😓🤦👎🤨😬😑⚠❌🥱",
    -0.8: "😡😠🤬💩🤮🤢🖕😤",
}
_LEAST = 0.15
_GREATEST = 3  # of our own list
HEAD = """\
# word<TAB>polarity (-1 to 1), French and English: the mean of AFINN (Finn Årup Nielsen, Apache-2.0), VADER
# (C.J. Hutto, MIT), vader_FR (thomas7lieues, MIT), the opinion lexicon (Minqing Hu and Bing Liu, CC BY 4.0)
# and Pattern (CLiPS, PDDL), scaled, without words on which they or the languages disagree; emoji and the words of
# corpus/words.tsv are ours (MIT) and win.
"""


def merge(folder: Path, corpus: Iterable[Mapping[str, object]], own: Path) -> str:
    """The text of `lexicon.tsv` from a folder of lexicons and our own list.

    `corpus` (rows with `text` and `lang`) tells which words of one language mean something else in the other:
    « pain » hurts in English only.
    """
    values = _read(folder)
    seen = _words(corpus)
    kept = {w: v for w, by in values.items() if (v := _agreed(w, by, seen)) is not None}
    kept |= {emoji: value for value, every in _EMOJI.items() for emoji in every}
    kept |= _own(own)
    return HEAD + "".join(f"{word}\t{value:.2f}\n" for word, value in sorted(kept.items()))


def _read(folder: Path) -> dict[str, dict[str, list[float]]]:
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for name, (column, greatest, lang) in _FILES.items():
        for line in gzip.decompress((folder / name).read_bytes()).decode("utf-8").splitlines():
            parts = line.split("\t")
            if (value := _number(parts[column])) is not None and _single(parts[0]):
                values[parts[0].lower()][parts[lang]].append(max(-1.0, min(1.0, value / greatest)))
    return values


def _own(path: Path) -> dict[str, float]:
    """The words of our list, -1 to 1; 0 where the languages disagree, and for words that only sound toned."""
    given: dict[str, list[int]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        if not line.startswith("# "):
            _, value, word = line.split("\t")
            given[word].append(int(value))
    opposed = {word for word, values in given.items() if min(values) < 0 < max(values)}
    means = {word: sum(values) / len(values) / _GREATEST for word, values in given.items()}
    return {word: 0.0 if word in opposed else value for word, value in means.items()}


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None  # a header


def _single(word: str) -> bool:
    """Whether our tokens see the word as one."""
    return len(tokens(read([word])).hash) == 1 and "@" not in word and "#" not in word


def _agreed(word: str, by: Mapping[str, list[float]], seen: Mapping[str, Counter[str]]) -> float | None:
    means = {lang: sum(values) / len(values) for lang, values in by.items()}
    if any(abs(mean) < _LEAST or mean * next(iter(means.values())) < 0 for mean in means.values()):
        return None
    for lang, other in (("en", "fr"), ("fr", "en")):
        if lang in means and other not in means and seen[other][word] > max(2, seen[lang][word]):
            return None
    return sum(means.values()) / len(means)


def _words(corpus: Iterable[Mapping[str, object]]) -> dict[str, Counter[str]]:
    seen: dict[str, Counter[str]] = {"fr": Counter(), "en": Counter()}
    for row in corpus:
        if (lang := str(row["lang"])) in seen:
            seen[lang].update(set(_cut(str(row["text"]))))
    return seen


def _cut(text: str) -> Iterator[str]:
    reading = read([text])
    found = tokens(reading)
    for start, end, kind in zip(found.start, found.end, found.kind, strict=True):
        if kind == WORD:
            yield "".join(map(chr, reading.codes[start:end]))
