"""Counts in Redis; while Redis is away, in this process alone. Never waits long for either."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from weakref import WeakKeyDictionary

from django.conf import settings
from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter as Window
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

T = TypeVar("T")
logger = logging.getLogger(__name__)

# How long a Redis that did not answer is left alone: one slow request a second, not all of them.
AWAY_SECONDS = 1.0
LONGEST_WAIT = 3600


@dataclass(frozen=True)
class Standing:
    """What is left of a limit, and the seconds until more is."""

    item: RateLimitItem
    left: int
    seconds: int


class Counter:
    """The counts of one event loop: connections belong to a loop."""

    def __init__(self) -> None:
        patience = settings.LIMITS_REDIS_MS / 1000
        shared = RedisStorage(
            f"async+{settings.REDIS_URL}",
            implementation="redispy",
            key_prefix="limits",
            socket_timeout=patience,
            socket_connect_timeout=patience,
            # The client's own default goes on trying for seconds.
            retry=Retry(NoBackoff(), 0),  # type: ignore[arg-type]
        )
        self._shared = Window(shared)
        self._own = Window(MemoryStorage())
        self._away_until = 0.0

    async def take(self, item: RateLimitItem, name: str, cost: int = 1) -> bool:
        """Whether there was as much left; if so it is taken."""
        return await self._ask(lambda window: window.hit(item, name, cost=cost))

    async def has(self, item: RateLimitItem, name: str) -> bool:
        """Whether anything is left; takes nothing."""
        return await self._ask(lambda window: window.test(item, name))

    async def standing(self, item: RateLimitItem, name: str) -> Standing:
        found = await self._ask(lambda window: window.get_window_stats(item, name))
        seconds = min(max(1, math.ceil(found.reset_time - time.time())), LONGEST_WAIT)
        return Standing(item, found.remaining, seconds)

    async def spend(self, item: RateLimitItem, name: str, cost: int) -> None:
        """Take what was used already, or all that is left of the limit when that is less."""
        if not await self.take(item, name, cost):
            left = (await self.standing(item, name)).left
            if left:
                await self.take(item, name, left)

    async def _ask(self, question: Callable[[Window], Awaitable[T]]) -> T:
        if time.monotonic() >= self._away_until:
            try:
                return await question(self._shared)
            except (RedisError, OSError) as error:
                self._away_until = time.monotonic() + AWAY_SECONDS
                logger.warning(
                    "redis is not reachable, this process counts limits for itself "
                    "until it is; check REDIS_URL and the server: %s",
                    error,
                )
        return await question(self._own)


_counters: WeakKeyDictionary[asyncio.AbstractEventLoop, Counter] = WeakKeyDictionary()


def counter() -> Counter:
    """The running loop's."""
    loop = asyncio.get_running_loop()
    if loop not in _counters:
        _counters[loop] = Counter()
    return _counters[loop]
