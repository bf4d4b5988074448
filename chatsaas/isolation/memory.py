"""How much memory every process of a run takes, early and late: it has to stay flat."""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psutil

from chatsaas.servers.served import Served

LOOK_SECONDS = 4.0
DRIVER = "this command"
MEGABYTE = 1e6


@dataclass
class Memory:
    """The most that was seen in each half of the run, by name, in MB; children are included."""

    first: dict[str, float] = field(default_factory=dict)
    second: dict[str, float] = field(default_factory=dict)

    async def watch(self, served: Sequence[Served], is_late: Callable[[], bool]) -> None:
        """Until cancelled."""
        while True:
            half = self.second if is_late() else self.first
            self._note(half, DRIVER, os.getpid())
            for one in served:
                if one.is_alive():
                    self._note(half, one.name, one.pid)
            await asyncio.sleep(LOOK_SECONDS)

    def _note(self, half: dict[str, float], name: str, pid: int) -> None:
        try:
            process = psutil.Process(pid)
            # All of /proc is read to find them.
            children = process.children() if name.startswith("worker") else []
            family = [process, *children]
            taken = sum(one.memory_info().rss for one in family) / MEGABYTE
        except psutil.NoSuchProcess:
            # It was killed just now.
            return
        half[name] = max(half.get(name, 0), taken)
