"""README, reference pages and changelog move with the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

import watch.config.read as config
from watch import __version__
from watch.cli import _COMMANDS, hune
from watch.config import load

ROOT = Path(__file__).resolve().parents[1]
CLI = (ROOT / "docs" / "cli.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = dict(commands(hune))


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_command_has_its_line_and_its_options_in_the_reference(name: str) -> None:
    section = re.search(rf"^### `hune {re.escape(name)}[` ].*?(?=^###? |\Z)", CLI, re.M | re.S)
    assert section is not None, f"docs/cli.md has no heading ### `hune {name} …`"
    for parameter in ALL[name].params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[0]}" in section[0], f"docs/cli.md: {name} lacks {parameter.opts[0]}"


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_command_explains_itself(name: str) -> None:
    assert ALL[name].help
    assert all(p.help for p in ALL[name].params if isinstance(p, click.Option)), name


def test_the_reference_names_no_command_that_is_gone() -> None:
    headings = re.findall(r"^### `hune ([a-z ]+?)(?: [A-Z\[-].*)?`", CLI, re.M)
    assert set(headings) == set(ALL)


def test_the_short_list_says_what_the_commands_say() -> None:
    assert set(_COMMANDS) == {name for name in ALL if " " not in name}


def test_every_key_of_the_configuration_is_documented() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    tables: dict[str, type[BaseModel]] = config._TABLES
    for table, model in tables.items():
        for name, field in model.model_fields.items():
            assert f"`{field.alias or name}`" in text, f"docs/configuration.md lacks {table}.{name}"


def test_every_key_the_shipped_file_shows_exists() -> None:
    text = (ROOT / "sources.toml").read_text("utf-8")
    uncommented = re.sub(r"^# (?=(\w+ = |\[\[?\w+\]))", "", text, flags=re.M)
    target = ROOT / "sources.toml"
    names = {"SLACK_EQUIPE": "slack://a/b/c", "CRM_SECRET": "x", "SMTP_URL": "smtp://localhost"}
    assert load(target, {})
    assert config.parse(uncommented, names).goal


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_that_pages_name_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"`?make ([a-z]+)`", page.read_text("utf-8"))) <= targets


def test_both_readmes_tell_of_the_same_commands() -> None:
    english, french = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.fr.md"))
    of = r"^    (make \w+)"
    assert re.findall(of, english, re.M) == re.findall(of, french, re.M)


def test_the_changelog_tells_of_this_version() -> None:
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = re.findall(r'^    "[a-z0-9-]+[\[>=<].*$', text, re.M)
    assert len(listed) > 30
    assert [line for line in listed if "#" not in line] == []


def test_no_path_of_one_machine_is_written_down() -> None:
    for file in [*PAGES, ROOT / "Makefile", ROOT / "Dockerfile", ROOT / ".ci" / "run"]:
        assert not re.search(r"/work/|\.\./shared|/root/", file.read_text("utf-8")), file.name
