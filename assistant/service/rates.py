"""How many requests a client may make: one bucket of tokens a client."""

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_CLIENTS = 10_000


class Rates:
    """Buckets that fill steadily.

    Args:
        per_s: requests a second that a client may make lastingly.
        burst: requests that it may make at once.
        clock: seconds, counted up.
    """

    def __init__(self, per_s: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_s = per_s
        self._burst = burst
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, client: str) -> float:
        """Count a request; 0 where it may go on, else the seconds until it may be made again."""
        now = self._clock()
        left, at = self._left.pop(client, (float(self._burst), now))
        left = min(float(self._burst), left + (now - at) * self._per_s)
        wait = 0.0 if left >= 1 else (1 - left) / self._per_s
        self._left[client] = (left if wait else left - 1, now)
        if len(self._left) > MOST_CLIENTS:
            self._left.popitem(last=False)
        return wait
