"""One sweep over everything that is due, in whichever tenant it is."""

import asyncio
import logging

from django.db import DatabaseError

from ai_bridge.failpoints import reach
from sessions_app.background import spawn
from sessions_app.inbox import Channel
from sessions_app.metrics import LEASE_EXPIRIES
from sessions_app.nudges import announce
from sessions_app.services.attend import Duty, attend_session
from sessions_app.turns import drive_seconds, drive_session, tell_runner
from tenants.due import claim_due
from tenants.scope import shared_call, tenant_call

logger = logging.getLogger(__name__)

AT_ONCE = 8
HOLD_SECONDS = 10
LOOK_SECONDS, SWEEP_SECONDS = 1.0, 10.0


async def sweep_due() -> int:
    """Attends every session that is due; answers how many.

    While a slow one is being driven it goes on looking, for ten seconds at most. What is claimed
    here is due again ten seconds later, should this process die over it.
    """
    clock = asyncio.get_running_loop().time
    end, count = clock() + SWEEP_SECONDS, 0
    running: set[asyncio.Task[None]] = set()
    while True:
        free = AT_ONCE - len(running) if clock() < end else 0
        found = await _claim(free) if free else []
        count += len(found)
        running |= {spawn(_attend(channel)) for channel in found}
        if not running:
            return count
        # With more waiting than could be taken, the first free place is reason to look again.
        until = asyncio.FIRST_COMPLETED if len(found) == free else asyncio.ALL_COMPLETED
        _, running = await asyncio.wait(running, timeout=LOOK_SECONDS, return_when=until)


async def _claim(count: int) -> list[Channel]:
    rows = await shared_call(claim_due, count, HOLD_SECONDS)
    reach("worker_after_claim")
    return [Channel(schema, subject) for schema, subject in rows]


async def _attend(channel: Channel) -> None:
    """One session's trouble is not the others': the row is due again in a moment."""
    try:
        async with asyncio.timeout(2 * drive_seconds()):
            duty = await tenant_call(channel.schema, attend_session, channel.session_id)
            await _do(channel, duty)
    except (DatabaseError, TimeoutError):
        logger.exception("session %s could not be attended", channel.session_id)


async def _do(channel: Channel, duty: Duty) -> None:
    if duty.work == "drive":
        LEASE_EXPIRIES.inc()
        await drive_session(channel)
    elif duty.work == "tell_runner":
        announce(channel, duty.events)
        await tell_runner(channel, duty.close_reason)
