from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from loopback import Asked, Loopback, Reply


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[Asked], Reply]], Loopback]]:
    """Start servers that end with the test."""
    with ExitStack() as stack:
        yield lambda answer: stack.enter_context(Loopback(answer))
