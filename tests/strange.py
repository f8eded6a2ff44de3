"""Texts that nobody writes and every feed brings one day: what stands where words should."""

from __future__ import annotations

from hypothesis import strategies as st

LONG = 200_000
"""Bytes of the longest of them."""

TEXTS = {
    "nothing": "",
    "one letter": "a" * LONG,
    "only emoji": "😡🤬😡 👎👎",
    "flags and families": "🇫🇷👨‍👩‍👧‍👦🏳️‍🌈" * 20,
    "mixed scripts": "ещё שלום bonjour 你好 γειά สวัสดี",
    "one word of four scripts": "Lіsоn раураl аррlе ɢооɢlе",
    "right to left": "המוצר הזה נורא ואיום ولن أشتريه مرة أخرى",
    "turned round": "\u202eelbirroh\u202c \u2066lun\u2069 \u200f\u061c",
    "nul and controls": "\0a\x01b\x07\x1b[31m\x7f\x85\x9b\r\v\f\0",
    "combining flood": "H\u0315\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308" * 100,
    "only combining": "\u0301\u20dd\u0489" * 500,
    "nothing to see": "\u200b\u200c\u200d\u2060\ufeff\u00ad\u3164" * 50,
    "private and unassigned": "\ue000\U000f0000\u0378\uffff\U0010ffff",
    "separators": "\u2028\u2029\u00a0\u3000" * 50,
    "tags nobody closed": "<" * 2_000,
}
"""Name → text, as a store can hold it."""

ALONE = {"high": "\ud83d", "low": "\ude00", "in a word": "xq\ud83dxq", "turned": "\ude00\ud83d", "many": "\udcff" * 500}
"""Name → text with halves of characters, which JSON can write and UTF-8 cannot."""

_RIGHT_TO_LEFT = st.text("אבגדהוזחטיابتثجحخدذ \u200f\u202e\u2067\u2069\u061c", min_size=1, max_size=40)
_FLOOD = st.builds(
    lambda letter, marks: letter + marks,
    st.sampled_from("aéЖא漢😀 "),
    st.text("\u0300\u0301\u0327\u036f\u0489\u20dd\u0651\u1ab0\ufe0f\u200d", min_size=1, max_size=60),
)
ANY = st.lists(st.text(st.characters(), max_size=80) | _RIGHT_TO_LEFT | _FLOOD, max_size=3).map("".join)
"""Any text, half of them with letters from right to left or under a flood of marks."""
