"""Processes that a nursery forks: started in a moment, and otherwise as any other."""

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from chatsaas.servers.errors import ServerError
from chatsaas.servers.process import wait_until
from chatsaas.servers.served import END_SECONDS, ROOT, START_SECONDS, Served

LOOK_SECONDS, READY_SECONDS = 0.01, 0.1


class Nursery:
    """One loaded parent. What it forks is in sessions of its own, and lives on without it."""

    def __init__(self, loads: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        command = (sys.executable, "-m", "chatsaas.chaos.nursery", *loads)
        self._log = log
        self._ordering = threading.Lock()
        with log.open("ab") as errors:
            self._parent = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )

    def await_ready(self) -> None:
        """Until everything is loaded. Raises ServerError with what it said instead."""
        self._hear()

    def fork(
        self, arguments: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> int:
        """The pid of the new process, which may have ended already.

        Another `environment` than the nursery's comes too late for what it has loaded.
        """
        order: dict[str, Any] = {"arguments": list(arguments), "log": str(log)}
        if environment is not None:
            order["environment"] = dict(environment)
        with self._ordering:
            assert self._parent.stdin
            self._parent.stdin.write(json.dumps(order).encode() + b"\n")
            self._parent.stdin.flush()
            return int(self._hear())

    def _hear(self) -> str:
        assert self._parent.stdout
        if said := self._parent.stdout.readline():
            return said.decode().strip()
        raise ServerError(f"Cannot be loaded:\n{self._log.read_text(errors='replace')[-6000:]}")

    def stop(self) -> None:
        """What it forked is not its affair."""
        with self._ordering:
            self._parent.kill()
            self._parent.communicate()


@contextmanager
def open_nurseries(
    loads: Mapping[str, Sequence[str]], environment: Mapping[str, str], logs: Path
) -> Iterator[dict[str, Nursery]]:
    """One for each kind of process, all loaded. Raises ServerError."""
    with ExitStack() as stack:
        found = {}
        for kind, what in loads.items():
            found[kind] = Nursery(what, environment, logs / f"{kind}-nursery.log")
            stack.callback(found[kind].stop)
        for nursery in found.values():
            nursery.await_ready()
        yield found


@dataclass
class Forked(Served):
    """`command` begins with the interpreter and `-m`, as if it were started anew."""

    nursery: Nursery = field(kw_only=True, repr=False)
    _pid: int = field(default=0, repr=False)
    # Names this very process for as long as it is open; readable when it has ended.
    _descriptor: int = field(default=-1, repr=False)
    _said_before: int = field(default=0, repr=False)

    @property
    def pid(self) -> int:
        assert self._pid, f"{self.name} was not started"
        return self._pid

    def spawn(self, **changes: str) -> None:
        self._said_before = self.log.stat().st_size if self.log.exists() else 0
        before = self._descriptor
        self._pid = self._fork(changes)
        try:
            self._descriptor = os.pidfd_open(self._pid)
        except ProcessLookupError:
            self._descriptor = -1
        if before >= 0:
            os.close(before)

    def _fork(self, changes: Mapping[str, str]) -> int:
        assert not changes, "what is loaded has its environment"
        return self.nursery.fork(self.command[2:], self.log)

    def await_ready(self) -> Self:
        """As any other; asked less often, as there are many of them."""
        wait_until(lambda: not self.is_alive() or self.ready(self), START_SECONDS, READY_SECONDS)
        return super().await_ready()

    def is_alive(self) -> bool:
        if self._descriptor < 0:
            return False
        # A new one each time: threads may ask at once.
        ended = select.poll()
        ended.register(self._descriptor, select.POLLIN)
        return not ended.poll(0)

    def wait(self, seconds: float = END_SECONDS) -> int:
        """Nobody is told the return code of somebody else's child: it is always 0."""
        if not wait_until(lambda: not self.is_alive(), seconds, LOOK_SECONDS):
            raise subprocess.TimeoutExpired(self.command, seconds)
        return 0

    def said(self, characters: int = 6000) -> str:
        """Since its last start."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(self._said_before)
            return log.read().decode(errors="replace")[-characters:]
