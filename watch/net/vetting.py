"""What can be said about an address before it is asked for: at the door of lists and forms."""

from __future__ import annotations

from watch.errors import FetchError
from watch.net import failures, urls
from watch.net.addresses import Gate

_OURS = ("localhost", "local", "internal", "home.arpa")


def vet(gate: Gate, text: str) -> str:
    """The address `text`, as it will be asked for.

    Raises FetchError of kind `blocked` for one that the way out would refuse in any case. A name that leads to a
    private address is only known when it is resolved, at every request.
    """
    try:
        url = urls.parse(text)
    except ValueError as error:
        raise FetchError("blocked", f"the address is refused: {error}") from error
    if url.is_address and not gate.permits(url.host, url.port):
        raise failures.closed(url.host, url.host, url.port)
    if any(url.host == name or url.host.endswith("." + name) for name in _OURS):
        hint = "its address in [network] allow can open it"
        raise FetchError("blocked", f"{url.host} is not on the public internet; {hint}")
    return str(url)
