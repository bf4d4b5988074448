"""Sees to it that nothing outlives a process that is killed: a watchdog waits for its end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from chatsaas.servers.process import Process, find_process

ROOT = Path(__file__).resolve().parents[2]
MARK = "CHATSAAS_STARTED_BY"


def marked() -> dict[str, str]:
    """The variable for what this process starts: whatever carries it ends with this process.

    However this one ends, and whomever the started ones start. Without /proc it is empty, and
    nobody watches.
    """
    process = find_process(os.getpid())
    if process is None:
        return {}
    _watchdog_of(process)
    return {MARK: mark_of(process)}


@contextmanager
def watched(state_dir: Path) -> Iterator[None]:
    """If this process is killed inside, the servers of `state_dir` stop, unless others use them."""
    process = find_process(os.getpid())
    if process is None:
        yield
        return
    watchdog = _start_watchdog(process, str(state_dir.resolve()))
    try:
        yield
    finally:
        watchdog.kill()
        watchdog.wait()


def mark_of(process: Process) -> str:
    return f"{process.pid}:{process.started}"


@cache
def _watchdog_of(process: Process) -> subprocess.Popen[bytes]:
    """One for all that the process starts; it ends only after the process."""
    return _start_watchdog(process)


def _start_watchdog(process: Process, *further: str) -> subprocess.Popen[bytes]:
    module = "chatsaas.servers.watchdog"
    return subprocess.Popen(
        [sys.executable, "-m", module, str(process.pid), process.started, *further],
        cwd=ROOT,
        # Without the mark of whoever started this process: the watchdog has to outlive it.
        env={name: value for name, value in os.environ.items() if name != MARK},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
