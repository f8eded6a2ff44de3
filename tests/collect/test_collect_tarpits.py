"""H09: servers that take a request and say nothing hold up nobody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from loopback import Asked, Loopback, Reply, reply

from watch.collect import InlineParser, Poller
from watch.collect.asking import in_turn
from watch.collect.manners import Manners
from watch.collect.permission import Permission
from watch.collect.round import Round
from watch.net import Gate, Limits, make_client
from watch.store.due import Due

Serve = Callable[[Callable[[Asked], Reply]], Loopback]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FEED = '<rss version="2.0"><channel><title>P</title><item><title>a</title></item></channel></rss>'
PLACES, PATIENCE, DEADLINE = 4, 0.1, 3.0


def sweep(server: Loopback, paths: list[str]) -> dict[str, tuple[str | None, float]]:
    """Ask for all at once: of each path the kind of its failure, and when it was over (seconds)."""
    began = time.monotonic()
    told: dict[str, tuple[str | None, float]] = {}

    async def one(round_: Round, path: str) -> None:
        url = f"http://{path.strip('/')}.example:{server.port}{path}"
        seen = await in_turn(round_, Due(path, url=url))
        told[path] = (seen.error.kind if seen.error else None, time.monotonic() - began)

    async def resolve(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async def main() -> None:
        gate = Gate([server.allow])
        poller = Poller(gate, "Hune/test", parser=InlineParser(), limits=Limits(seconds=DEADLINE))
        manners = Manners(spacing=0, concurrency=PLACES, patience=PATIENCE)
        async with make_client(gate, user_agent="Hune/test", resolve=resolve) as client:
            round_ = Round(poller, client, manners, Permission(client, manners, NOW), None, NOW)
            await asyncio.gather(*(one(round_, path) for path in paths))

    asyncio.run(main())
    return told


def test_the_others_are_done_in_about_their_normal_time(serve: Serve) -> None:
    """H09: 8 tarpits among 40 sources, all asked first, with half as many places"""

    def answer(asked: Asked) -> Reply:
        return silent() if asked.path.startswith("/tar") else reply(200, FEED)

    def silent() -> Iterator[bytes]:
        server.pause(DEADLINE * 3)
        yield b""

    server = serve(answer)
    tarpits, others = [f"/tar{n}" for n in range(8)], [f"/good{n}" for n in range(32)]
    normal = max(at for _, at in sweep(server, others).values())
    told = sweep(server, tarpits + others)
    assert {told[path][0] for path in others} == {None}
    assert {told[path][0] for path in tarpits} == {"deadline"}
    # Each round of tarpits costs its patience, and not the deadline.
    assert max(told[path][1] for path in others) < 2 * normal + 2 * PATIENCE + 0.5
    assert max(at for _, at in told.values()) < DEADLINE + 2 * PATIENCE + 1


def test_places_are_lent_to_so_many_and_one_at_a_time_is_one_at_a_time() -> None:
    """H09"""

    async def most(places: int) -> int:
        manners = Manners(spacing=0, concurrency=places, patience=0.01)
        inside = highest = 0

        async def turn(n: int) -> None:
            nonlocal inside, highest
            async with manners.turn(f"https://h{n}.example/"):
                inside += 1
                highest = max(highest, inside)
                await asyncio.sleep(0.05)
                inside -= 1

        await asyncio.gather(*(turn(n) for n in range(12)))
        return highest

    assert asyncio.run(most(1)) == 1
    assert 2 < asyncio.run(most(2)) <= 12
