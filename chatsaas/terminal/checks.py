"""What has to hold for the product to work: each check says what it found and how to mend it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from redis import Redis

from chatsaas.celery import app
from chatsaas.heartbeat import BEAT_SECONDS, seconds_since_beat
from tenants.provisioning import tenants_behind

CLOCK_SECONDS = 2.0


class CheckError(Exception):
    """Something does not hold; `mend` is what to do about it."""

    def __init__(self, found: str, mend: str) -> None:
        self.found, self.mend = found, mend
        super().__init__(f"{found} {mend}")


@dataclass(frozen=True)
class Check:
    """A question with an answer in words, or CheckError."""

    name: str
    ask: Callable[[], str]


def check_secrets() -> str:
    if len(settings.RUNNER_TOKEN) < 32:
        raise CheckError(
            "RUNNER_TOKEN is missing or shorter than 32 characters.",
            "Set the same long random text for the gateway and the runner.",
        )
    return "set and long enough"


def check_database() -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), session_user")
        version, user = cursor.fetchone()
    return f"PostgreSQL {version} as {user}"


def check_migrations() -> str:
    executor = MigrationExecutor(connections["owner"])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    behind = tenants_behind()
    if waiting or behind:
        places = [*(["the shared schema"] if waiting else []), *behind]
        raise CheckError(
            f"Migrations are missing in {', '.join(places)}.",
            "Run `python manage.py install_database`.",
        )
    return "every schema is at head"


def check_clock() -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        drift = abs(float(cursor.fetchone()[0]) - time.time())
    if drift > CLOCK_SECONDS:
        raise CheckError(
            f"This machine's clock and the database's differ by {drift:.1f} s.",
            "Let both follow a time server: tokens and leases depend on it.",
        )
    return f"{drift * 1000:.0f} ms from the database's"


def check_redis() -> str:
    with Redis.from_url(settings.REDIS_URL, socket_timeout=3) as redis:
        return f"Redis {redis.info('server')['redis_version']}"


def check_channel_layer() -> str:
    async_to_sync(_round_trip)()
    return "a message went round"


async def _round_trip() -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.send(channel, {"type": "doctor"})
    await layer.receive(channel)


def check_runner() -> str:
    answer = httpx.get(f"{settings.RUNNER_URL}/readyz", timeout=3)
    if answer.is_error:
        raise CheckError(
            f"The runner at {settings.RUNNER_URL} is not ready: {answer.text.strip()}",
            "Look at its log; it needs RUNNER_DATABASE_URL and an installed database.",
        )
    return f"ready at {settings.RUNNER_URL}"


def check_worker() -> str:
    answers = app.control.ping(timeout=2)
    if not answers:
        raise CheckError(
            "No Celery worker answers.",
            "Start one: `celery --app chatsaas.celery worker`.",
        )
    return f"{len(answers)} answering"


def check_beat() -> str:
    age = seconds_since_beat()
    if age is None or age > BEAT_SECONDS:
        last = "never" if age is None else f"{age:.0f} s ago"
        raise CheckError(
            f"The scheduler was last heard of: {last}.",
            "Run exactly one: `celery --app chatsaas.celery beat`, beside a worker.",
        )
    return f"heard {age:.0f} s ago"


CHECKS = (
    Check("secrets", check_secrets),
    Check("database", check_database),
    Check("migrations", check_migrations),
    Check("clock", check_clock),
    Check("Redis", check_redis),
    Check("channel layer", check_channel_layer),
    Check("runner", check_runner),
    Check("worker", check_worker),
    Check("beat", check_beat),
)
