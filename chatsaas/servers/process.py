"""Which process is meant: a pid alone is not an identity, the system uses it again."""

import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chatsaas.servers.errors import ServerError

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """One process, told apart from any later one with the same pid by when it started."""

    pid: int
    started: str

    def is_alive(self) -> bool:
        return find_process(self.pid) == self

    def send(self, number: signal.Signals, *, wait: float) -> bool:
        """Send a signal to this very process; true when it is gone within `wait` seconds."""
        with _opened(self.pid) as descriptor:
            if descriptor is None or not self.is_alive():
                return True
            signal.pidfd_send_signal(descriptor, number)
            return bool(select.select([descriptor], [], [], wait)[0])

    def wait(self) -> None:
        """Until this very process is gone, be it somebody else's child."""
        with _opened(self.pid) as descriptor:
            if descriptor is not None and self.is_alive():
                select.select([descriptor], [], [])


def this_process() -> Process:
    process = find_process(os.getpid())
    if process is None:
        raise ServerError(
            "This system has no /proc, so processes cannot be told apart. "
            "Set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return process


def find_process(pid: int) -> Process | None:
    """The living process with this pid; a zombie is not alive."""
    try:
        stat = (PROC / str(pid) / "stat").read_text()
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The second column is the program's name in brackets and may itself hold spaces and brackets.
    state, *columns = stat.rpartition(")")[2].split()
    return None if state in "ZX" else Process(pid, f"{boot}:{columns[18]}")


def find_process_in(folder: Path, program: str, pid: int) -> Process | None:
    """The living process with this pid, if it runs `program` with `folder` as working folder."""
    process = find_process(pid)
    try:
        name = (PROC / str(pid) / "comm").read_text().strip()
        is_there = (PROC / str(pid) / "cwd").samefile(folder)
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    return process if is_there and name == program else None


def find_processes_in(folder: Path, program: str) -> list[Process]:
    """Every living process that runs `program` with this working folder."""
    pids = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
    return [process for pid in pids if (process := find_process_in(folder, program, pid))]


def wait_until(reached: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Ask until the answer is yes; false when the time is over."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


@contextmanager
def _opened(pid: int) -> Iterator[int | None]:
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)
