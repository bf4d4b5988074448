"""Does one fault to real processes, servers and connections, and undoes what must not last."""

import asyncio
import signal
from collections.abc import Coroutine, Mapping
from random import Random
from typing import Any

import psycopg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from chatsaas.chaos import matrix
from chatsaas.chaos.backing import Backing
from chatsaas.chaos.crew import Crew
from chatsaas.chaos.proxy import Link, Proxy

# A lease is five seconds: some freezes end long before, some outlast it.
SHORT_SECONDS, LONG_SECONDS = (0.2, 1.5), (5.5, 8.0)
LONG = 0.3
OUTAGE_SECONDS = (0.2, 3.0)
STALL_SECONDS = (0.5, 6.0)
LINKS_AT_ONCE = 3
MOST_DOWN = 1

# All of them, so that whoever stands at a point is among those that it strikes.
_TERMINATE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend'"""


class Faults:
    """`links` are the proxies by what they lead to: gateways, runners, database."""

    def __init__(self, crew: Crew, backing: Backing, links: Mapping[str, Proxy]) -> None:
        self._crew, self._backing, self._links = crew, backing, links
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def can_go_on(self) -> bool:
        """Whether enough stands for the next fault to be one more, and not the only one."""
        return len(self._crew.away) <= MOST_DOWN

    def can_spare(self, pid: int) -> bool:
        """Whether this process (0: anybody) may go, and others of its kind are left."""
        one = self._crew.find(pid)
        found = [one] if one else [] if pid else self._crew.ready()
        return any(self._crew.can_spare(one) for one in found)

    async def strike(self, fault: str, pid: int, random: Random, frozen: float = 0) -> str:
        """Whom it hit; empty when there was nothing to hit. `pid` 0 means anybody.

        `frozen` is how long a freeze lasts, if not as long as the dice say.
        """
        if fault in matrix.PROCESS:
            return self._strike_process(fault, pid, random, frozen)
        if fault in matrix.NETWORK:
            return self._strike_links(fault, random)
        if fault in self._busy:
            return ""
        if fault == matrix.RESTART:
            await self._alone(fault, self._backing.restart_postgres())
            return "postgres"
        if fault == matrix.BACKENDS:
            return await self._terminate_backends()
        seconds = random.uniform(*OUTAGE_SECONDS)
        if fault == matrix.REDIS_KILL:
            self._later(self._alone(fault, self._backing.lose_redis(seconds)))
        else:
            self._later(self._alone(fault, self._pause_redis(seconds, random.random() < 0.5)))
        return "redis"

    async def settle(self) -> None:
        """Until everything that was to be undone is."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _strike_process(self, fault: str, pid: int, random: Random, frozen: float) -> str:
        ready = [one for one in self._crew.ready() if self._crew.can_spare(one)]
        one = self._crew.find(pid) if pid else (random.choice(ready) if ready else None)
        if one is None or one.name in self._crew.away:
            return ""
        if fault == matrix.FREEZE:
            seconds = LONG_SECONDS if random.random() < LONG else SHORT_SECONDS
            self._later(self._crew.freeze(one, frozen or random.uniform(*seconds)))
        elif fault == matrix.KILL:
            one.send(signal.SIGKILL)
        else:
            self._crew.ask_to_end(one)
        return one.name

    def _strike_links(self, fault: str, random: Random) -> str:
        name = random.choice([name for name, proxy in self._links.items() if proxy.links] or [""])
        if not name:
            return ""
        links = sorted(self._links[name].links, key=id)
        for link in random.sample(links, min(len(links), LINKS_AT_ONCE)):
            self._break(fault, link, random.uniform(*STALL_SECONDS))
        return name

    def _break(self, fault: str, link: Link, seconds: float) -> None:
        if fault == matrix.CUT:
            link.cut()
        elif fault == matrix.STALL:
            self._later(link.stall(seconds))
        elif fault == matrix.HALF_OPEN:
            self._later(link.half_open())
        else:
            self._later(link.drip(seconds))

    async def _terminate_backends(self) -> str:
        try:
            async with await psycopg.AsyncConnection.connect(
                self._backing.database_url, autocommit=True
            ) as connection:
                await connection.execute(_TERMINATE)
        except psycopg.OperationalError:
            return ""
        return "postgres"

    async def _pause_redis(self, seconds: float, by_signal: bool) -> None:
        if by_signal:
            await self._backing.freeze_redis(seconds)
            return
        try:
            async with Redis.from_url(self._backing.redis_url) as client:
                await client.client_pause(int(seconds * 1000))
        except (RedisError, OSError):
            return
        await asyncio.sleep(seconds)

    async def _alone(self, fault: str, work: Coroutine[Any, Any, None]) -> None:
        self._busy.add(fault)
        try:
            await work
        finally:
            self._busy.discard(fault)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
