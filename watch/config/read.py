"""A file → Config, or a ConfigError that lists every mistake with its line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from watch.config import references, secrets
from watch.config.lines import line_of, lines
from watch.config.schema import (
    COMING,
    EVALUATED,
    AlertConfig,
    BoardConfig,
    BrandConfig,
    ChannelConfig,
    DigestConfig,
    GoalConfig,
    HuneConfig,
    LabelsConfig,
    NetworkConfig,
    SmtpConfig,
    SourceConfig,
    TopicConfig,
)
from watch.config.suggest import did_you_mean
from watch.config.text import read as read_text
from watch.errors import ConfigError, Problem

Place = tuple[str | int, ...]
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class Config(BaseModel):
    """The whole of sources.toml; the names are those of its tables."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    hune: HuneConfig = HuneConfig()
    network: NetworkConfig = NetworkConfig()
    labels: LabelsConfig = LabelsConfig()
    smtp: SmtpConfig | None = None
    brand: tuple[BrandConfig, ...] = ()
    source: tuple[SourceConfig, ...] = ()
    topic: tuple[TopicConfig, ...] = ()
    channel: tuple[ChannelConfig, ...] = ()
    alert: tuple[AlertConfig, ...] = ()
    digest: tuple[DigestConfig, ...] = ()
    goal: tuple[GoalConfig, ...] = ()
    board: tuple[BoardConfig, ...] = ()

    def digest_named(self, name: str) -> DigestConfig | None:
        """The digest of that name, if the file declares one."""
        return next((digest for digest in self.digest if digest.name == name), None)

    def channel_named(self, name: str) -> ChannelConfig | None:
        """The channel of that name, if the file declares one."""
        return next((channel for channel in self.channel if channel.name == name), None)

    def notes(self) -> list[str]:
        """What is no mistake, but will not do what a reader of the file may expect; one sentence each."""
        mail = {channel.name for channel in self.channel if channel.email}
        told = {name for digest in self.digest for name in digest.to}
        told |= {name for alert in self.alert for name in alert.channels}
        lines = []
        if self.smtp is None and mail & told:
            lines.append("mails are built but cannot leave: there is no [smtp]")
        if not self.hune.contact:
            lines.append("publishers cannot reach you: set `contact` in [hune]")
        for source in self.source:
            if source.kind in COMING:
                lines.append(
                    f"the source {source.name!r} is not read yet: kind {source.kind!r} comes in a later version"
                )
        for alert in self.alert:
            if alert.kind not in EVALUATED:
                lines.append(
                    f"the alert {alert.name!r} is not evaluated yet: this version knows {', '.join(EVALUATED)}"
                )
        return lines


def load(path: Path, env: Mapping[str, str] | None = None) -> Config:
    """Read `path`. Raises ConfigError with every problem, or one saying that the file cannot be read."""
    return parse(read_text(path), env, file=str(path))


def parse(text: str, env: Mapping[str, str] | None = None, *, file: str = "sources.toml") -> Config:
    """The text of a sources.toml → Config. Raises ConfigError with every problem, in the order of the file."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(file, [_syntax(str(error))]) from error
    except RecursionError as error:
        raise ConfigError(file, [Problem("", "not TOML that a person wrote: it is nested too deeply")]) from error
    data, found = secrets.replace(raw, os.environ if env is None else env)
    config, wrong = _validate(data, Path(file).parent)
    found += [*wrong, *references.problems(data)]
    if found or config is None:
        raise ConfigError(file, _in_order(found, text))
    return config


def _syntax(message: str) -> Problem:
    at = _AT_LINE.search(message)
    return Problem("", f"not TOML: {_AT_LINE.sub('', message).strip()}", line=int(at[1]) if at else None)


def _validate(data: dict[str, Any], folder: Path) -> tuple[Config | None, list[tuple[Place, Problem]]]:
    try:
        return Config.model_validate(data, context={"folder": folder}), []
    except ValidationError as error:
        return None, [(_place(one), Problem("", _sentence(one))) for one in error.errors(include_url=False)]


def _place(error: ErrorDetails) -> Place:
    return tuple(part for part in error["loc"] if part != "[key]")  # pydantic's word for "the key itself"


def _sentence(error: ErrorDetails) -> str:
    key = error["loc"][-1] if error["loc"] else ""
    match error["type"]:
        case "extra_forbidden":
            return f"unknown key `{key}`{did_you_mean(str(key), _keys_at(_place(error)[:-1]))}"
        case "missing":
            return f"`{key}` is missing"
        case "literal_error":
            return f"{error.get('input')!r} is not allowed; write {error['ctx']['expected']}"
        case "too_long":
            return f"these are too many; {error['ctx']['max_length']} are allowed"
        case "value_error":
            return str(error["ctx"]["error"])
    return _WANTED.get(error["type"]) or f"{error['msg'][0].lower()}{error['msg'][1:]}"


# What pydantic says for programmers, in words for people.
_WANTED = {
    "tuple_type": 'a list is wanted here: ["…"], or a table in double brackets',
    "string_type": "a text in quotes is wanted here",
    "string_pattern_mismatch": "this does not have the form that is wanted here",
    "string_too_short": "this is empty",
    "int_type": "a whole number is wanted here",
    "int_parsing": "a whole number is wanted here",
    "bool_type": "true or false is wanted here",
    "bool_parsing": "true or false is wanted here",
    "model_type": "a table is wanted here",
    "model_attributes_type": "a table is wanted here",
    "dict_type": "a table is wanted here",
    "path_type": "the path of a folder, in quotes, is wanted here",
}


def _keys_at(place: Place) -> list[str]:
    table = _TABLES.get(str(place[0])) if place else Config
    if table is None:
        return []
    names = [field.alias or name for name, field in table.model_fields.items()]
    return [*names, "sensitivity"] if table is AlertConfig else names


_TABLES: dict[str, type[BaseModel]] = {
    "hune": HuneConfig,
    "network": NetworkConfig,
    "labels": LabelsConfig,
    "smtp": SmtpConfig,
    "brand": BrandConfig,
    "source": SourceConfig,
    "topic": TopicConfig,
    "channel": ChannelConfig,
    "alert": AlertConfig,
    "digest": DigestConfig,
    "goal": GoalConfig,
    "board": BoardConfig,
}


def _in_order(found: list[tuple[Place, Problem]], text: str) -> list[Problem]:
    known = lines(text)
    placed = [Problem(_dotted(place), problem.message, line_of(place, known)) for place, problem in found]
    return sorted(placed, key=lambda problem: problem.line or 0)


def _dotted(place: Place) -> str:
    """`("brand", 1, "query")` → `brand[2].query`: people count from one."""
    return "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" if i else p for i, p in enumerate(place))
