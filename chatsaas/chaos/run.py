"""One run from bare servers to a verdict: stage, clients, nemesis, settling, judging."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from chatsaas.chaos.answering import answering
from chatsaas.chaos.backing import Backing, open_backing
from chatsaas.chaos.clients import hold_talks
from chatsaas.chaos.crew import Crew
from chatsaas.chaos.faults import Faults
from chatsaas.chaos.history import History
from chatsaas.chaos.judging import check, recompute
from chatsaas.chaos.matrix import ROUND
from chatsaas.chaos.nemesis import Nemesis
from chatsaas.chaos.pace import Pace
from chatsaas.chaos.provider import Provider
from chatsaas.chaos.proxy import Proxy
from chatsaas.chaos.report import RECOMPUTED, Report
from chatsaas.chaos.script import Talk, save_script, write_script
from chatsaas.chaos.sink import Sink
from chatsaas.chaos.stage import Strangers, Town, canaries_of, furnish, processes
from chatsaas.chaos.world import World, open_http
from chatsaas.servers.ports import LOOPBACK
from chatsaas.terminal.progress import Tell

# Long beyond every lease, deadline and restart: what takes longer will not come any more.
PATIENCE, NAIVE_PATIENCE = 300.0, 12.0
# An event that was refused twice is sent again after up to six minutes. A careless relay has sent
# what it ever will.
LAST_EVENT, NAIVE_LAST_EVENT = 420.0, 3.0


@dataclass(frozen=True)
class Plan:
    """`kill_every` in seconds; `least_kills` are done even when everything goes fast.

    With `least_hits` the visitors take as long as it takes to hit every cell so often.
    """

    sessions: int
    turns: int
    kill_every: float
    seed: int
    naive: bool = False
    least_kills: int = 0
    least_hits: int = 0


@dataclass
class Stage:
    """What runs. `nemesis` does nothing before it is told to roam."""

    plan: Plan
    backing: Backing
    town: Town
    crew: Crew
    nemesis: Nemesis
    faults: Faults
    world: World
    proxies: dict[str, Proxy]
    sink: Sink

    def direct_environment(self) -> dict[str, str]:
        """For processes that judge: the database itself, and nothing armed."""
        login = self.town.environment["RUNNER_DATABASE_URL"]
        port = f":{self.proxies['database'].port}/"
        own = self.backing.database_url.rpartition(":")[2].partition("/")[0]
        return {
            **self.town.environment,
            "DATABASE_URL": self.backing.database_url,
            "RUNNER_DATABASE_URL": login.replace(port, f":{own}/"),
        }


async def run(plan: Plan, scratch: Path, kept: Path, tell: Tell) -> Report:
    """`scratch` is emptied by the caller; `kept` gets script, histories, logs and report."""
    began = time.monotonic()
    talks = write_script(plan.seed, plan.sessions, plan.turns, canaries_of(plan.seed))
    save_script(kept / "script.jsonl", talks)
    async with open_stage(plan, scratch, kept, tell) as stage:
        tell("Conversations", 0)
        await _talk(stage, talks, tell)
        tell("Judging", 0)
        return await _judge(stage, talks, kept, began)


@asynccontextmanager
async def open_stage(
    plan: Plan, scratch: Path, kept: Path, tell: Tell, *, syncs: bool = False
) -> AsyncIterator[Stage]:
    """All servers and processes, healthy; whatever happens, none of them is left."""
    logs = kept / "logs"
    logs.mkdir()
    async with AsyncExitStack() as stack:
        tell("PostgreSQL and Redis", 0)
        backing = stack.enter_context(open_backing(scratch, syncs=syncs))
        crew = Crew(scratch)
        proxies = {
            "gateway": Proxy(lambda: crew.ports("gateway")),
            "runner": Proxy(lambda: crew.ports("runner")),
            "database": Proxy(lambda: [backing.database_port]),
        }
        for proxy in proxies.values():
            await proxy.open()
            stack.push_async_callback(proxy.close)
        history = stack.enter_context(History(kept / "history.jsonl"))
        pace = Pace(
            plan.sessions * plan.turns,
            plan.least_kills,
            hits=plan.least_hits,
            lap=plan.kill_every * ROUND,
        )
        faults = Faults(crew, backing, proxies)
        nemesis = Nemesis(faults, pace, history, every=plan.kill_every, seed=plan.seed)
        await nemesis.open()
        stack.callback(nemesis.close)
        sink = Sink(nemesis, history, Random(f"sink {plan.seed}"))
        provider = Provider(nemesis, Random(f"provider {plan.seed}"))
        strangers = Strangers(
            sink=await stack.enter_async_context(answering(sink.receive)),
            provider=await stack.enter_async_context(answering(provider.receive)),
        )
        tell("Tenants", 0)
        town = await asyncio.to_thread(furnish, backing, proxies, plan.seed, strangers)
        tell("Gateways, runners and workers", 0)
        opened = processes(town, logs, scratch, nemesis.port, naive=plan.naive)
        crew.hire(await asyncio.to_thread(opened.__enter__))
        stack.push(opened)
        stack.callback(crew.stop)
        await crew.start()
        http = await stack.enter_async_context(open_http())
        gateway = f"{LOOPBACK}:{proxies['gateway'].port}"
        random = Random(f"clients {plan.seed}")
        patience = NAIVE_PATIENCE if plan.naive else PATIENCE
        world = World(gateway, http, history, pace, random, town.sites, patience)
        yield Stage(plan, backing, town, crew, nemesis, faults, world, proxies, sink)


async def _talk(stage: Stage, talks: Sequence[Talk], tell: Tell) -> None:
    """Until every conversation is held and every fault is over."""
    stage.world.pace.start()
    async with asyncio.TaskGroup() as group:
        around = [
            group.create_task(stage.crew.watch()),
            group.create_task(stage.nemesis.roam()),
        ]
        await hold_talks(stage.world, talks, lambda: tell("Conversations", 1))
        await stage.nemesis.end()
        await stage.faults.settle()
        await stage.crew.settle()
        for task in around:
            task.cancel()


async def _judge(stage: Stage, talks: Sequence[Talk], kept: Path, began: float) -> Report:
    """What no customer's server has to do with is judged while the last of them are told."""
    # Counted before the processes are stopped: that is no fault.
    deaths = Counter(stage.crew.deaths)
    patience = NAIVE_LAST_EVENT if stage.plan.naive else LAST_EVENT
    (recomputed, differing), _ = await asyncio.gather(
        recompute(kept, stage.direct_environment()),
        stage.sink.hear(sum(talk.events for talk in talks), patience),
    )
    await asyncio.to_thread(stage.crew.stop)
    stage.world.history.flush()
    checked = await check(kept, stage.town, stage.backing.database_url)
    report = Report(
        sessions=stage.plan.sessions,
        turns=stage.plan.sessions * stage.plan.turns,
        seed=stage.plan.seed,
        naive=stage.plan.naive,
        seconds=time.monotonic() - began,
        counts={**checked["counts"], RECOMPUTED: len(differing)},
        findings={**checked["findings"], **({RECOMPUTED: differing} if differing else {})},
        faults=stage.nemesis.matrix.counts,
        outages=stage.nemesis.matrix.outages,
        deaths=deaths,
        recomputed=recomputed,
    )
    report.save(kept / "report.json")
    return report
