"""One run over all tenants: erases what is due, a little at a time."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError
from django.utils import timezone
from psycopg import Error as OwnerError

from ai_bridge.errors import RunnerError
from sessions_app.retention.erasing import Overdue, end_conversation, erase_overdue
from sessions_app.retention.finding import FIRST, find_overdue
from sessions_app.retention.post import forget_post
from sessions_app.runner_port import current_runner
from tenants.models import Tenant
from tenants.scope import shared_call, tenant_call

logger = logging.getLogger(__name__)
BATCH = 50
# A worker that erases does not sweep: longer runs are cut into several tasks.
RUN_SECONDS = 2.0
# Whose people are locked out still has a duty to erase.
KEEPING = (Tenant.Status.ACTIVE, Tenant.Status.SUSPENDED)


@dataclass(frozen=True)
class Place:
    """How far a run has come: conversations up to this one of this tenant are seen to."""

    schema: str = ""
    session: UUID = FIRST


async def retain_due(place: Place) -> Place | None:
    """Where to go on; None at the end, or when the runner is away: it is begun anew next time."""
    try:
        return await _erase_for(RUN_SECONDS, place)
    except RunnerError as error:
        logger.warning("nothing is erased while the runner is away: %s", error.code)
        return None


async def _erase_for(seconds: float, place: Place) -> Place | None:
    end = asyncio.get_running_loop().time() + seconds
    async with aclosing(erase_everywhere(place)) as erased:
        async for done in erased:
            if asyncio.get_running_loop().time() >= end:
                return done
    return None


async def erase_everywhere(place: Place) -> AsyncGenerator[Place, None]:
    """All tenants from this place on. Raises RunnerError."""
    for schema in await shared_call(keeping_schemas, place.schema):
        begun = place if schema == place.schema else Place(schema)
        async with aclosing(erase_tenant(begun)) as erased:
            async for done in erased:
                yield done


def keeping_schemas(after: str = "") -> list[str]:
    """Tenants from this one on, in order."""
    tenants = Tenant.objects.filter(status__in=KEEPING, schema_name__gte=after)
    return list(tenants.order_by("schema_name").values_list("schema_name", flat=True))


async def erase_tenant(place: Place) -> AsyncGenerator[Place, None]:
    """The conversations behind this one, each told when it is seen to. Raises RunnerError."""
    while batch := await _find(place):
        for overdue in batch:
            await _erase(place.schema, overdue)
            place = Place(place.schema, overdue.session_id)
            yield place
    await tenant_call(place.schema, forget_post)


async def _find(place: Place) -> list[Overdue]:
    return await tenant_call(place.schema, find_overdue, timezone.now(), place.session, BATCH)


async def _erase(schema: str, overdue: Overdue) -> None:
    """The runner's copy first: the rows are the mark that all of it is gone.

    One conversation's trouble is not the others'. Raises RunnerError.
    """
    try:
        await tenant_call(schema, end_conversation, overdue)
        await current_runner().delete(overdue.thread_id)
        await tenant_call(schema, erase_overdue, overdue)
    except (DatabaseError, OwnerError):
        logger.exception("%s could not be erased, it is tried again", overdue.thread_id)
