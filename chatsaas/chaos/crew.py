"""The product's processes under a supervisor as a deploy has one: what dies is started again."""

import asyncio
import contextlib
import os
import signal
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from chatsaas.chaos.leftovers import record_process
from chatsaas.servers.errors import ServerError
from chatsaas.servers.process import find_process, wait_until
from chatsaas.servers.served import Served

LOOK_SECONDS, SETTLE_SECONDS = 0.05, 120.0
PATIENCE = 8


class Crew:
    """`deaths` counts how often each was started again."""

    def __init__(self, folder: Path) -> None:
        self.served: tuple[Served, ...] = ()
        self._folder = folder
        self.deaths: Counter[str] = Counter()
        self.down: set[str] = set()
        self.frozen: set[str] = set()
        # Asked to end, and still at it.
        self.leaving: set[str] = set()
        self._failures: Counter[str] = Counter()
        # A thread that revives a process must not do so when the run is already over.
        self._starting = threading.Lock()
        self._is_over = False

    def hire(self, served: Sequence[Served]) -> None:
        self.served = tuple(served)

    def ports(self, kind: str) -> list[int]:
        """Down or not: who calls finds out."""
        return [one.port for one in self.served if one.name.startswith(kind)]

    async def start(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(self._start, one) for one in self.served))

    async def settle(self) -> None:
        """Until all of them run."""
        await asyncio.to_thread(wait_until, self._is_whole, SETTLE_SECONDS, LOOK_SECONDS)

    def _is_whole(self) -> bool:
        return not self.down and all(one.is_alive() for one in self.served)

    async def watch(self) -> None:
        """Until cancelled. Raises ServerError when one cannot be started any more."""
        async with asyncio.TaskGroup() as group:
            while True:
                for one in self._newly_dead():
                    group.create_task(self._revive(one))
                await asyncio.sleep(LOOK_SECONDS)

    def _newly_dead(self) -> list[Served]:
        dead = [one for one in self.served if one.name not in self.down and not one.is_alive()]
        self.down.update(one.name for one in dead)
        return dead

    async def _revive(self, one: Served) -> None:
        self.deaths[one.name] += 1
        try:
            await asyncio.to_thread(self._start, one)
        except ServerError:
            # It may have been started in the middle of a fault; then the next start succeeds.
            self._failures[one.name] += 1
            if self._failures[one.name] > PATIENCE:
                raise
            one.stop()
        else:
            self._failures[one.name] = 0
        self.down.discard(one.name)
        self.leaving.discard(one.name)

    @property
    def away(self) -> set[str]:
        return self.down | self.frozen | self.leaving

    def ready(self, kind: str = "") -> list[Served]:
        """Those that serve; `kind` is gateway, runner, worker or beat."""
        away = self.away
        return [one for one in self.served if one.name not in away and one.name.startswith(kind)]

    def can_spare(self, one: Served) -> bool:
        """Whether another of its kind serves, or there never was one."""
        kind = one.name.partition("-")[0]
        others = [other for other in self.served if other.name.startswith(kind) and other != one]
        is_served = any(other.name not in self.away for other in others) or not others
        return is_served and one.name not in self.away and len(self.away) * 2 < len(self.served)

    def _start(self, one: Served) -> None:
        with self._starting:
            if self._is_over:
                return
            one.spawn()
        process = find_process(one.pid)
        if process:
            record_process(self._folder, one.name, process)
        one.await_ready()

    def find(self, pid: int) -> Served | None:
        """Whose process this is; a worker's child belongs to the worker."""
        with contextlib.suppress(ProcessLookupError):
            group = os.getpgid(pid)
            return next((one for one in self.served if one.is_alive() and one.pid == group), None)
        return None

    async def freeze(self, one: Served, seconds: float) -> None:
        self.frozen.add(one.name)
        one.send(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            one.send(signal.SIGCONT)
            self.frozen.discard(one.name)

    def ask_to_end(self, one: Served) -> None:
        """Its leader alone, as a supervisor does it; its children are its own affair."""
        self.leaving.add(one.name)
        one.send_leader(signal.SIGTERM)

    def stop(self) -> None:
        """All of them, at once; none is left when this returns, and none is started again."""
        with self._starting:
            self._is_over = True
        for one in self.served:
            if one.is_alive():
                one.send(signal.SIGCONT)
                one.send(signal.SIGTERM)
        for one in self.served:
            one.stop()
