"""One isolation run from beginning to end."""

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx

from chatsaas.chaos.backing import Backing, open_backing
from chatsaas.chaos.crew import Crew
from chatsaas.chaos.faults import Faults
from chatsaas.chaos.proxy import Proxy
from chatsaas.isolation.canaries import Watch, make_canaries
from chatsaas.isolation.columns import Planted, plant, strangers
from chatsaas.isolation.doors.caller import head_of
from chatsaas.isolation.drive import begin, keep_busy, leak
from chatsaas.isolation.faults import keep_breaking
from chatsaas.isolation.memory import Memory
from chatsaas.isolation.office import Office
from chatsaas.isolation.report import Report
from chatsaas.isolation.sink import open_sink
from chatsaas.isolation.stage import Stage, furnish, processes
from chatsaas.isolation.stored import astray, search_file, search_mails
from chatsaas.isolation.tap import listen, look_through
from chatsaas.isolation.town import Town, people_of
from chatsaas.servers.errors import ServerError
from chatsaas.servers.process import wait_until
from chatsaas.terminal.progress import Tell

# Webhooks that were promised before the first plant, and those under way at the end.
TOLD_SECONDS, SETTLE_SECONDS, LOOK_SECONDS = 60.0, 3.0, 0.1
PAGES_SECONDS = 60.0
PAGES = ("/metrics", "/readyz", "/api/v1/schema", "/api/v1/docs", "/w/v1/widget.js", "/nowhere")


@dataclass(frozen=True)
class Plan:
    """`fault_every` in seconds. The control, `is_naive`, has no faults and ends with a leak."""

    requests: int
    seed: int
    fault_every: float
    is_naive: bool = False


@dataclass
class Run:
    """What all steps of a run share."""

    plan: Plan
    folder: Path
    told: Tell
    faults: Counter[str] = field(default_factory=Counter)
    memory: Memory = field(default_factory=Memory)
    planted: dict[str, Planted] = field(default_factory=dict)
    keys: int = 0
    troubles: list[str] = field(default_factory=list)
    # Everything was searched, whether or not as much was asked as was planned.
    is_over: bool = False
    town: Town | None = None

    def __post_init__(self) -> None:
        self.canaries = make_canaries(self.plan.seed)
        self.office = Office(Watch(self.canaries))
        self.random = Random(f"town {self.plan.seed}")
        self.logs = self.folder / "logs"
        self.began = time.monotonic()

    def stop(self) -> bool:
        """Send the people home early, and tell what was found; not if there are none, or again."""
        if self.town is None or self.town.is_stopped:
            return False
        self.town.is_stopped = True
        return True

    def report(self) -> Report:
        return Report(
            self.plan.seed,
            self.plan.requests,
            self.office,
            self.planted,
            self.faults,
            self.memory,
            self.town.pace.rates if self.town else [],
            self.keys,
            self.troubles,
            self.is_over,
            time.monotonic() - self.began,
        )


async def isolate(run: Run) -> None:
    """Raises ServerError when the servers cannot be started."""
    shutil.rmtree(run.logs, ignore_errors=True)
    run.logs.mkdir(parents=True)
    run.told("Servers", 0)
    # As in chaos: a killed server loses nothing by it, and is back sooner.
    with open_backing(run.folder / "servers", syncs=False) as backing:
        async with open_sink(run.office) as sink, _proxy() as (proxy, far):
            run.told("Tenants", 0)
            stage = await asyncio.to_thread(
                furnish, backing, run.plan.seed, sink, proxy.port, run.logs
            )
            far.append(stage.runner)
            run.told("Processes", 0)
            async with _crew(run, stage) as crew:
                await crew.start()
                faults = Faults(crew, backing, {"runner": proxy})
                try:
                    await _live(run, stage, crew, backing, faults)
                except* ServerError as broken:
                    # What was found until then is told all the same.
                    run.troubles += _reasons(broken)
        if not run.plan.is_naive:
            _search_files(run, stage, backing)
    run.is_over = True


@asynccontextmanager
async def _proxy() -> AsyncIterator[tuple[Proxy, list[int]]]:
    """Between gateways and runner; the list is for the runner's port."""
    far: list[int] = []
    proxy = Proxy(lambda: far)
    await proxy.open()
    try:
        yield proxy, far
    finally:
        await proxy.close()


@asynccontextmanager
async def _crew(run: Run, stage: Stage) -> AsyncIterator[Crew]:
    with ExitStack() as stack:
        opened = processes(stage, run.logs, naive=run.plan.is_naive)
        crew = Crew(run.folder)
        crew.hire(await asyncio.to_thread(stack.enter_context, opened))
        stack.callback(crew.stop)
        yield crew


async def _live(run: Run, stage: Stage, crew: Crew, backing: Backing, faults: Faults) -> None:
    """Quiet until every table has rows, then planted, then with faults."""
    town = Town(run.office, stage.customers, run.random, run.told, run.plan.is_naive)
    town.wanted = run.plan.requests
    run.town = town
    gateways = tuple(one.url for one in crew.served if one.name.startswith("gateway"))
    beside = (
        crew.watch(),
        listen(backing.redis_url, run.office),
        run.memory.watch(crew.served, lambda: town.is_half_done),
    )
    async with people_of(town, gateways, run.faults), _beside(*beside):
        if run.plan.is_naive:
            await leak(town)
            return
        run.told("Everything once", 0)
        await begin(town)
        run.told("Words into every column", 0)
        await _plant(run, backing, town)
        random = Random(f"faults {run.plan.seed}")
        breaking = keep_breaking(faults, run.plan.fault_every, random, run.faults)
        async with _beside(breaking, _keep_searching_pages(run.office, gateways)):
            await keep_busy(town)
        run.told("Searching what stays", 0)
        await faults.settle()
        await crew.settle()
        await _search_all(run, backing, stage)


async def _plant(run: Run, backing: Backing, town: Town) -> None:
    """As soon as each tenant was told something: then there are rows of every kind."""

    def is_told() -> bool:
        return town.is_stopped or len(run.office.told) == len(run.canaries)

    await asyncio.to_thread(wait_until, is_told, TOLD_SECONDS, LOOK_SECONDS)
    await _plant_once_more(run, backing)


async def _plant_once_more(run: Run, backing: Backing) -> None:
    """For what came into being only later; this is what the report counts."""
    for canary in run.canaries:
        run.planted[canary.slug] = await asyncio.to_thread(plant, backing.database_url, canary)


async def _search_all(run: Run, backing: Backing, stage: Stage) -> None:
    """What stays, when everything has come to rest."""
    # Webhooks and sweeps that are under way.
    await asyncio.sleep(SETTLE_SECONDS)
    run.keys = await look_through(backing.redis_url, run.office)
    await _plant_once_more(run, backing)
    await asyncio.to_thread(astray, backing.database_url, run.office, run.canaries)
    for place in await asyncio.to_thread(strangers, backing.database_url, run.canaries):
        run.office.leak(f"{place}: a word of another tenant is stored")


def _search_files(run: Run, stage: Stage, backing: Backing) -> None:
    servers = [backing.place.home / server / "log" for server in ("postgres", "redis")]
    for path in (*run.logs.glob("*.log"), *servers):
        search_file(run.office, f"log {path.relative_to(path.parents[1])}", path)
    for path in stage.temporary.rglob("*"):
        if path.is_file():
            search_file(run.office, f"file {path.name}", path)
    search_mails(run.office, stage.mails, stage.customers)


@asynccontextmanager
async def _beside(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Runs as long as what is inside does; what ends any of it early ends that too, and is raised.

    A run whose processes cannot be started any more would only lose time.
    """
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one) for one in work]
        yield
        for task in tasks:
            task.cancel()


def _reasons(broken: BaseExceptionGroup[ServerError]) -> Iterator[str]:
    for one in broken.exceptions:
        if isinstance(one, BaseExceptionGroup):
            yield from _reasons(one)
        else:
            yield str(one)


async def _keep_searching_pages(office: Office, gateways: Sequence[str]) -> None:
    """Until cancelled: what belongs to no tenant, as metrics, health and documentation."""
    pages = [f"{gateway}{page}" for gateway in gateways for page in PAGES]
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            for page in pages:
                await _search_page(office, client, page)
            await asyncio.sleep(PAGES_SECONDS)


async def _search_page(office: Office, client: httpx.AsyncClient, address: str) -> None:
    try:
        answer = await client.get(address)
    except httpx.TransportError:
        # It was killed; the next round finds it again.
        return
    office.search(answer.url.path, head_of(answer) + answer.content)
