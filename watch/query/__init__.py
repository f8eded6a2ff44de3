"""The query language: what a person types, asked of new items and of the store with one answer.

In comes a text such as `"aubrac mobilier" OR (aubrac NEAR/5 canapé) NOT vache`; docs/query.md says what it may hold.

1. `parse` reads it into a tree (`grammar.lark`, `build`, `tree`), or raises QueryError with a position and a sentence
   for the person (`mistakes`). `to_text` prints a tree (`printing`).
2. `tokens` cuts texts and the words of queries alike; `folding` says which spellings are the same; `pattern` says
   which tokens a word or phrase asks for.
3. `compile_query` makes a `Matcher`; its `find` takes a `Document` (or, for many matchers, what `prepare` made of it)
   and answers None, or the spans of the words that matched (`document`, `table`, `matcher`). `MatcherSet` asks many at
   once (`many`). `phrase` is a word or phrase by itself, for lists of words; `Prepared.body.find` says where it stands.
4. For the store: `index_text(document.body)` is what the full-text index is given (`index`); `narrow(node)` a condition
   that every match fulfils, `to_fts5` and `to_tsquery` its two dialects (`narrow`). The matcher decides on what the
   index returns.

Everything here is pure: no database, no network, no clock. lark is imported when the first query is parsed.
"""

from watch.query.document import Document, Prepared, prepare, site_of
from watch.query.index import decode, index_text
from watch.query.many import MatcherSet
from watch.query.matcher import Matcher, compile_query
from watch.query.narrow import Narrowing, narrow, to_fts5, to_tsquery
from watch.query.parse import parse
from watch.query.pattern import Element, phrase
from watch.query.printing import to_text
from watch.query.tokens import Token, tokens
from watch.query.tree import And, Near, Node, Not, Or, Term

__all__ = [
    "And",
    "Document",
    "Element",
    "Matcher",
    "MatcherSet",
    "Narrowing",
    "Near",
    "Node",
    "Not",
    "Or",
    "Prepared",
    "Term",
    "Token",
    "compile_query",
    "decode",
    "index_text",
    "narrow",
    "parse",
    "phrase",
    "prepare",
    "site_of",
    "to_fts5",
    "to_text",
    "to_tsquery",
    "tokens",
]
