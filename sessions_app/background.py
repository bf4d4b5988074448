"""Work that outlives the socket or request that began it, and ends before the process does."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

logger = logging.getLogger(__name__)
_running: set[asyncio.Task[None]] = set()


def spawn(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Start the work now. Its failure is logged: the row it was about stays due and is swept."""
    task = asyncio.get_running_loop().create_task(work)
    _running.add(task)
    task.add_done_callback(_ended)
    return task


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
