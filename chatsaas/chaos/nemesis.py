"""Decides, from a seed, which fault strikes when: at a named point of a turn, or at any time.

Every process asks here whenever it reaches a failpoint, and stands there until it is answered:
so a fault can be done at exactly that point, to that process or to the servers around it.
"""

import asyncio
import contextlib
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from chatsaas.chaos.faults import Faults
from chatsaas.chaos.history import History
from chatsaas.chaos.matrix import (
    ANY,
    CELLS,
    KILL,
    KILLS,
    NETWORK,
    PROCESS,
    RELAY,
    SERVER,
    Cell,
    Matrix,
)
from chatsaas.chaos.pace import Pace
from chatsaas.servers.ports import LOOPBACK

LOOK_SECONDS = 0.1
# Between two of a kind, in intervals of kills; and how long a server has its peace afterwards.
SPACE, PEACE_SECONDS = 0.3, 2.5
# So long the first who stands at a point waits for others, when a server is to be struck.
GATHER_SECONDS = 0.3
# What a killed relay was sending is sent again after its lease of thirty seconds: nobody is to
# wait for that at the end of a run.
RELAY_SECONDS = 35.0


@dataclass(frozen=True)
class Planted:
    """A fault that waits for somebody to reach its point; `struck` then says who it was."""

    fault: str
    seconds: float
    struck: asyncio.Future[str]


@dataclass
class Circle:
    """Processes that stand at points, each at another, while one fault strikes them all."""

    points: set[str] = field(default_factory=set)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)


class Nemesis:
    """Every cell of the matrix comes once in ROUND intervals of `every` seconds."""

    def __init__(
        self, faults: Faults, pace: Pace, history: History, *, every: float, seed: int
    ) -> None:
        self._faults, self._pace, self._history = faults, pace, history
        self._space = every * SPACE
        self._random = Random(f"nemesis {seed}")
        self.matrix = Matrix(self._random)
        self._peace_until = dict.fromkeys(CELLS, 0.0)
        self._circles: dict[str, Circle] = {}
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

    async def end(self) -> None:
        """No fault from here on; processes still ask, and go on at once."""
        self._is_over = True
        for circle in list(self._circles.values()):
            await circle.is_over.wait()

    def close(self) -> None:
        if self._server:
            self._server.close()

    async def roam(self) -> None:
        """Faults at any time, until cancelled; and kills that all visitors wait for."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for cell in self._due(CELLS, ANY):
                if cell[0] not in PROCESS or self._faults.can_spare(0):
                    await self._strike(cell, 0)
            if self._pace.is_behind and self._is_free((KILL, ANY)) and self._faults.can_spare(0):
                await self._strike((KILL, ANY), 0)

    def decide(self, point: str, faults: Iterable[str]) -> str:
        """For a server of the run itself: what it is to do to who asks it; empty for nothing."""
        for fault, _ in self._due(faults, point):
            self._count((fault, point), "connection")
            return fault
        return ""

    async def _attend(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                while asked := await reader.readline():
                    point, pid = asked.decode().split()
                    await self._at(point, int(pid))
                    writer.write(b"\n")
                    await writer.drain()
        finally:
            writer.close()

    async def _at(self, point: str, pid: int) -> None:
        if planted := self._planted.pop(point, None):
            hit = await self._faults.strike(planted.fault, pid, self._random, planted.seconds)
            planted.struck.set_result(hit)
            return
        if self._pace.is_behind and await self._strike_process((KILL, point), pid):
            return
        if circle := self._circle_for(point):
            circle.points.add(point)
            await circle.is_over.wait()
            return
        for cell in self._due((*PROCESS, *SERVER, *NETWORK), point):
            if cell[0] in SERVER:
                await self._stand(cell)
                return
            if cell[0] in NETWORK:
                await self._strike(cell, pid)
                return
            if await self._strike_process(cell, pid):
                return

    def _due(self, faults: Iterable[str], point: str) -> list[Cell]:
        return [
            cell
            for cell in self.matrix.due(faults, point, self._pace.rounds)
            if self._is_free(cell)
        ]

    def _is_free(self, cell: Cell) -> bool:
        fault, point = cell
        is_late = point in RELAY and self._pace.seconds_left < RELAY_SECONDS
        return not (self._is_over or is_late) and time.monotonic() >= self._peace_until[fault]

    async def _strike_process(self, cell: Cell, pid: int) -> bool:
        if not self._is_free(cell) or not self._faults.can_spare(pid):
            return False
        await self._strike(cell, pid)
        return True

    async def _stand(self, cell: Cell) -> None:
        """One outage strikes all who stand somewhere when it comes."""
        fault, point = cell
        if fault in self._circles:
            # It has somebody at this point.
            return
        circle = self._circles[fault] = Circle({point})
        await asyncio.sleep(GATHER_SECONDS)
        del self._circles[fault]
        try:
            await self._strike_server(fault, circle.points)
        finally:
            circle.is_over.set()

    def _circle_for(self, point: str) -> Circle | None:
        """An outage that is about to come, and that may hit this point, be it before its time."""
        rounds = self._pace.next_rounds
        for fault, circle in self._circles.items():
            if point not in circle.points and self.matrix.is_due((fault, point), rounds):
                return circle
        return None

    async def _strike_server(self, fault: str, points: Iterable[str]) -> None:
        hit = await self._faults.strike(fault, 0, self._random)
        self._peace_until[fault] = time.monotonic() + PEACE_SECONDS
        self.matrix.outages[fault] += bool(hit)
        for point in sorted(points) if hit else ():
            self._count((fault, point), hit)
        if hit and fault in KILLS:
            await self._pace.count_kill()

    async def _strike(self, cell: Cell, pid: int) -> None:
        fault, point = cell
        if fault in SERVER:
            await self._strike_server(fault, [point])
            return
        self._peace_until[fault] = time.monotonic() + self._space
        hit = await self._faults.strike(fault, pid, self._random)
        if not hit:
            return
        self._count(cell, hit)
        if fault in KILLS:
            await self._pace.count_kill()

    def _count(self, cell: Cell, who: str) -> None:
        self.matrix.counts[cell] += 1
        self._history.write("fault", fault=cell[0], point=cell[1], who=who)
