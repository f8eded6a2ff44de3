"""Queries and documents as hypothesis makes them: few words, so that they meet."""

from __future__ import annotations

from hypothesis import strategies as st

from watch.query import Document, Near, Node, Term
from watch.query.tree import all_of, any_of, finds_something, none_of

WORDS = ["aubrac", "Canapé", "canape", "été", "l'été", "AT&T", "C++", "porte-monnaie", "Zoé", "3,5", "@aubrac", "#été"]
WORDS += ["#bel_été", "@a_b", "👍", "無印", "Canal+", ".NET", "zz", "œuf"]
STARS = ["aub*", "can*", "porte-mon*", "#bel*", "zz*", "@au*"]
HOSTS = ["lemonde.fr", "blog.lemonde.fr", "www.example.org", "lemon*"]
VALUES = ["presse", "fr", "Claire Dupont", "Meubles & Déco", "claire"]


def words() -> st.SearchStrategy[Term]:
    """Terms of title or text."""
    fields = st.sampled_from([None, None, None, "title"])
    plain = st.builds(Term, st.sampled_from(WORDS + STARS), exact=st.booleans(), field=fields)
    inside = st.lists(st.sampled_from(WORDS + STARS), min_size=1, max_size=3).map(" ".join)
    return plain | st.builds(Term, inside, quoted=st.just(True), exact=st.booleans(), field=fields)


def terms() -> st.SearchStrategy[Node]:
    """Terms of any field."""
    site = st.builds(Term, st.sampled_from(HOSTS), field=st.just("site"))
    names = st.sampled_from(["author", "lang", "source", "tag"])
    other = st.builds(Term, st.sampled_from(VALUES), quoted=st.just(True), exact=st.booleans(), field=names)
    return words() | words() | site | other


def nears() -> st.SearchStrategy[Node]:
    """Terms near each other, also several."""
    either = st.lists(words(), min_size=1, max_size=3).map(any_of)
    pair = st.builds(Near, either, either, st.integers(0, 5), st.booleans())
    return pair | st.builds(Near, pair, either, st.integers(0, 5), st.booleans())


def trees() -> st.SearchStrategy[Node]:
    """Whole queries that ask for something."""
    leaves: st.SearchStrategy[Node] = terms() | nears()

    def larger(node: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(node, min_size=2, max_size=3)
        return several.map(all_of) | several.map(any_of) | node.map(none_of)

    return st.recursive(leaves, larger, max_leaves=8).filter(finds_something)


def documents() -> st.SearchStrategy[Document]:
    """Documents made of the same words, with what comes between words in the wild."""
    word = st.sampled_from([*WORDS, "canapés", "aubracs", "été.", "«Aubrac»", "-", "le", "C", "NET", "\n", "zzz"])
    text = st.lists(word, max_size=12).map(" ".join) | st.text(max_size=20)
    maybe = st.sampled_from([None, *VALUES])
    return st.builds(
        Document,
        text=text,
        title=st.just("") | text,
        author=maybe,
        site=st.sampled_from([None, "lemonde.fr", "blog.lemonde.fr", "www.lemonde.fr", "example.org"]),
        lang=st.sampled_from([None, "fr", "fr-CA", "en"]),
        source=maybe,
        tags=st.lists(st.sampled_from(VALUES), max_size=2).map(tuple),
    )
