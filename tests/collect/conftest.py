from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

# The loopback server is at home in tests/net, where the wire is tested.
sys.path.insert(0, str(Path(__file__).parents[1] / "net"))

from loopback import Asked, Loopback, Reply


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[Asked], Reply]], Loopback]]:
    """Start servers that end with the test."""
    with ExitStack() as stack:
        yield lambda answer: stack.enter_context(Loopback(answer))
