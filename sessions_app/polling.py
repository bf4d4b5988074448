"""When a socket looks into the store without having been told that something is there."""

import random
import time
from collections.abc import Callable, Sequence

from sessions_app.events import StoredEvent
from sessions_app.frames import Frame, Pong

# Nudges can be lost, so the store is looked into; thousands of sockets that wait must not show.
FIRST_SECONDS, LONGEST_SECONDS = 30.0, 240.0


class Polling:
    """Soon after the last sign of life, and ever more rarely the longer nothing happens.

    The answer to a ping is no sign of life: a widget asks more often than the store is looked into.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wait(FIRST_SECONDS)

    @property
    def seconds(self) -> float:
        """Until it is time to look."""
        return self._at - self._clock()

    def take(self, told: Sequence[Frame | StoredEvent]) -> None:
        """What the client was told, or nothing after a look that found nothing."""
        if any(not isinstance(one, Pong) for one in told):
            self._wait(FIRST_SECONDS)
        elif not told:
            self._wait(min(self._pause * 2, LONGEST_SECONDS))

    def _wait(self, pause: float) -> None:
        self._pause = pause
        # Sockets that came together do not look together.
        self._at = self._clock() + pause * random.uniform(0.8, 1.0)
