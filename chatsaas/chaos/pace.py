"""Keeps clients and faults in step: by work done, so that a slow machine gets the same run."""

import asyncio

LEAST_BREATH = 3


class Pace:
    """`turns` in all, over which at least `kills` are spread; clients wait when kills lag."""

    def __init__(self, turns: int, kills: int) -> None:
        self.turns, self._kills = turns, kills
        self.begun = self.answered = self.killed = 0
        self._changed = asyncio.Condition()

    @property
    def is_behind(self) -> bool:
        """Whether clients wait for the next kill."""
        share = self.turns * (self.killed + 1)
        return self.killed < self._kills and self.begun * (self._kills + 1) > share

    @property
    def breath(self) -> int:
        """So many messages are answered between two faults of a kind, however long that takes."""
        return max(1, self.turns * 3 // (4 * self._kills)) if self._kills else LEAST_BREATH

    async def begin(self) -> None:
        """Called before a message is said for the first time."""
        self.begun += 1
        async with self._changed:
            await self._changed.wait_for(lambda: not self.is_behind)

    def end(self) -> None:
        self.answered += 1

    async def count_kill(self) -> None:
        self.killed += 1
        async with self._changed:
            self._changed.notify_all()
