"""A sign of life that beat and a worker give together: its age says whether both are there."""

import time
from typing import cast

from django.conf import settings
from redis import Redis

from chatsaas.waits import REDIS_SECONDS

KEY = "chatsaas:heartbeat"
EVERY_SECONDS = 5.0
BEAT_SECONDS = 30.0


def record_beat() -> None:
    with _redis() as redis:
        redis.set(KEY, time.time())


def seconds_since_beat() -> float | None:
    """None if no beat was ever recorded."""
    with _redis() as redis:
        last = cast("bytes | None", redis.get(KEY))
    return time.time() - float(last) if last else None


def _redis() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
