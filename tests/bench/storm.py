"""A gateway dies under its sockets, and all of them come to the other one at the same moment."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

from tests.bench.crowd import SHARED, Crowd, Held, close_all, many, widget_wait
from tests.bench.meter import count_statements
from tests.ground.server import Connection

LOOK_SECONDS, BREATH_SECONDS = 1.0, 0.3
CALM_SECONDS = 10.0
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


@dataclass
class Load:
    """What the database saw: connections at the most, statements in all and in the worst second."""

    connections: int = 0
    statements: int = 0
    worst: float = 0.0


@dataclass(frozen=True)
class Storm:
    """`steady` and `back` are the moments of arrivals: twenty at a time, and after the kill.

    All in seconds, `back` since the kill. `calm` and `turns` are how long one visitor of the other
    gateway waited for each answer, before it and meanwhile.
    """

    steady: Sequence[float]
    steady_load: Load
    back: Sequence[float]
    load: Load
    refused: int
    calm: Sequence[float]
    turns: Sequence[float]


def arrivals(count: int) -> int:
    """How often a storm of so many sockets greets somebody."""
    return 2 * count + max(1, count // SHARED) + 1


async def raise_storm(
    dying: Crowd, other: Crowd, count: int, kill: Callable[[], None], database: Connection
) -> Storm:
    """Both crowds are of the same website; sessions have one turn and twenty tabs each."""
    tokens = [await _begin_session(dying) for _ in range(max(1, count // SHARED))]
    dying.greeted.clear()
    held: list[Held] = []

    async def come() -> None:
        held.append(await dying.greet(tokens[len(dying.greeted) % len(tokens)]))

    async with _watched(database) as steady_load:
        await many(count, come)
    bystander = Bystander(other)
    talking = asyncio.create_task(bystander.talk())
    await asyncio.sleep(CALM_SECONDS)
    calm = bystander.take()
    other.greeted.clear()
    async with _watched(database) as load:
        began = time.monotonic()
        kill()
        back = await asyncio.gather(*(_come_back(other, one) for one in held))
    bystander.is_over = True
    await talking
    moments = [moment - began for moment in other.greeted]
    await close_all(back)
    return Storm(dying.greeted, steady_load, moments, load, other.refused, calm, bystander.take())


async def _begin_session(crowd: Crowd) -> str:
    held = await crowd.greet(await crowd.new_token())
    await _turn(held)
    await held.socket.close()
    return held.token


async def _come_back(crowd: Crowd, held: Held) -> Held:
    await held.socket.wait_closed()
    await asyncio.sleep(widget_wait(0))
    return await crowd.greet(held.token, held.after)


class Bystander:
    """A visitor who is at the other gateway already, and goes on talking."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._turns: list[float] = []
        self.is_over = False

    async def talk(self) -> None:
        held = await self._crowd.greet(await self._crowd.new_token())
        while not self.is_over:
            begun = time.monotonic()
            await _turn(held)
            self._turns.append(time.monotonic() - begun)
            await asyncio.sleep(BREATH_SECONDS)
        await held.socket.close()

    def take(self) -> list[float]:
        taken, self._turns = self._turns, []
        return taken


async def _turn(held: Held) -> None:
    """One message and its whole answer."""
    client_id = str(uuid4())
    said = {"type": "message", "client_id": client_id, "text": "What have you got so far?"}
    await held.socket.send(json.dumps(said))
    answer: dict[str, str] = {}
    while answer.get("role") != "assistant" or answer["turn"] != client_id:
        answer = json.loads(await held.socket.recv())


@asynccontextmanager
async def _watched(database: Connection) -> AsyncIterator[Load]:
    """The load while inside; complete when it is left."""
    load, is_over = Load(), asyncio.Event()
    begun = await asyncio.to_thread(count_statements, database)
    watching = asyncio.create_task(_watch(database, load, is_over))
    try:
        yield load
    finally:
        is_over.set()
        load.statements = await watching - begun


async def _watch(database: Connection, load: Load, is_over: asyncio.Event) -> int:
    """Looks about once a second; answers the number of statements at its end."""
    at, seen = time.monotonic(), await asyncio.to_thread(count_statements, database)
    while not is_over.is_set():
        await asyncio.sleep(LOOK_SECONDS)
        now, count, connections = await asyncio.to_thread(_look, database)
        load.worst = max(load.worst, (count - seen) / (now - at))
        load.connections = max(load.connections, connections)
        at, seen = now, count
    return seen


def _look(database: Connection) -> tuple[float, int, int]:
    row = database.execute(CONNECTIONS).fetchone()
    return time.monotonic(), count_statements(database), int(row[0]) if row else 0
