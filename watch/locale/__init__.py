"""French and English: the words people read, and how numbers and dates are written.

Message ids are the English texts. The catalogues of a language are all `*.po` files in its folder, merged and
compiled in memory, once a process: a change of words is a change of one text file. `python -m watch.locale` lists
what lacks a translation.
"""

from watch.locale.catalogues import install, translator
from watch.locale.figures import day, moment, number, percent, short_day, signed_percent
from watch.locale.plain import legible, one_line, paragraph, web_address

__all__ = [
    "day",
    "install",
    "legible",
    "moment",
    "number",
    "one_line",
    "paragraph",
    "percent",
    "short_day",
    "signed_percent",
    "translator",
    "web_address",
]
