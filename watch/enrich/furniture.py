"""What stands around a text and tells nothing: agencies, bylines, dates, "read also", subscriptions, cookies (pure).

Two papers that print one dispatch put their own around it. Only fingerprints of stories leave it out; labels,
queries and pages see the text as it is.
"""

from __future__ import annotations

import re
from functools import cache

_READ = 6_000  # characters: what a fingerprint looks at and some furniture
_LONGEST = 240  # characters; a longer piece is part of the text, whatever it begins with
_AGENCY = r"(?:AFP|AP|APA|ANSA|ATS|Belga|Bloomberg|DPA|EFE|PA|PTI|Reuters|UPI)"
_WORD = r"[\w'’.\-]+"
# How a text begins: "PARIS (AFP) —", "NEW YORK, Nov 3 (Reuters) -", "AFP - ", "RT @name:". Capitals: "ap -" is none.
_HEADS = (
    rf"(?:{_WORD}[ ,/]+(?:{_WORD}[ ,/]+){{0,5}})?\({_AGENCY}(?:[ ,/][^()]{{1,30}})?\)[\s‐-―:|-]*",
    rf"{_AGENCY}\s*[‐-―:|-]\s+",
    r"RT @\w+\s*:?\s*",
)
# How a sentence or line begins that tells nothing.
_PIECES = (
    # Where there is more
    r"à (?:lire|voir|découvrir|écouter|ne pas (?:manquer|rater))\b",
    r"(?:lire|voir|écouter) (?:aussi|également|plus|la suite)\b",
    r"(?:pour )?en savoir plus\b|sur le même (?:sujet|thème)\b|cliquez ici\b",
    r"read (?:more|also|next|the full)\b|see also\b|continue reading\b|click here\b|tap here\b",
    r"(?:related|more) (?:articles?|stories|news|on|from)\b",
    r"the post\b.{1,200}\bappeared first on\b|(?:l['’]|cet )article\b.{0,200}\best apparu en premier\b",
    # Who wants something of the reader
    r"(?:ré)?abonnez[- ](?:vous|toi)\b|inscrivez[- ]vous\b|suivez[- ]nous\b|rejoignez[- ]nous\b|déjà abonné",
    r"(?:l['’]|cet )article (?:est )?réservé\b|il vous reste\b.{0,60}\bà lire\b|la suite est réservée\b",
    r"partage[rz] (?:cet|l['’]|sur\b)|share this\b|share on\b|follow us\b",
    r"subscribe\b|sign up\b|already a subscriber\b|this (?:article|story|content) is (?:for|only|reserved)\b",
    r"(?:get|receive) (?:the|our) (?:latest|best|daily|free)\b.{0,60}\b(?:inbox|newsletter)\b",
    r"(?:nous|notre site|ce site|we|our site|this (?:site|website))\b.{0,80}\bcookies?\b",
    r"(?:accepte[rz]?|accept)\b.{0,30}\bcookies?\b",
    # Whose it is, and of when
    r"©|\(c\)|copyright\b|tous droits réservés\b|all rights reserved\b|reproduction interdite\b",
    rf"(?:avec|with|sources?\s*:|via|crédits?\b|photos?\s*:|image\s*:).{{0,12}}\b(?:{_AGENCY}|agences?|agencies)\W*\Z",
    rf"(?:par|by) .{{0,60}}\b(?:rédaction|staff|newsroom|agences?|agencies|{_AGENCY})\W*\Z",
    r"(?:publié|mis (?:à jour|en ligne)|modifié|actualisé|posté) (?:le|il y a|à|hier|aujourd)\b",
    r"(?:(?:first |last )?(?:published|updated|posted)|last modified)(?: on| at|:| an?)? ?(?:\d|\w+ \d)",
    r"(?:temps de lecture|reading time)\b|\d+ min(?:utes?)? (?:de lecture|read)\b|\[?\+ ?\d+ chars\]?",
)
_PARTS = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|\s*\n\s*|(?<=\w)\s+(?=©)")
_ADDRESS = re.compile(r"(?:https?://|\bwww\.|\bpic\.twitter\.com/|\bt\.co/)\S+", re.IGNORECASE)


@cache
def _head() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{'|'.join(_HEADS)})")


@cache
def _piece() -> re.Pattern[str]:
    return re.compile(rf"\W{{0,6}}(?:{'|'.join(_PIECES)})", re.IGNORECASE)


def without_furniture(text: str) -> str:
    """The head of a text without what tells nothing; "" where nothing else stands there. Time is linear in it."""
    told = _ADDRESS.sub(" ", text[:_READ])
    return " ".join(_tail(piece) for piece in _PARTS.split(told) if not _is_furniture(piece))


def _tail(piece: str) -> str:
    """A piece without the dateline it begins with."""
    head = _head().match(piece)
    return piece[head.end() :] if head else piece


def _is_furniture(piece: str) -> bool:
    return len(piece) <= _LONGEST and _piece().match(piece) is not None
