"""Mentions: the list with its filters, and one with the words behind its label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from api import topics
from api.deps import BY_ROLE, Reading, Running
from api.pages.templating import render
from api.pages.visitor import Visitor
from api.paging import cursor as cursor_of
from api.paging import position
from api.problems import not_found
from api.schemas.mentions import Status
from watch.errors import QueryError
from watch.model import SENTIMENTS
from watch.store import listing, mentioned
from watch.store.filters import Wanted
from watch.store.words import LABELS

router = APIRouter(prefix="/mentions")
_A_PAGE = 30


@router.get("")
def mentions(
    request: Request,
    session: Reading,
    brand: Annotated[str, Query(max_length=200)] = "",
    sentiment: Annotated[str, Query(max_length=20)] = "",
    topic: Annotated[str, Query(max_length=200)] = "",
    story: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    q: Annotated[str, Query(max_length=4096)] = "",
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """The newest first. A query that cannot be read is shown again with what is wrong in it."""
    chosen = {"brand": brand, "sentiment": sentiment, "topic": topic, "q": q.strip().replace("\0", "")}
    one = {key: (value,) for key, value in chosen.items() if value and key != "q"}
    wanted = Wanted(**one, q=chosen["q"] or None, story=story)  # type: ignore[arg-type]  # names are checked above
    question, mistake = f"page {wanted}", None
    try:
        page = listing.page(session, wanted, limit=_A_PAGE, after=position(cursor, question))
    except QueryError as error:
        page, mistake = listing.MentionPage((), None), error
    following = cursor_of(page.next, question)
    kept = {key: value for key, value in {**chosen, "story": story}.items() if value}
    return render(
        request,
        "mentions.html",
        status=400 if mistake else 200,
        mentions=page.mentions,
        chosen={**chosen, "story": story},
        narrowed=bool(kept),
        first=f"?{urlencode(kept)}" if cursor else None,
        next=f"?{urlencode({**kept, 'cursor': following})}" if following else None,
        brands=listing.brand_names(session),
        sentiments=SENTIMENTS,
        mistake=mistake,
    )


@router.get("/{id}")
def mention(
    request: Request, running: Running, session: Reading, who: Visitor, id: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> Response:
    """One mention: its words, its label, and why; and for who may write, the forms that correct it."""
    found = mentioned.detail(session, id)
    if found is None:
        raise not_found(f"there is no mention {id}")
    # A word may stand in the title and in the text: it is shown once, with its heaviest place.
    once = {piece["text"]: piece for piece in sorted(found.evidence, key=lambda piece: abs(piece["weight"]))}
    weights = sorted(once.values(), key=lambda piece: -abs(piece["weight"]))
    return render(
        request,
        "mention.html",
        detail=found,
        mention=found.mention,
        pieces=list(marked(found.mention.snippet, found.evidence)),
        evidence=weights,
        heaviest=max((abs(piece["weight"]) for piece in weights), default=1.0) or 1.0,
        sentiments=SENTIMENTS,
        words=dict.fromkeys(LABELS) | {word.label: word for word in found.words},
        writes="write" in BY_ROLE[who.role],
        topics=topics.choices(session, running.config.hune.language, (name for name, _ in found.mention.topics)),
        statuses=get_args(Status),
    )


def marked(snippet: str, evidence: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The snippet in pieces: (text, `for` | `against` | ``), the words that moved the label told apart."""
    sides = {str(piece["text"]): "for" if piece["weight"] > 0 else "against" for piece in evidence if piece["text"]}
    if not sides:
        yield snippet, ""
        return
    longest = sorted(sides, key=len, reverse=True)
    split = re.split(rf"(?<!\w)({'|'.join(map(re.escape, longest))})(?!\w)", snippet)
    for piece in split:
        if piece:
            yield piece, sides.get(piece, "")
