"""Work that outlives the socket or request that began it, and ends before the process does."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

logger = logging.getLogger(__name__)
_running: set[asyncio.Task[None]] = set()
# Work that a drain does not wait for; the loop itself keeps its tasks only weakly.
_kept: set[asyncio.Task[None]] = set()
_draining = asyncio.Event()


def spawn(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Start the work now. Its failure is logged: the row it was about stays due and is swept."""
    task = asyncio.get_running_loop().create_task(work)
    _running.add(task)
    task.add_done_callback(_ended)
    return task


def spawn_outside(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Start work that may go on as long as the process does, and that nobody waits for."""
    task = asyncio.get_running_loop().create_task(work)
    _kept.add(task)
    task.add_done_callback(_kept.discard)
    return task


def begin_draining() -> bool:
    """From now on no new input is taken in. False when that was said before."""
    if _draining.is_set():
        return False
    _draining.set()
    return True


def is_draining() -> bool:
    return _draining.is_set()


async def drain(seconds: float) -> int:
    """Wait for what runs; answers how many pieces of work were still going after `seconds`."""
    here = asyncio.get_running_loop()
    tasks = {task for task in _running if task.get_loop() is here}
    if not tasks:
        return 0
    _, late = await asyncio.wait(tasks, timeout=seconds)
    return len(late)


def _ended(task: asyncio.Task[None]) -> None:
    _running.discard(task)
    if not task.cancelled() and task.exception():
        logger.error("background work failed", exc_info=task.exception())
