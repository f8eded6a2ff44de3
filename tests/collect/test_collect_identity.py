"""Which item an entry is (H50)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watch.collect.identity import Named, digest, name_entries
from watch.model import Entry


def entry(guid: str = "", url: str | None = None, title: str = "t", text: str = "") -> Entry:
    return Entry(guid=guid, url=url, title=title, text=text)


def named(*entries: Entry) -> list[Named]:
    return name_entries(7, entries)


def test_an_address_is_the_key_for_every_source() -> None:
    a = entry("1", "https://x.example/a?utm_source=rss#top")
    b = entry("other", "http://X.example/a/")
    assert named(a)[0].key == name_entries(8, [b])[0].key == "//x.example/a"
    assert named(a)[0].url == "https://x.example/a"


def test_without_address_source_and_guid() -> None:
    assert named(entry("1"))[0].key == "7 1"
    assert name_entries(8, [entry("1")])[0].key == "8 1"


def test_without_both_source_and_words() -> None:
    one, two = named(entry(title="a"), entry(title="b"))
    assert one.key == f"7 # {digest(entry(title='a'))}"
    assert one.key != two.key
    assert one.guid == one.spare


def test_one_address_under_several_guids_is_no_key() -> None:
    assert [n.key for n in named(entry("1", "https://x.example/log"), entry("2", "https://x.example/log"))] == [
        "7 1",
        "7 2",
    ]


def test_one_guid_for_several_addresses_is_no_name() -> None:
    one, two = named(entry("idem", "https://x.example/1"), entry("idem", "https://x.example/2"))
    assert (one.guid, two.guid) == ("//x.example/1", "//x.example/2")


def test_one_guid_without_addresses() -> None:
    assert len(named(entry("idem", title="a"), entry("idem", title="b"), entry("idem", title="b"))) == 2


def test_the_home_page_is_no_key() -> None:
    assert named(entry("1", "https://x.example/"))[0].key == "7 1"


def test_the_same_entry_twice_is_one() -> None:
    assert len(named(entry("1", "https://x.example/1"), entry("1", "https://x.example/1"))) == 1


def test_long_names_fit_an_index() -> None:
    (one,) = named(entry("g" * 5_000, "https://x.example/" + "p" * 4_000))
    assert max(len(one.key.encode()), len(one.guid.encode())) <= 600


_ENTRIES = st.lists(
    st.builds(
        entry,
        st.sampled_from(["", "1", "2", "idem"]),
        st.sampled_from([None, "https://x.example/1", "https://x.example/2", "https://x.example/"]),
        st.sampled_from(["a", "b", "c"]),
    ),
    max_size=8,
)


@given(_ENTRIES)
def test_names_are_unique_on_a_page_and_stable(entries: list[Entry]) -> None:
    found = named(*entries)
    assert len({one.key for one in found}) == len({one.guid for one in found}) == len(found)
    assert [one.key for one in named(*entries)] == [one.key for one in found]


@given(_ENTRIES)
def test_no_words_are_lost(entries: list[Entry]) -> None:
    distinct = {(e.guid, e.url, e.title) for e in entries if not e.guid or e.guid == "idem"}
    kept = {(one.entry.guid, one.entry.url, one.entry.title) for one in named(*entries)}
    for guid, url, title in distinct:
        assert any((guid == g and url == u) or title == t for g, u, t in kept)
