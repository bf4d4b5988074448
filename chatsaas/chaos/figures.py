"""How long a visitor waits: after a freeze, a cut, without Redis, and when PostgreSQL is back."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from chatsaas.chaos.clients import hold_talks
from chatsaas.chaos.doors import JsonDoor
from chatsaas.chaos.history import History
from chatsaas.chaos.judging import check
from chatsaas.chaos.matrix import FREEZE
from chatsaas.chaos.pace import Pace
from chatsaas.chaos.run import Plan, Stage, open_stage
from chatsaas.chaos.script import Line, Talk, save_script, write_script
from chatsaas.chaos.stage import TENANTS, canaries_of
from chatsaas.chaos.visitor import Visitor
from chatsaas.terminal.progress import Tell

SESSIONS, TURNS = 48, 24
# Some of the cut tabs have nothing left to come back for. The pause is the widget's first wait.
CUTS, CUT_SECONDS, SETTLED_SECONDS, PAUSE_SECONDS = 1050, 0.02, 1.5, 0.5
# People think before they answer; a machine that is never idle would be what is measured.
TALKING_SECONDS = 120.0
TIMES, AT_ONCE = 5, 24
FROZEN_SECONDS, DEAD_SECONDS = 30.0, 10.0
NEVER = 1e9


@dataclass(frozen=True)
class Figures:
    """All in seconds. `counts` are the checker's, over the conversations that were cut."""

    seed: int
    frozen: Sequence[float]
    resumed: Sequence[float]
    without_redis: Sequence[float]
    postgres_back: Sequence[float]
    counts: dict[str, int]

    @property
    def is_clean(self) -> bool:
        return not any(self.counts.values())


async def measure(seed: int, scratch: Path, kept: Path, tell: Tell) -> Figures:
    """No fault happens but those that are measured. `kept` gets the same files as a run."""
    talks = [
        replace(talk, door="socket", tabs=1, rounds=tuple((line,) for line in talk.lines))
        for talk in write_script(seed, SESSIONS, TURNS, canaries_of(seed))
    ]
    save_script(kept / "script.jsonl", talks)
    plan = Plan(SESSIONS, TURNS, NEVER, seed)
    async with open_stage(plan, scratch, kept, tell, syncs=True) as stage:
        await _cut(stage, talks, tell)
        tell("A frozen gateway", 0)
        frozen = [await _freeze(stage) for _ in range(TIMES)]
        tell("No Redis", 0)
        without_redis = await _lose_redis(stage)
        tell("PostgreSQL is back", 0)
        back = [await _restart(stage) for _ in range(TIMES)]
        await stage.faults.settle()
        await asyncio.to_thread(stage.crew.stop)
        stage.world.history.flush()
        found = await check(kept, stage.town, stage.backing.database_url)
    rows = [json.loads(line) for line in (kept / "history.jsonl").read_text().splitlines()]
    return Figures(seed, frozen, sorted(resumes(rows)), without_redis, back, found["counts"])


def resumes(rows: Sequence[dict[str, Any]]) -> Iterator[float]:
    """From the moment a tab lost its socket to the moment it had everything again."""
    broken: dict[tuple[int, int], float] = {}
    wanted: dict[tuple[int, int], int] = {}
    for row in rows:
        tab = (row.get("talk", -1), row.get("tab", -1))
        if row["op"] in ("broken", "closed") and tab[1] >= 0:
            broken.setdefault(tab, row["at"])
            wanted.pop(tab, None)
        elif row["op"] == "ready" and tab in broken:
            wanted[tab] = row["seq"] if row["seq"] > row["after"] else 0
        heard = row["frame"]["seq"] if row["op"] == "event" else 0
        if tab in wanted and heard >= wanted[tab]:
            del wanted[tab]
            yield row["at"] - broken.pop(tab)


class Watched(History):
    """Knows the ports of the sockets that are greeted; each is cut once, when it is."""

    def __init__(self, known: History) -> None:
        self._known = known
        self.greeted: list[tuple[float, int]] = []

    def write(self, op: str, **row: Any) -> None:
        self._known.write(op, **row)
        if op == "ready" and row["tab"] >= 0:
            self.greeted.append((time.monotonic(), row["port"]))

    def take(self) -> int:
        """The port of the socket that was greeted first, when that is long enough ago; else 0."""
        is_settled = self.greeted and self.greeted[0][0] < time.monotonic() - SETTLED_SECONDS
        return self.greeted.pop(0)[1] if is_settled else 0


async def _cut(stage: Stage, talks: Sequence[Talk], tell: Tell) -> None:
    """Connections of visitors are reset, one after the other, while they talk."""
    watched = Watched(stage.world.history)
    pace = Pace(SESSIONS * TURNS, 0, hits=1, lap=TALKING_SECONDS)
    world = replace(stage.world, history=watched, pace=pace, longest_pause=PAUSE_SECONDS)
    proxy = stage.proxies["gateway"]

    async def cut() -> None:
        left = CUTS
        while left:
            await asyncio.sleep(CUT_SECONDS)
            port = watched.take()
            for link in [link for link in proxy.links if link.caller == port]:
                link.cut()
                left -= 1

    cutting = asyncio.create_task(cut())
    await hold_talks(world, talks, lambda: tell("Connections that are cut", 1), at_once=AT_ONCE)
    cutting.cancel()


async def _freeze(stage: Stage) -> float:
    """A gateway freezes over a turn; the visitor's next message, at once, through the other."""
    visitor = await _stranger(stage)
    struck = stage.nemesis.plant("gateway_after_claim", FREEZE, FROZEN_SECONDS)
    first = asyncio.create_task(_ask(visitor, "hello"))
    frozen = await struck
    other = next(one for one in stage.crew.ready("gateway") if one.name != frozen)
    near = replace(visitor.world, gateway=other.url.removeprefix("http://"))
    seconds = await _ask(replace(visitor, world=near), "thank you")
    await first
    await stage.faults.settle()
    return seconds


async def _lose_redis(stage: Stage) -> list[float]:
    """Turns while Redis is dead."""
    visitor, found = await _stranger(stage), []
    lost = asyncio.create_task(stage.backing.lose_redis(DEAD_SECONDS))
    end = time.monotonic() + DEAD_SECONDS
    while time.monotonic() < end:
        found.append(await _ask(visitor, "hello"))
    await lost
    return found


async def _restart(stage: Stage) -> float:
    visitor = await _stranger(stage)
    await _ask(visitor, "hello")
    await stage.backing.restart_postgres()
    return await _ask(visitor, "thank you")


async def _stranger(stage: Stage) -> Visitor:
    """A visitor who is in no script, and of whom nothing is recorded."""
    nowhere = replace(stage.world, history=History(Path("/dev/null")))
    canary = canaries_of(stage.plan.seed)[TENANTS[0]]
    visitor = Visitor(nowhere, Talk(-1, TENANTS[0], canary, "json", 1, (), False, False))
    await visitor.arrive()
    return visitor


async def _ask(visitor: Visitor, text: str) -> float:
    """Seconds until the answer; the same message is sent again as often as it takes."""
    line = Line(str(uuid4()), text, {})
    for known in (visitor.answered, visitor.acked):
        known[line.client_id] = asyncio.Event()
    began = time.monotonic()
    await JsonDoor(visitor).say(line)
    return time.monotonic() - began
