"""Runs a plan for a person: folders, progress, the report; and leaves nothing running."""

import asyncio
import fcntl
import secrets
import shutil
import signal
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import uvloop
from rich.console import Console

from chatsaas.chaos.leftovers import end_leftovers
from chatsaas.chaos.report import Report
from chatsaas.chaos.run import Plan, run
from chatsaas.servers.runfile import STATE_DIR
from chatsaas.servers.served import ROOT
from chatsaas.terminal.progress import progress_of

SCRATCH = STATE_DIR / "chaos"
ARTEFACTS = ROOT / "artefacts" / "chaos"
ANSWERED = "messages answered"
T = TypeVar("T")


class Stopped(Exception):
    """Somebody asked the run to end; nothing is left running."""


def fresh_seed() -> int:
    return secrets.randbelow(2**31)


def run_command(plan: Plan, artefacts: Path | None) -> Report:
    """Raises ServerError, and Stopped when it was interrupted."""
    console = Console()
    kept = artefacts or ARTEFACTS / f"{time.strftime('%Y%m%d-%H%M%S')}-seed-{plan.seed}"
    kept.mkdir(parents=True, exist_ok=True)
    control = " --naive" if plan.naive else ""
    console.print(f"seed {plan.seed}{control}; files are kept in {kept}", highlight=False)
    total = plan.sessions * plan.turns
    with scratch_folder() as scratch, progress_of(total, ANSWERED, console) as tell:
        report = on_loop(run(plan, scratch, kept, tell))
    report.show(console)
    console.print(report.last_line(), highlight=False, soft_wrap=True)
    return report


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder that is this run's alone, and gone afterwards; what killed runs left is ended."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    end_leftovers(SCRATCH)
    folder = SCRATCH / secrets.token_hex(6)
    folder.mkdir(mode=0o755)
    try:
        with (folder / "lock").open("w") as lock:
            # Goes with its holder, however that ends.
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def on_loop(work: Coroutine[Any, Any, T]) -> T:
    """To its end, on the quickest loop there is: all clients and proxies share it.

    Raises Stopped.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(keep_going(work))


async def keep_going(work: Coroutine[Any, Any, T]) -> T:
    """Ctrl-C and SIGTERM take the way out that takes everything down. Raises Stopped."""
    task = asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        raise Stopped from None
