"""The rounds of `make bench-sockets`, one after the other, on one pair of gateways."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from websockets.exceptions import ConnectionClosed

from tests.bench.crowd import Crowd
from tests.bench.storm import Storm, arrivals, raise_storm
from tests.ground.server import Connection

WARM, EARLY, LATE = 500, 1_000, 10_000
READ_NOTHING_SECONDS = 60.0
LOOK_EVERY = 500

# Tells a step by its name and how many sockets it greets; answers what to call for each.
Step = Callable[[str, int], Callable[[], object]]


@dataclass(frozen=True)
class Asked:
    idle: int
    cycles: int
    pings: int
    storm: int


@dataclass(frozen=True)
class Held:
    """Bytes: before, while the sockets were open the first and the second time, and after."""

    count: int
    before: int
    first: int
    second: int
    after: int


@dataclass(frozen=True)
class Cycled:
    """Bytes after an early connect and after the last one; sockets greeted in a second."""

    early_count: int
    count: int
    early: int
    late: int
    rate: float


@dataclass(frozen=True)
class Unread:
    """A client that asks and never reads: what it sent until it was let go, and the bytes kept."""

    pings: int
    was_let_go: bool
    seconds: float
    grown: int


@dataclass(frozen=True)
class Figures:
    held: Held
    cycled: Cycled
    unread: Unread
    storm: Storm
    seconds: float


async def measure(
    near: Crowd,
    other: Crowd,
    asked: Asked,
    kill: Callable[[], None],
    database: Connection,
    step: Step,
) -> Figures:
    """`kill` ends the near crowd's gateway. Raises CrowdFailed and TimeoutError."""
    begun = time.monotonic()
    for crowd in (near, other):
        with _told(crowd, step("Warming up", WARM)):
            await crowd.cycle(WARM)
    with _told(near, step(f"{asked.idle:,} sockets that wait, twice", 2 * asked.idle)):
        held = await _hold(near, asked.idle)
    with _told(near, step(f"{asked.cycles:,} that come and go", asked.cycles)):
        cycled = await _cycle(near, asked.cycles)
    with _told(near, step("One that reads nothing", 1)):
        unread = await _read_nothing(near, asked.pings)
    arrived = step(f"{asked.storm:,} sockets, and their gateway dies", arrivals(asked.storm))
    with _told(near, arrived), _told(other, arrived):
        storm = await raise_storm(near, other, asked.storm, kill, database)
    return Figures(held, cycled, unread, storm, time.monotonic() - begun)


@contextmanager
def _told(crowd: Crowd, tell: Callable[[], object]) -> Iterator[None]:
    crowd.told = tell
    try:
        yield
    finally:
        crowd.told = lambda: None


async def _hold(crowd: Crowd, count: int) -> Held:
    before = crowd.memory()
    first, second = await crowd.hold(count), await crowd.hold(count)
    return Held(count, before, first, second, crowd.memory())


async def _cycle(crowd: Crowd, count: int) -> Cycled:
    early_count = min(EARLY, max(1, count // 10))
    begun = time.monotonic()
    await crowd.cycle(early_count)
    early = crowd.memory()
    await crowd.cycle(count - early_count)
    rate = count / (time.monotonic() - begun)
    return Cycled(early_count, count, early, crowd.memory(), rate)


async def _read_nothing(crowd: Crowd, pings: int) -> Unread:
    before = highest = crowd.memory()
    begun, sent, was_let_go = time.monotonic(), 0, False
    socket = (await crowd.greet()).socket
    socket.transport.pause_reading()
    try:
        async with asyncio.timeout(READ_NOTHING_SECONDS):
            for sent in range(1, pings + 1):
                await socket.send('{"type":"ping"}')
                highest = max(highest, crowd.memory()) if sent % LOOK_EVERY == 0 else highest
    except ConnectionClosed:
        was_let_go = True
    except TimeoutError:
        # Still held after a minute: what was sent until then is the figure.
        pass
    finally:
        socket.transport.abort()
    return Unread(sent, was_let_go, time.monotonic() - begun, highest - before)
