"""H70: what strangers write steers no terminal and begins no line of a log."""

from __future__ import annotations

import re
import subprocess
import sys

EVIL = "Titre\r\n2026-11-20 12:00:00,000 ERROR watch.pipeline forged\x1b[2J\x1b]0;owned\x07\x85\u2028\u2029\x9b31m\0"
OURS = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ \S+ .+")


def written(statement: str) -> list[str]:
    """The lines of a process that logs; `log` is its logger, `evil` the title."""
    code = f"""
import logging
from watch import logs
logs.setup(verbose=True)
log, evil = logging.getLogger("watch.collect"), {EVIL!r}
{statement}
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    lines = done.stderr.split("\n")[:-1]
    assert all(line.isprintable() for line in lines)
    return lines


def test_a_unit_of_work_is_one_line() -> None:
    """H70"""
    (line,) = written("log.info('poll source=%r url=%s', evil, evil)")
    assert OURS.fullmatch(line)
    assert "\\x1b[2J" in line


def test_an_error_that_quotes_a_title_forges_no_line() -> None:
    """H70"""
    first, *rest = written("try: raise ValueError(evil)\nexcept ValueError: log.exception('store outcome=crashed')")
    assert OURS.fullmatch(first)
    assert len(rest) > 2
    assert all(line.startswith("    ") for line in rest)
