"""How many visitors are let in at once: a crowd at the door must not hold up who is inside.

All the sockets of a gateway that died come to another one within a second. Were they all let in
together, turns and the renewing of leases would wait behind them for a thread and a connection.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Literal
from weakref import WeakKeyDictionary

from sessions_app.availability import moment
from sessions_app.errors import Unavailable

AT_ONCE = 4
# Two of them fit into the ten seconds that the widget waits for a frame.
LIFE_SECONDS = 4.0
# A minute, in which several thousand are let in: who still waits then, waits for what is broken.
SIGNS_OF_LIFE = 15

_doors: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


@asynccontextmanager
async def through_the_door(show_life: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """In the order of coming.

    Who waits is told every few seconds with `show_life`; what that raises ends the wait.
    Raises Unavailable after a minute.
    """
    door = _doors.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    place = asyncio.ensure_future(door.acquire())
    try:
        await _stand_in_line(place, show_life)
        yield
    finally:
        if not place.cancel():
            door.release()


async def _stand_in_line(
    place: asyncio.Future[Literal[True]], show_life: Callable[[], Awaitable[None]]
) -> None:
    for _ in range(SIGNS_OF_LIFE):
        await asyncio.wait({place}, timeout=LIFE_SECONDS)
        if place.done():
            return
        await show_life()
    crowded = "Many visitors come back at this moment. Connect again soon."
    raise Unavailable(crowded, retry_after=moment())
