"""Sends what is owed to customers' endpoints, in whichever tenant it is."""

import asyncio
import logging
from collections import Counter
from uuid import UUID

import httpx
from django.db import DatabaseError

from ai_bridge.failpoints import reach
from sessions_app.services.deliveries import claim_parcels, record_try, settle_lane
from sessions_app.webhooks.sending import Parcel, send, webhook_client
from tenants.due import Lane, claim_lanes
from tenants.scope import shared_call, tenant_call

logger = logging.getLogger(__name__)

AT_ONCE = 32
# An endpoint that hangs may not take every place.
AT_ONCE_PER_ENDPOINT = 4
HOLD_SECONDS = 30
LOOK_SECONDS, RELAY_SECONDS = 1.0, 10.0


async def relay_due() -> int:
    """Tries every delivery that is due; answers how many lanes were looked at.

    Takes new ones for ten seconds, then ends with what it has begun. What is claimed here is due
    again thirty seconds later, should this process die over it.
    """
    clock = asyncio.get_running_loop().time
    end, count = clock() + RELAY_SECONDS, 0
    running: set[asyncio.Task[None]] = set()
    async with webhook_client() as client:
        relay = _Relay(client, end)
        while True:
            free = AT_ONCE - len(running) if clock() < end else 0
            found = await shared_call(claim_lanes, free, HOLD_SECONDS) if free else []
            count += len(found)
            running |= {asyncio.create_task(relay.work(lane)) for lane in found}
            if not running:
                return count
            _, running = await asyncio.wait(
                running, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )


class _Relay:
    """One run: the connection's settings, the time it ends, and how busy each endpoint is."""

    def __init__(self, client: httpx.AsyncClient, end: float) -> None:
        self._client, self._end = client, end
        self._busy: Counter[UUID] = Counter()
        self._claiming = asyncio.Lock()

    async def work(self, lane: Lane) -> None:
        """One lane's trouble is not the others': it is due again in a moment."""
        try:
            await self._send_all(lane)
            await tenant_call(lane.schema, settle_lane, lane.subject, lane.at)
        except DatabaseError:
            logger.exception("deliveries of lane %s could not be made", lane.subject)

    async def _send_all(self, lane: Lane) -> None:
        parcels = await self._claim(lane)
        reach("relay_after_claim")
        # An endpoint that takes its time does not hold back the others of the same session.
        await asyncio.gather(*(self._send(lane, parcel) for parcel in parcels))

    async def _claim(self, lane: Lane) -> list[Parcel]:
        """One after the other, or many lanes of one endpoint would all find it free."""
        async with self._claiming:
            counts = self._busy.items()
            full = [webhook for webhook, count in counts if count >= AT_ONCE_PER_ENDPOINT]
            parcels = await tenant_call(lane.schema, claim_parcels, lane.subject, without=full)
            self._busy.update(parcel.webhook_id for parcel in parcels)
            return parcels

    async def _send(self, lane: Lane, parcel: Parcel) -> None:
        try:
            sent = await send(self._client, parcel)
        finally:
            self._busy[parcel.webhook_id] -= 1
        reach("relay_after_send")
        is_next = await tenant_call(lane.schema, record_try, parcel, sent)
        reach("relay_after_record")
        if is_next and asyncio.get_running_loop().time() < self._end:
            await self._send_all(lane)
