"""The sources.toml of the demo, for the port that its server was given."""

from __future__ import annotations

import json
from importlib.resources import files
from string import Template

from watch.demo.outlets import Outlet
from watch.demo.world import World


def config_text(world: World, port: int) -> str:
    """A whole sources.toml: brands, topics, alert and digest, and a source for each outlet of `world`."""
    head = files("watch.demo").joinpath("sources.head.toml").read_text(encoding="utf-8")
    filled = Template(head).substitute(port=port)
    return "\n".join([filled, *(_source(outlet, port) for outlet in world.outlets)])


def _source(outlet: Outlet, port: int) -> str:
    return (
        "[[source]]\n"
        f"name = {_text(outlet.name)}\n"
        'kind = "feed"\n'
        f"url = {_text(f'http://127.0.0.1:{port}{outlet.path}')}\n"
        f"every = {_text(outlet.every)}\n"
        f"language = {_text(outlet.lang)}\n"
        f"tags = [{', '.join(_text(tag) for tag in outlet.tags)}]\n"
    )


def _text(value: str) -> str:
    """A TOML basic string; JSON's escapes are among TOML's."""
    return json.dumps(value, ensure_ascii=False)
