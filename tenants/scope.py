"""The only door into a tenant."""

import asyncio
import faulthandler
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from channels.db import DatabaseSyncToAsync
from django.conf import settings
from django.db import OperationalError, transaction

from tenants.current import PUBLIC_SCHEMA, SHARED, Scope, current

P = ParamSpec("P")
R = TypeVar("R")
logger = logging.getLogger(__name__)

# Longer than any statement with its wait for a connection: what is left is a thread that hangs, or
# more work than threads. Who asked then hears it instead of waiting.
CALL_SECONDS = 45.0


def role_of(schema: str) -> str:
    """The database role that may touch this tenant's schema and nothing else."""
    return f"{settings.DATABASE_ROLE_PREFIX}_{schema}"


def current_schema() -> str:
    return current.get().schema


@contextmanager
def tenant_scope(schema: str) -> Iterator[None]:
    """Runs synchronous code as one tenant. Nest inside the function a thread runs, never around."""
    if schema == PUBLIC_SCHEMA:
        raise ValueError("A tenant scope needs a tenant's schema; the shared one is the default.")
    token = current.set(Scope(schema, role_of(schema)))
    try:
        yield
    finally:
        current.reset(token)


@contextmanager
def control_plane() -> Iterator[None]:
    """Writes shared tables from inside a tenant's transaction, as part of that transaction."""
    token = current.set(SHARED)
    try:
        with transaction.atomic(savepoint=False):
            yield
    finally:
        current.reset(token)


async def _in_thread(inside: Callable[[], R], name: str) -> R:
    try:
        async with asyncio.timeout(CALL_SECONDS):
            answer: R = await DatabaseSyncToAsync(inside, thread_sensitive=False)()
    except TimeoutError as error:
        said = f"{name} did not end within {CALL_SECONDS:.0f} s"
        logger.error("%s; where the threads of this process stand is on standard error", said)
        faulthandler.dump_traceback()
        raise OperationalError(said) from error
    return answer


async def tenant_call(
    schema: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Runs a synchronous function as one tenant, in a thread with a connection of its own.

    Raises OperationalError after CALL_SECONDS; the function may end later all the same.
    """

    def inside() -> R:
        with tenant_scope(schema):
            return function(*args, **kwargs)

    return await _in_thread(inside, getattr(function, "__qualname__", "a call"))


async def shared_call(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs a synchronous function on the shared tables, as `tenant_call` does for a tenant's."""

    def inside() -> R:
        with control_plane():
            return function(*args, **kwargs)

    return await _in_thread(inside, getattr(function, "__qualname__", "a call"))
