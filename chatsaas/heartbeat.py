"""A sign of life that beat and a worker give together: its age says whether both are there."""

import time
from typing import cast

from django.conf import settings
from redis import Redis

KEY = "chatsaas:heartbeat"
EVERY_SECONDS = 5.0
BEAT_SECONDS = 30.0


def record_beat() -> None:
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.set(KEY, time.time())


def seconds_since_beat() -> float | None:
    """None if no beat was ever recorded."""
    with Redis.from_url(settings.REDIS_URL, socket_timeout=3) as redis:
        last = cast("bytes | None", redis.get(KEY))
    return time.time() - float(last) if last else None
