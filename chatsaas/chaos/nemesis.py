"""Decides, from a seed, which fault strikes when: at a named point of a turn, or at any time.

Every process asks here whenever it reaches a failpoint, and stands there until it is answered:
so a fault can be done at exactly that point, to that process or to the servers around it.
"""

import asyncio
import contextlib
import time
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass
from random import Random

from chatsaas.chaos.faults import Faults
from chatsaas.chaos.history import History
from chatsaas.chaos.matrix import ANY, CELLS, KILL, KILLS, Cell, Matrix
from chatsaas.chaos.pace import Pace
from chatsaas.servers.ports import LOOPBACK

OTHERS = tuple(fault for fault in CELLS if fault != KILL)
# How many intervals a point that is seldom reached is waited for.
WAIT = 2.0
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Planted:
    """A fault that waits for somebody to reach its point; `struck` then says who it was."""

    fault: str
    seconds: float
    struck: asyncio.Future[str]


class Nemesis:
    """Two rows of faults, each with one fault every `every` seconds: kills, and all others."""

    def __init__(
        self, faults: Faults, pace: Pace, history: History, *, every: float, seed: int
    ) -> None:
        self._faults, self._pace, self._history = faults, pace, history
        self._every = every
        self._random = Random(f"nemesis {seed}")
        self.matrix = Matrix(self._random)
        self._due = {True: time.monotonic() + every, False: time.monotonic() + every / 2}
        self._answered = {True: 0, False: 0}
        self._server: asyncio.Server | None = None
        self._is_over = False
        self._planted: dict[str, Planted] = {}
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._attend, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def plant(self, point: str, fault: str, seconds: float) -> asyncio.Future[str]:
        """Strike once, whoever reaches this point next. Answers whom it hit, when it did."""
        struck: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._planted[point] = Planted(fault, seconds, struck)
        return struck

    def end(self) -> None:
        """No fault from here on; processes still ask, and go on at once."""
        self._is_over = True

    def close(self) -> None:
        if self._server:
            self._server.close()

    async def roam(self) -> None:
        """Faults at any time, until cancelled: half of all, and those no point was reached for."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for is_kill in (True, False):
                if self._is_due(is_kill) and self._is_overdue(is_kill):
                    await self._strike(self._choose(is_kill, ANY), 0)

    async def _attend(self, reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            while asked := await reader.readline():
                point, pid = asked.decode().split()
                await self._at(point, int(pid))
                writer.write(b"\n")
                await writer.drain()
        writer.close()

    async def _at(self, point: str, pid: int) -> None:
        if planted := self._planted.pop(point, None):
            hit = await self._faults.strike(planted.fault, pid, self._random, planted.seconds)
            planted.struck.set_result(hit)
            return
        for is_kill in (True, False):
            if not self._is_due(is_kill):
                continue
            cell = self._choose(is_kill, point)
            if cell and self._is_wanted(cell, is_kill):
                await self._strike(cell, pid)
                return

    def _is_due(self, is_kill: bool) -> bool:
        if self._is_over:
            return False
        is_late = is_kill and self._pace.is_behind
        has_moved = self._pace.answered >= self._answered[is_kill] + self._pace.breath
        is_time = has_moved and time.monotonic() >= self._due[is_kill]
        return (is_late or is_time) and self._faults.can_go_on

    def _is_overdue(self, is_kill: bool) -> bool:
        """Faults at any time come in their turn, and when no wanted point is reached for long."""
        is_least = self.matrix.least(_row(is_kill)) >= min(
            self.matrix.counts[fault, ANY] for fault in _row(is_kill)
        )
        return is_least or time.monotonic() > self._due[is_kill] + WAIT * self._every

    def _is_wanted(self, cell: Cell, is_kill: bool) -> bool:
        """The least hit cell first; any other when that one is not reached in time."""
        is_least = self.matrix.counts[cell] <= self.matrix.least(_row(is_kill))
        return is_least or time.monotonic() > self._due[is_kill] + self._every / 2

    def _choose(self, is_kill: bool, point: str) -> Cell | None:
        cells = self.matrix.at(point, _row(is_kill))
        return self.matrix.choose(cells) if cells else None

    async def _strike(self, cell: Cell | None, pid: int) -> None:
        if cell is None:
            return
        fault, point = cell
        self._answered[fault == KILL] = self._pace.answered
        self._due[fault == KILL] = time.monotonic() + self._every * self._random.uniform(0.6, 1.4)
        hit = await self._faults.strike(fault, pid, self._random)
        if not hit:
            return
        self.matrix.counts[cell] += 1
        self._history.write("fault", fault=fault, point=point, who=hit)
        if fault in KILLS:
            await self._pace.count_kill()


def _row(is_kill: bool) -> tuple[str, ...]:
    return (KILL,) if is_kill else OTHERS
