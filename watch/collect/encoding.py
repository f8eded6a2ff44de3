"""The bytes of a page to text, as browsers would: an allow-list of encodings, never Python's own codecs.

Names such as `punycode`, `idna` or `undefined` are codecs of Python too, and crash or mangle (bar H42). The
labels are those of https://encoding.spec.whatwg.org that feeds use.
"""

from __future__ import annotations

import codecs
import re

_FAMILIES = {
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 us-utf-8",
    "cp1252": "windows-1252 cp1252 cp-1252 x-cp1252 iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 ascii "
    "us-ascii iso88591 cp819 ibm819 ansi_x3.4-1968 win-1252",
    "iso8859-15": "iso-8859-15 iso8859-15 iso_8859-15 latin-9 latin9 l9",
    "iso8859-2": "iso-8859-2 iso8859-2 iso_8859-2 latin2 l2",
    "iso8859-3": "iso-8859-3 latin3",
    "iso8859-4": "iso-8859-4 latin4",
    "iso8859-5": "iso-8859-5 cyrillic",
    "iso8859-6": "iso-8859-6 arabic",
    "iso8859-7": "iso-8859-7 greek",
    "iso8859-8": "iso-8859-8 hebrew iso-8859-8-i",
    "cp1254": "iso-8859-9 latin5 windows-1254 cp1254",
    "iso8859-10": "iso-8859-10 latin6",
    "iso8859-13": "iso-8859-13",
    "iso8859-14": "iso-8859-14",
    "iso8859-16": "iso-8859-16",
    "cp1250": "windows-1250 cp1250 x-cp1250",
    "cp1251": "windows-1251 cp1251 x-cp1251 win-1251",
    "cp1253": "windows-1253 cp1253",
    "cp1255": "windows-1255 cp1255",
    "cp1256": "windows-1256 cp1256",
    "cp1257": "windows-1257 cp1257",
    "cp1258": "windows-1258 cp1258",
    "cp866": "ibm866 cp866 866",
    "koi8-r": "koi8-r koi8 koi",
    "koi8-u": "koi8-u koi8-ru",
    "mac-roman": "macintosh mac x-mac-roman",
    "cp874": "windows-874 tis-620 iso-8859-11",
    "gb18030": "gb18030 gbk gb2312 gb_2312-80 x-gbk chinese",
    "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5",
    "euc_jp": "euc-jp x-euc-jp",
    "iso2022_jp": "iso-2022-jp csiso2022jp",
    "cp932": "shift_jis shift-jis sjis x-sjis windows-31j ms_kanji",
    "cp949": "euc-kr ks_c_5601-1987 ksc5601 windows-949 korean",
    "utf-32-le": "utf-32le utf-32 ucs-4 iso-10646-ucs-4",
    "utf-32-be": "utf-32be",
    "utf-16-le": "utf-16le utf-16 unicode ucs-2 iso-10646-ucs-2",
    "utf-16-be": "utf-16be",
}
_LABELS = {label: codec for codec, labels in _FAMILIES.items() for label in labels.split()}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_BEGINNINGS = {codec: [sign.encode(codec) for sign in "<{[ \n\r\t"] for codec in _WIDE}
_DECLARED = re.compile(rb"^[^<]{0,200}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']", re.ASCII)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)


def decode(body: bytes, content_type: str = "") -> str:
    """The text of `body`: by its mark, by being UTF-8, by HTTP's word, by the XML declaration; else UTF-8.

    Never fails: bytes that mean nothing become U+FFFD, each for itself.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    silent = _without_mark(body)
    if silent:
        return body.decode(silent, "replace")
    declared = [codec for codec in (_of_http(content_type), _of_xml(body)) if codec]
    if "iso2022_jp" in declared:
        return body.decode("iso2022_jp", "replace")
    return _first_that_fits(body, declared)


def _first_that_fits(body: bytes, declared: list[str]) -> str:
    # Bytes that happen to be valid UTF-8 beyond ASCII are UTF-8, whatever the label says.
    for codec in ["utf-8", *(name for name in declared if name not in _WIDE)]:
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            continue
    stated = next((name for name in declared if name not in _WIDE), "utf-8")
    return body.decode(stated, "replace")


def _without_mark(body: bytes) -> str | None:
    """Told by where the zeros of the first character are (https://www.w3.org/TR/xml/#sec-guessing)."""
    for codec, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        zeros = body[1:4:2] if codec == "utf-16-le" else body[0:4:2]
        if body[:width] in _BEGINNINGS[codec] and (width == 4 or zeros == b"\0\0"):
            return codec
    return None


def _of_http(content_type: str) -> str | None:
    found = _CHARSET.search(content_type[:500])
    return _LABELS.get(found[1].lower()) if found else None


def _of_xml(body: bytes) -> str | None:
    found = _DECLARED.match(body[:600])
    return _LABELS.get(found[1].decode("ascii").lower()) if found else None
