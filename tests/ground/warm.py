"""Processes whose parent has loaded the libraries: most of a start is spent on those.

What they load of the product they load themselves, with the environment that they are given.
"""

import atexit
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from chatsaas.chaos.forked import Forked, Nursery
from chatsaas.servers.keeper import marked
from chatsaas.servers.served import Served
from tests.ground.environment import STATE_DIR

SERVER = ("uvicorn.main", "structlog", "psycopg_pool", "pydantic_settings", "httpx")
SCHEMAS = ("jsonschema", "jsonschema_rs", "orjson")
# Each is loaded without settings, and reads no variable that a test sets. `prometheus_client`
# reads one.
LIBRARIES = {
    "product": (
        *SERVER, *SCHEMAS, "uvicorn.protocols.websockets.websockets_sansio_impl",
        "celery.bin.celery", "celery.bin.worker", "celery.apps.worker", "celery.apps.beat",
        "celery.beat", "celery.concurrency.prefork", "kombu.transport.redis", "redis.asyncio",
        "limits.storage", "limits.aio.storage", "openpyxl", "rich.progress", "cryptography.fernet",
        "django.core.handlers.asgi", "django.core.management", "django.db.models",
        "django.db.backends.postgresql.base", "django.contrib.postgres.fields", "django.forms",
        "django.template.defaulttags", "django.test.signals", "django_stubs_ext", "environ",
        "rest_framework.fields", "uritemplate", "arrow", "jwt", "yaml",
    ),
    "runner": (
        *SERVER, *SCHEMAS, "starlette.applications", "langsmith", "langchain_core.runnables",
        "langgraph.graph", "langgraph.checkpoint.serde.jsonplus",
    ),
}  # fmt: skip


@cache
def nursery_of(kind: str, seed: str = "random") -> Nursery:
    """One for the whole test run. `seed` is that of the hashes of what it forks."""
    environment = {**os.environ, **marked(), "PYTHONUNBUFFERED": "1", "PYTHONHASHSEED": seed}
    nursery = Nursery(LIBRARIES[kind], environment, STATE_DIR / f"{kind}-nursery.log")
    atexit.register(nursery.stop)
    nursery.await_ready()
    return nursery


@dataclass
class Warm(Forked):
    """As any other, but for its return code, which nobody is told."""

    def _fork(self, changes: Mapping[str, str]) -> int:
        environment = {**self.environment, **changes, **marked()}
        return self.nursery.fork(self.command[2:], self.log, environment)


def warmed(served: Served, kind: str, seed: str = "random") -> Served:
    """The same process, forked instead of started from nothing."""
    return Warm(
        name=served.name,
        command=served.command,
        environment=served.environment,
        log=served.log,
        ready=served.ready,
        port=served.port,
        nursery=nursery_of(kind, seed),
    )
