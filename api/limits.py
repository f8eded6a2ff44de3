"""How often something may be tried."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock


class Limiter:
    """At most `most` tries in `seconds` for each name; remembers ten thousand names, the latest."""

    _NAMES = 10_000

    def __init__(self, *, most: int, seconds: float) -> None:
        self._most = most
        self._span = timedelta(seconds=seconds)
        self._tries: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def wait(self, name: str, now: datetime) -> float:
        """Count a try. 0.0 when it may go on, else the seconds until it may (and the try is not counted)."""
        with self._lock:
            tries = self._tries.setdefault(name, deque())
            self._tries.move_to_end(name)
            while tries and tries[0] <= now - self._span:
                tries.popleft()
            if len(tries) >= self._most:
                return max(1.0, (tries[0] + self._span - now).total_seconds())
            tries.append(now)
            while len(self._tries) > self._NAMES:
                self._tries.popitem(last=False)
            return 0.0
