"""Keeps clients and faults in step: by work done, so that a slow machine gets the same run."""

import asyncio
import math
import time
from collections.abc import Callable

from chatsaas.chaos.matrix import ROUND

# So many messages are answered between two faults of a kind, however long that takes.
BREATH = 3
# With the last eighth of the messages, cells that missed some of their turns catch up.
MARGIN = 1.15


class Pace:
    """`turns` in all, over which at least `kills` are spread; clients wait when kills lag.

    With `hits`, every cell of the matrix is to be hit so often, once in a `lap` of so many seconds:
    the visitors take as long as that takes.
    """

    def __init__(
        self,
        turns: int,
        kills: int,
        *,
        hits: int = 0,
        lap: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.turns, self._kills = turns, kills
        self._hits, self._lap, self._clock = hits, lap, clock
        self.begun = self.answered = self.killed = 0
        self._start = clock()
        self._changed = asyncio.Condition()

    def start(self) -> None:
        """Now: what was before was setting up."""
        self._start = self._clock()

    @property
    def is_behind(self) -> bool:
        """Whether clients wait for the next kill."""
        share = self.turns * (self.killed + 1)
        return self.killed < self._kills and self.begun * (self._kills + 1) > share

    @property
    def breath(self) -> int:
        """So many messages are answered between two kills."""
        return max(1, self.turns * 3 // (4 * self._kills)) if self._kills else BREATH

    @property
    def rounds(self) -> float:
        """How often every cell should have been hit by now, and never more than was asked for."""
        return min(self._laps, self._laps_by_work, self._hits or math.inf)

    @property
    def next_rounds(self) -> float:
        """The same a round later: who is struck anyway may be struck before its time."""
        return min(self.rounds + 1, self._hits or math.inf)

    @property
    def seconds_left(self) -> float:
        """If the visitors go on as they did."""
        spent = self._clock() - self._start
        return spent * (self.turns - self.answered) / max(1, self.answered)

    async def begin(self) -> None:
        """Called before a message is said for the first time."""
        self.begun += 1
        if early := self._seconds_early():
            await asyncio.sleep(early)
        async with self._changed:
            await self._changed.wait_for(lambda: not self.is_behind)

    def end(self) -> None:
        self.answered += 1

    async def count_kill(self) -> None:
        self.killed += 1
        async with self._changed:
            self._changed.notify_all()

    @property
    def _laps(self) -> float:
        return (self._clock() - self._start) / self._lap

    @property
    def _laps_by_work(self) -> float:
        """No more faults than the work that was done can bear."""
        if self._hits:
            return self._hits * MARGIN * self.begun / self.turns
        return self.answered / (self.breath * ROUND)

    def _seconds_early(self) -> float:
        """By how much this message is ahead of the faults that were to come before it."""
        wanted = self._hits * self._lap * MARGIN * self.begun / self.turns
        return max(0.0, self._start + wanted - self._clock())
