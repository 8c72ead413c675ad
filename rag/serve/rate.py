"""How many requests a caller may make in a minute."""

import threading
import time
from collections.abc import Callable

_SECONDS = 60.0


class Rate:
    """A bucket for each caller, which fills evenly and holds the requests of ten seconds.

    Parameters
    ----------
    per_minute
        Requests a minute; 0 for no limit.
    clock
        Seconds, ascending.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_minute / _SECONDS
        self._most = max(1.0, per_minute / 6)
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(self, caller: str) -> float:
        """0 if the caller may make a request now; else the seconds until then."""
        if not self._per_second:
            return 0.0
        now = self._clock()
        with self._lock:
            left, since = self._buckets.get(caller, (self._most, now))
            left = min(self._most, left + (now - since) * self._per_second)
            allowed = left >= 1
            self._buckets[caller] = (left - allowed, now)
        return 0.0 if allowed else (1 - left) / self._per_second
