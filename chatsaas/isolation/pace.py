"""How many requests a second, part by part: a run that gets slower would never reach its end."""

import time
from dataclasses import dataclass, field

PARTS = 10


@dataclass
class Pace:
    """`moments` are when the work began and when each part of it was done, by a clock of its own.

    Parts are equally many requests; what is done before the beginning does not count.
    """

    moments: list[float] = field(default_factory=list)
    # How many requests there were at the beginning, and in all when it ends.
    begun: int = 0
    wanted: int = 0

    def begin(self, done: int, wanted: int) -> None:
        self.begun, self.wanted = done, wanted
        self.moments = [time.monotonic()]

    def note(self, done: int) -> None:
        while self.moments and len(self.moments) <= PARTS and done >= self._end_of_next:
            self.moments.append(time.monotonic())

    @property
    def rates(self) -> list[float]:
        """Requests a second, of each part that is done."""
        spans = zip(self.moments, self.moments[1:], strict=False)
        return [self._size / max(0.001, end - start) for start, end in spans]

    @property
    def _size(self) -> float:
        return (self.wanted - self.begun) / PARTS

    @property
    def _end_of_next(self) -> float:
        return self.begun + self._size * len(self.moments)
