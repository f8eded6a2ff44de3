"""The only way out: everything Hune asks of the network goes through here.

What comes in is a request; what goes out is an answer held to its limits, or a FetchError with its kind.

1. `urls` reads an address, strictly, or refuses it;
2. `client` adds who we are;
3. `curl` opens connections, to addresses that the `Gate` of `addresses` permits, and to no others;
4. `reception` takes the answer as it comes, inflates, and stops at the size;
5. `exchange` follows redirects, and stops at the hour;
6. `send` is the same for one small message (webhooks), without redirects.
"""

from watch.net.addresses import Gate, is_public
from watch.net.agent import PROJECT_URL, user_agent
from watch.net.client import Client, make_client
from watch.net.exchange import Answer, exchange, prepare
from watch.net.send import send
from watch.net.urls import origin_of
from watch.net.vetting import vet
from watch.net.wire import Limits, Transport

__all__ = [
    "PROJECT_URL",
    "Answer",
    "Client",
    "Gate",
    "Limits",
    "Transport",
    "exchange",
    "is_public",
    "make_client",
    "origin_of",
    "prepare",
    "send",
    "user_agent",
    "vet",
]
