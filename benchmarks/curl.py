"""`curl --parallel` over the farm, when nothing is new: what could be had if a sweep were HTTP alone.

Every answer is a 304, as in Hune's sweep. curl asks in two ways, and the quicker one counts: with the very
`If-None-Match` of each feed, or with one `If-Modified-Since` for all, which spares it a configuration a feed.
"""

from __future__ import annotations

from email.utils import format_datetime
from pathlib import Path

from farm import NEWEST, Farm
from measure import Cost, measure


def ask(farm: Farm, port: int, folder: Path, *, etags: bool) -> Cost:
    """All feeds of a farm at step 0 once, 64 at a time. Raises RuntimeError when one of them was not a 304."""
    write = _with_etags if etags else _with_date
    config = folder / "curl.conf"
    config.write_text(write(farm, port), encoding="ascii")
    command = ["curl", "--silent", "--parallel", "--parallel-max", "64", "--config", str(config)]
    cost, said = measure(command, folder)
    unmodified = said.split().count("304")
    if unmodified != farm.feeds:
        raise RuntimeError(f"curl: {unmodified} answers of {farm.feeds} were 304: {said[-300:]}")
    return cost


def quickest(farm: Farm, port: int, folder: Path) -> Cost:
    """The better of both ways."""
    return min((ask(farm, port, folder, etags=etags) for etags in (True, False)), key=lambda cost: cost.wall)


def _with_etags(farm: Farm, port: int) -> str:
    return "next\n".join(
        f'silent\ncompressed\nwrite-out = "%{{http_code}}\\n"\noutput = "/dev/null"\nurl = "{farm.url(n, port)}"\n'
        f'header = "If-None-Match: \\"{farm.seed}-{n}-0\\""\n'
        for n in range(farm.feeds)
    )


def _with_date(farm: Farm, port: int) -> str:
    since = format_datetime(NEWEST, usegmt=True)
    head = f'silent\ncompressed\nwrite-out = "%{{http_code}}\\n"\nheader = "If-Modified-Since: {since}"\n'
    return head + "".join(f'url = "{farm.url(n, port)}"\noutput = "/dev/null"\n' for n in range(farm.feeds))
