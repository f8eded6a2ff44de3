"""The hand-written texts: how many, about whom, in which language, and no two alike."""

import re
from collections import Counter, defaultdict
from itertools import pairwise

from watch.demo.outlets import OUTLETS
from watch.demo.written import Text, load

SHARED_WORDS = 7  # that many words in a row in two texts would be a template


def body(text: Text) -> str:
    return f"{text.title}\n{text.text}"


def runs(text: Text) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", body(text).lower())
    return {tuple(words[i : i + SHARED_WORDS]) for i in range(len(words) - SHARED_WORDS + 1)}


def test_there_are_enough_texts_in_both_languages() -> None:
    langs = Counter(text.lang for text in load())
    assert langs["fr"] >= 420
    assert langs["en"] >= 130


def test_ids_are_unique_and_sources_exist_in_the_text_s_language() -> None:
    outlets = {outlet.id: outlet for outlet in OUTLETS}
    texts = load()
    assert len({text.id for text in texts}) == len(texts)
    assert all(outlets[text.source].lang == text.lang for text in texts)


def test_some_forty_outlets_all_write() -> None:
    writing = Counter(text.source for text in load())
    assert 38 <= len(OUTLETS) <= 45
    assert min(writing[outlet.id] for outlet in OUTLETS) >= 4


def test_the_mix_is_that_of_real_listening() -> None:
    texts = load()
    kinds = Counter(text.kind for text in texts)
    assert kinds["spam"] >= 15
    assert sum(text.kind == "question" and text.brand == "own" for text in texts) >= 25
    assert sum(text.brand == "several" for text in texts) >= 30
    assert sum(text.irony for text in texts) >= 10
    namesakes = [text for text in texts if text.brand == "none" and re.search("Aubrac|Ravel|Nordhavn", body(text))]
    assert len(namesakes) >= 40


def test_the_crisis_has_its_texts_and_its_reprints() -> None:
    days = ("-3d", "-2d", "-1d")
    crisis = [text for text in load() if text.when and text.when.startswith(days)]
    stories = Counter(text.story for text in crisis)
    assert len(crisis) >= 70
    assert stories["effondrement"] == 13  # the wire and twelve reprints
    assert stories["rappel"] >= 4


def test_reprints_change_the_headline() -> None:
    headlines = defaultdict(list)
    for text in load():
        if text.story:
            headlines[text.story].append(text.title)
    assert all(len(set(titles)) == len(titles) for titles in headlines.values())


def test_no_two_texts_share_more_than_a_few_words_unless_reprinted() -> None:
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for text in load():
        for run in runs(text):
            owners[run].add(text.story or text.id)
    assert {" ".join(run): who for run, who in owners.items() if len(who) > 1} == {}


def test_one_run_of_words_is_enough_to_notice_a_copy() -> None:
    wire, reprint = (
        text for text in load() if text.story == "rappel" and text.source in ("agence-ligne-claire", "quotidien-soir")
    )
    assert runs(wire) & runs(reprint)


def test_texts_are_typeset_with_care() -> None:
    for text in load():
        assert "'" not in body(text), text.id
        assert body(text).count("«") == body(text).count("»"), text.id
        assert "  " not in body(text), text.id
        assert text.text == text.text.strip(), text.id


def test_french_looks_french_and_english_english() -> None:
    french = re.compile(r"\b(le|la|les|de|des|du|un|une|et|à|est|en|pour|pas|ma|mon|il|je|sur|au|vos|svp)\b", re.I)
    english = re.compile(r"\b(the|an|of|and|is|in|for|to|it|my|by|we|two|with|are|at)\b", re.I)
    for text in load():
        scores = len(french.findall(body(text))), len(english.findall(body(text)))
        own, other = scores if text.lang == "fr" else scores[::-1]
        assert own >= other, (text.id, scores)


def test_links_go_to_hosts_that_nobody_owns() -> None:
    for text in load():
        for host in re.findall(r"https?://([^/\s]+)", text.text):
            assert host.endswith(".example"), text.id


def test_a_thread_begins_before_its_answers() -> None:
    threads = defaultdict(list)
    for text in load():
        if text.when and text.title:
            threads[text.source, re.sub(r"^(re: )+", "", text.title.lower())].append(text)
    moments = {key: [(text.when, text.title) for text in found] for key, found in threads.items()}
    for found in moments.values():
        days = [int((when or "-0d")[1:].split("d")[0]) for when, _ in found]
        assert all(later <= earlier for earlier, later in pairwise(days))
        assert not found[0][1].lower().startswith("re:") or len(found) == 1
