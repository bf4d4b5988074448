"""One sweep over everything that is due, in whichever tenant it is."""

import asyncio
import logging

from django.db import DatabaseError

from ai_bridge.failpoints import reach
from sessions_app.inbox import Channel
from sessions_app.nudges import announce
from sessions_app.services.attend import Duty, attend_session
from sessions_app.turns import drive_session, tell_runner
from tenants.due import claim_due
from tenants.scope import shared_call, tenant_call

logger = logging.getLogger(__name__)

BATCH = 64
AT_ONCE = 8
HOLD_SECONDS = 10


async def sweep_due() -> int:
    """Attends every session that is due now; answers how many.

    What is claimed here is due again ten seconds later, should this process die over it.
    """
    rows = await shared_call(claim_due, BATCH, HOLD_SECONDS)
    reach("worker_after_claim")
    gate = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(_attend(Channel(schema, subject), gate) for schema, subject in rows))
    return len(rows)


async def _attend(channel: Channel, gate: asyncio.Semaphore) -> None:
    async with gate:
        try:
            duty = await tenant_call(channel.schema, attend_session, channel.session_id)
            await _do(channel, duty)
        except DatabaseError:
            # One tenant's trouble is not the others'; the row is due again in a moment.
            logger.exception("session %s could not be attended", channel.session_id)


async def _do(channel: Channel, duty: Duty) -> None:
    if duty.work == "drive":
        await drive_session(channel)
    elif duty.work == "tell_runner":
        await announce(channel, duty.events)
        await tell_runner(channel, duty.close_reason)
