"""The demo: sixty days lived through the real pipeline in a minute, and what it leaves in a folder.

1. a world is built for `now` and served on loopback; 2. its sources.toml is written; 3. the pipeline ticks through the
sixty days, on the demo's clock; 4. mails, digest and incidents lie in the folder as files.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from watch.config import parse
from watch.demo.config import config_text
from watch.demo.mailbox import Mailbox
from watch.demo.server import DemoServer
from watch.demo.timeline import moments
from watch.demo.world import World
from watch.digest import render
from watch.errors import Refused
from watch.model import Digest
from watch.pipeline import Pipeline
from watch.store import Store, digests

_MARK = "made-by-hune-demo"
DIGEST = "matinale"


@dataclass(frozen=True, slots=True)
class Lived:
    """What the demo leaves: the open store, its configuration, the folder, the last digest."""

    pipeline: Pipeline
    folder: Path
    digest: Digest


def live(folder: Path, now: datetime, *, progress: Callable[[int, int], None]) -> Lived:
    """Live through the sixty days that end at `now`; `progress` gets the tick and how many there are.

    The same `now` gives the same digest and the same incidents. Raises Refused when `folder` holds something else
    than an older demo.
    """
    _clear(folder)
    world, ticks = World.build(now), moments(now)
    with DemoServer(world, at=ticks[0]) as server:
        pipeline = _pipeline(folder, config_text(world, server.port), ticks[0])
        for number, moment in enumerate(ticks, 1):
            server.at = moment
            pipeline.tick(moment)
            progress(number, len(ticks))
    pipeline.close()
    return Lived(pipeline, folder, _leave(pipeline.store, folder))


def _clear(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise Refused(f"{folder} holds something that no demo wrote; choose another with --dir")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / _MARK).touch()
    except OSError as error:
        raise Refused(f"cannot write to {folder}: {error.strerror}") from error


def _pipeline(folder: Path, text: str, start: datetime) -> Pipeline:
    file = folder / "sources.toml"
    file.write_text(text, "utf-8")
    config = parse(text, {}, file=str(file))
    box = Mailbox(folder / "mails")
    store = Store.open(f"sqlite:///{folder / 'hune.db'}")
    channels = {channel.name: box for channel in config.channel}
    # The demo's server is ours: no need to be polite to it. One request after the other, so that rows get the same
    # ids every time.
    pipeline = Pipeline(config, store, spacing=0, concurrency=1, channels=channels)
    pipeline.reload(config, start)
    return pipeline


def _leave(store: Store, folder: Path) -> Digest:
    """The last digest as three files."""
    with store.reading() as session:
        day = digests.last_day(session, DIGEST)
        issue = digests.issue(session, DIGEST, day) if day else None
    if issue is None:
        raise Refused("the demo built no digest, which it always should: please report this")
    digest = render.from_json(issue.content)
    (folder / "digest.txt").write_text(f"{render.subject(digest)}\n\n{render.text(digest)}", "utf-8")
    (folder / "digest.html").write_text(render.html(digest), "utf-8")
    frozen = json.dumps(render.as_json(digest), ensure_ascii=False, indent=2)
    (folder / "digest.json").write_text(frozen + "\n", "utf-8")
    return digest
