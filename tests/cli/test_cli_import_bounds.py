"""H71: what is imported opens no path of its own choice, and is bounded in size and number.

Lists of feeds are all that Hune imports today: there is no archive to unpack and no backup to restore.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from watch.cli import hune
from watch.collect import opml

# Tells of every file that the process opens, by whatever way, after its own start.
WATCHED = """
import sys
from watch.cli import hune
import watch.collect.opml, watch.collect.subscribe, watch.store
opened = []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event in ("open", "os.listdir") else None)
try:
    hune(sys.argv[1:], standalone_mode=False)
finally:
    print("\\n".join(opened), file=sys.stderr)
"""
OUTLINES = """<?xml version="1.0"?><?xml-stylesheet href="{0}"?>
<!DOCTYPE opml SYSTEM "{0}" [<!ENTITY x SYSTEM "file://{0}"><!ENTITY % y SYSTEM "{0}">%y;]>
<opml version="2.0" xmlns:xi="http://www.w3.org/2001/XInclude"><body><xi:include href="{0}" parse="text"/>
<outline text="&x;" xmlUrl="{0}"/><outline text="a" xmlUrl="file://{0}"/><outline text="b" xmlUrl="../canary"/>
<outline text="c" type="include" url="{0}"/><outline text="d" type="link" url="{0}"/>
<outline text="../../canary" xmlUrl="https://presse.example/../../{0}"/></body></opml>"""


def run(folder: Path, *arguments: str, code: str = WATCHED) -> subprocess.CompletedProcess[str]:
    (folder / "sources.toml").touch()
    options = ["--config", str(folder / "sources.toml"), "--database", f"sqlite:///{folder}/hune.db"]
    return subprocess.run([sys.executable, "-c", code, *options, *arguments], capture_output=True, text=True)


def test_no_path_of_a_list_is_opened(tmp_path: Path) -> None:
    """H71"""
    (canary := tmp_path / "canary").write_text("a secret")
    (tmp_path / "list.opml").write_text(OUTLINES.format(canary))
    done = run(tmp_path, "sources", "import", str(tmp_path / "list.opml"), "--json")
    assert done.returncode == 0, done.stderr
    opened = done.stderr.splitlines()
    assert any(path.endswith("list.opml") for path in opened)
    assert not [path for path in opened if "canary" in path]
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["outcome"] for row in rows] == ["refused"] * 5 + ["added"]
    assert "a secret" not in done.stdout


def test_a_list_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    """H71: a file of 8 GB, in a process that may have 2"""
    with (tmp_path / "large.opml").open("wb") as file:
        file.write(b"<opml><body>")
        file.truncate(8_000_000_000)  # without taking place on the disk
    bound = f"import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**31, {resource.RLIM_INFINITY}))\n"
    done = run(tmp_path, "sources", "import", str(tmp_path / "large.opml"), code=bound + WATCHED)
    assert done.returncode != 0
    assert f"larger than {opml.MAX_BYTES // 1_000_000} MB" in done.stderr


def test_the_lines_of_a_list_are_numbered(tmp_path: Path) -> None:
    """H71"""
    lines = "".join(f'<outline xmlUrl="https://h{n}.example/"/>' for n in range(opml.MAX_LINES + 5))
    read = opml.read(f"<opml><body>{lines}</body></opml>".encode())
    assert len(read) == opml.MAX_LINES + 1
    assert "more than" in (read[-1].problem or "")


@pytest.mark.parametrize("word", ["import", "restore", "unpack", "load"])
def test_nothing_else_is_imported(word: str) -> None:
    """H71: whoever adds such a command writes the bounds of archives, and their tests, with it"""
    assert word not in hune.commands
