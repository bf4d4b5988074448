"""Pieces of a reply on their way out: the first at once, later ones gathered for 40 ms."""

import asyncio
from collections.abc import AsyncIterator

from ai_bridge.contract import Delta

_GATHER_SECONDS = 0.04


class Deltas:
    """One writer calls `say` and at last `finish`; one reader iterates until then."""

    def __init__(self) -> None:
        self._ready: asyncio.Queue[str | None] = asyncio.Queue()
        self._gathered: list[str] = []
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._quiet_until = 0.0

    def say(self, piece: str) -> None:
        self._gathered.append(piece)
        wait = self._quiet_until - self._loop.time()
        if wait <= 0:
            self._flush()
        elif self._timer is None:
            self._timer = self._loop.call_later(wait, self._flush)

    def finish(self) -> None:
        self._flush()
        self._ready.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[Delta]:
        while (text := await self._ready.get()) is not None:
            yield Delta(text=text)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._gathered:
            self._ready.put_nowait("".join(self._gathered))
            self._gathered.clear()
            self._quiet_until = self._loop.time() + _GATHER_SECONDS
