"""Events between processes, through Redis: a nudge that may be lost, never the truth."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from sessions_app.background import spawn, spawn_outside
from sessions_app.events import StoredEvent
from sessions_app.inbox import Channel, Inbox, Wake, tell_listeners

logger = logging.getLogger(__name__)
RETRY_SECONDS = 1.0
# A Redis that is frozen or cut off answers nothing at all; the layer itself would wait for ever.
PUBLISH_SECONDS, SUBSCRIBE_SECONDS = 2.0, 5.0


def announce(channel: Channel, events: Sequence[StoredEvent]) -> None:
    """Tell listeners here at once, and those of other processes as soon as Redis does."""
    if events:
        tell_listeners(channel, events)
        spawn(_publish(channel, events))


async def _publish(channel: Channel, events: Sequence[StoredEvent]) -> None:
    rows = [(event.seq, event.kind, event.payload) for event in events]
    nudge = {"type": "session.events", "events": orjson.dumps(rows)}
    try:
        async with asyncio.timeout(PUBLISH_SECONDS):
            await get_channel_layer().group_send(_group(channel), nudge)
    except (RedisError, OSError) as error:
        logger.warning("redis is not reachable, other processes are not nudged: %s", error)


@asynccontextmanager
async def hearing(channel: Channel, inbox: Inbox) -> AsyncIterator[None]:
    """While inside, events that other processes announce reach the inbox."""
    task = spawn_outside(_hear(channel, inbox))
    try:
        yield
    finally:
        # Not awaited: it says good-bye to Redis, which may be away.
        task.cancel()


async def _hear(channel: Channel, inbox: Inbox) -> None:
    while True:
        try:
            await _hear_until_lost(channel, inbox)
        except (RedisError, OSError) as error:
            logger.warning("redis is not reachable, events are polled instead: %s", error)
            await asyncio.sleep(RETRY_SECONDS)


async def _hear_until_lost(channel: Channel, inbox: Inbox) -> None:
    layer = get_channel_layer()
    async with asyncio.timeout(SUBSCRIBE_SECONDS):
        name = await layer.new_channel()
    try:
        async with asyncio.timeout(SUBSCRIBE_SECONDS):
            await layer.group_add(_group(channel), name)
        # What was announced before this moment went by unheard.
        inbox.put(Wake())
        while True:
            inbox.put(_events_of(await layer.receive(name)))
    finally:
        # The layer forgets it by itself only when `receive` was reached.
        layer.channels.pop(name, None)
        await layer.group_discard(_group(channel), name)


def _events_of(nudge: dict[str, Any]) -> tuple[StoredEvent, ...]:
    return tuple(StoredEvent(*row) for row in orjson.loads(nudge["events"]))


def _group(channel: Channel) -> str:
    return f"session.{channel.schema}.{channel.session_id.hex}"
