"""The words a model leans on, so that a person can judge it: per label and language, grouped by stem."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from nltk.stem.snowball import SnowballStemmer
from nltk.tokenize import TweetTokenizer

from watch.enrich.features import extract
from watch.enrich.heads import score, stack
from watch.enrich.lexicon import Lexicon
from watch.enrich.weights import Model
from watch.train.data import Row

MOST = 30
_SEEN = 5  # a word in fewer texts says more about them than about the model
_STEMMERS = {"fr": "french", "en": "english"}


def telling_words(model: Model, rows: Sequence[Row], *, lexicon: Lexicon) -> dict[str, dict[str, list[str]]]:
    """{language: {label: words}}: the words of the training texts with the highest score for each label.

    A stem is named once, by its most frequent form.
    """
    if model.task == "language":
        return {}
    return {lang: _of_language(model, rows, lang, lexicon) for lang in sorted(_STEMMERS)}


def _of_language(model: Model, rows: Sequence[Row], lang: str, lexicon: Lexicon) -> dict[str, list[str]]:
    forms = _forms([row.text for row in rows if row.lang == lang], lang)
    words = [max(counts, key=lambda w: (counts[w], w)) for counts in forms.values()]
    if not words:
        return {}
    logits = score(extract(words, lexicon=lexicon), stack([model]))[:, : len(model.labels)]
    best = np.argsort(-logits, axis=0, kind="stable")[:MOST]
    return {label: [words[i] for i in best[:, column]] for column, label in enumerate(model.labels)}


def _forms(texts: Sequence[str], lang: str) -> dict[str, Counter[str]]:
    """{stem: how often each of its forms occurs}, for stems seen in enough texts."""
    cut = TweetTokenizer(preserve_case=False, strip_handles=True, reduce_len=True)
    counts = Counter(word for text in texts for word in set(cut.tokenize(text)))
    stem = SnowballStemmer(_STEMMERS[lang]).stem
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for word, count in counts.items():
        if any(c.isalpha() for c in word) and not word.startswith(("http", "@", "#", "www")):
            forms[stem(word)][word] += count
    return {key: found for key, found in forms.items() if found.total() >= _SEEN}
