"""How many visitors are let in at once: a crowd at the door must not hold up who is inside.

All the sockets of a gateway that died come to another one within a second. Were they all let in
together, turns and the renewing of leases would wait behind them for a thread and a connection.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from sessions_app.availability import moment
from sessions_app.errors import Unavailable

AT_ONCE = 4
# Less than the widget waits for its first frame: it is told, instead of giving up by itself.
WAIT_SECONDS = 8.0

_doors: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


@asynccontextmanager
async def through_the_door() -> AsyncIterator[None]:
    """In the order of coming. Raises Unavailable where that would take too long."""
    door = _doors.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await door.acquire()
    except TimeoutError:
        crowded = "Many visitors come back at this moment. Connect again soon."
        raise Unavailable(crowded, retry_after=moment()) from None
    try:
        yield
    finally:
        door.release()
