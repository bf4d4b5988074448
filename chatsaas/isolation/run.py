"""One isolation run from beginning to end."""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import httpx

from chatsaas.chaos.backing import Backing, open_backing
from chatsaas.chaos.crew import Crew
from chatsaas.chaos.faults import Faults
from chatsaas.isolation.canaries import Canary, Watch, make_canaries
from chatsaas.isolation.columns import Planted, plant, strangers
from chatsaas.isolation.drive import NAIVE_TALKS, TALKS, Talk, Town, keep_busy
from chatsaas.isolation.faults import keep_breaking
from chatsaas.isolation.office import Office
from chatsaas.isolation.report import Report
from chatsaas.isolation.sink import open_sink
from chatsaas.isolation.stage import Stage, furnish, processes
from chatsaas.isolation.tap import listen, look_through
from chatsaas.servers.served import Served

# Rows of every kind are there after so many requests; from then on every column has its canary.
WARM_UP = 0.1
FAULT_SECONDS = 8.0
SETTLE_SECONDS = 3.0


async def isolate(
    folder: Path, *, requests: int, seed: int, naive: bool, told: Callable[[int], None]
) -> Report:
    """Raises ServerError when the servers cannot be started. `told` hears of requests made."""
    canaries = make_canaries(seed)
    office = Office(Watch(canaries))
    logs = folder / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    with open_backing(folder / "servers") as backing:
        async with open_sink(office) as sink:
            stage = await asyncio.to_thread(furnish, backing, seed, sink)
            with _crew(folder, processes(stage, logs, naive=naive)) as crew:
                await crew.start()
                talks = NAIVE_TALKS if naive else TALKS
                town = _town(office, crew, stage, seed, told, talks)
                faults, keys = await _live(town, crew, backing, requests, naive=naive)
                planted = await _plant(backing, canaries)
                stored = await asyncio.to_thread(strangers, backing.database_url, canaries)
                office.leaks += [f"{place}: a word of another tenant is stored" for place in stored]
        for log in logs.glob("*.log"):
            office.search(f"log of {log.stem}", log.read_bytes())
    return Report(seed, office, planted, faults, keys)


@contextmanager
def _crew(folder: Path, served: Sequence[Served]) -> Iterator[Crew]:
    crew = Crew(folder)
    crew.hire(served)
    try:
        yield crew
    finally:
        crew.stop()


def _town(
    office: Office,
    crew: Crew,
    stage: Stage,
    seed: int,
    told: Callable[[int], None],
    talks: Sequence[Talk],
) -> Town:
    gateways = tuple(one.url for one in crew.served if one.name.startswith("gateway"))
    return Town(office, gateways, stage.customers, Random(f"town {seed}"), {}, 0, told, talks)


async def _live(
    town: Town, crew: Crew, backing: Backing, requests: int, *, naive: bool
) -> tuple[Counter[str], int]:
    """Quiet until every table has rows, then planted, then with faults. The control has none."""
    counts: Counter[str] = Counter()
    faults = Faults(crew, backing, {})
    async with _beside(crew.watch(), listen(backing.redis_url, town.office)):
        await _warm_up(town, backing, requests)
        pause, random = FAULT_SECONDS, Random(str(town.random.random()))
        work = [] if naive else [keep_breaking(faults, pause, random, counts)]
        async with _beside(*work):
            await keep_busy(town)
            # Webhooks and sweeps that are under way.
            await asyncio.sleep(SETTLE_SECONDS)
        await faults.settle()
        await crew.settle()
        await _search_pages(town)
        keys = await look_through(backing.redis_url, town.office)
    return counts, keys


async def _warm_up(town: Town, backing: Backing, requests: int) -> None:
    town.wanted = max(1, round(requests * WARM_UP))
    await keep_busy(town)
    for customer in town.customers:
        await asyncio.to_thread(plant, backing.database_url, customer.canary)
    town.wanted = requests


@asynccontextmanager
async def _beside(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Runs as long as what is inside does. Raises what ended any of it early."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        ended = [task for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in ended:
            task.result()


async def _plant(backing: Backing, canaries: Sequence[Canary]) -> dict[str, Planted]:
    """Once more, for what came into being only later; this is what the report counts."""
    return {
        canary.slug: await asyncio.to_thread(plant, backing.database_url, canary)
        for canary in canaries
    }


async def _search_pages(town: Town) -> None:
    """Of what belongs to no tenant: metrics, health, documentation and an error page."""
    async with httpx.AsyncClient(trust_env=False) as client:
        for gateway in town.gateways:
            for page in ("/metrics", "/readyz", "/api/v1/schema", "/nowhere"):
                answer = await client.get(f"{gateway}{page}")
                town.office.search(page, answer.content)
