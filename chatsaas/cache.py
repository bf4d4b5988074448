"""The cache: Redis, and while that is away the memory of each process."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class SteadyCache(BaseCache):
    """Never raises because Redis is down: what is counted is then counted by each process.

    Nobody may be kept from signing in by a server that only holds what can be made again.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._redis = RedisCache(location, params)
        self._own = LocMemCache(location, {**params, "OPTIONS": {}})

    def _ask(self, name: str, *args: Any, **options: Any) -> Any:
        try:
            return getattr(self._redis, name)(*args, **options)
        except (RedisError, OSError) as error:
            logger.warning("redis is not reachable, this process caches for itself: %s", error)
            return getattr(self._own, name)(*args, **options)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._ask("add", key, value, timeout, version)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._ask("get", key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._ask("set", key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._ask("touch", key, timeout, version)

    def delete(self, key: Any, version: Any = None) -> Any:
        return self._ask("delete", key, version)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        return self._ask("incr", key, delta, version)

    def has_key(self, key: Any, version: Any = None) -> Any:
        return self._ask("has_key", key, version)

    def get_many(self, keys: Iterable[Any], version: Any = None) -> Any:
        return self._ask("get_many", list(keys), version)

    def set_many(
        self, data: Mapping[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: Any = None
    ) -> Any:
        return self._ask("set_many", data, timeout, version)

    def clear(self) -> Any:
        return self._ask("clear")
