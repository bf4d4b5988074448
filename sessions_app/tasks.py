"""Celery's doors: each task names its tenant, and can run twice without harm."""

import asyncio
import logging
from uuid import UUID

from celery import shared_task

from sessions_app.background import drain
from sessions_app.relaying import relay_due
from sessions_app.retention.running import Place, retain_due
from sessions_app.runner_port import close_runner
from sessions_app.sweeping import sweep_due

logger = logging.getLogger(__name__)
DRAIN_SECONDS = 5.0
# Every wait within a sweep has its own end; should one not keep it, the process is replaced.
LIMIT_SECONDS = 300


@shared_task(name="sessions.sweep", time_limit=LIMIT_SECONDS)
def sweep() -> None:
    """Does what is due in all tenants: lapsed turns, idle sessions, closes the runner missed."""
    asyncio.run(_sweep())


@shared_task(name="sessions.relay", time_limit=120)
def relay() -> None:
    """Tells customers' endpoints what they are to know, in all tenants."""
    asyncio.run(relay_due())


@shared_task(name="sessions.retain", time_limit=LIMIT_SECONDS)
def retain(schema: str = "", session: str = "") -> None:
    """Erases what templates let be kept no longer, in all tenants from this place on."""
    place = Place(schema, UUID(session)) if session else Place()
    left = asyncio.run(_retain(place))
    if left is not None:
        retain.delay(left.schema, str(left.session))


async def _retain(place: Place) -> Place | None:
    try:
        return await retain_due(place)
    finally:
        await close_runner()


async def _sweep() -> None:
    try:
        done = await sweep_due()
        await drain(DRAIN_SECONDS)
    finally:
        await close_runner()
    if done:
        logger.info("swept %d sessions", done)
