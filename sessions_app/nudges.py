"""Events between processes, through Redis: a nudge that may be lost, never the truth."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from sessions_app.events import StoredEvent
from sessions_app.inbox import Channel, Inbox, Wake, tell_listeners

logger = logging.getLogger(__name__)
RETRY_SECONDS = 1.0


async def announce(channel: Channel, events: Sequence[StoredEvent]) -> None:
    """Tell listeners here at once, and those of other processes as soon as Redis does."""
    if not events:
        return
    tell_listeners(channel, events)
    rows = [(event.seq, event.kind, event.payload) for event in events]
    try:
        await get_channel_layer().group_send(
            _group(channel), {"type": "session.events", "events": orjson.dumps(rows)}
        )
    except (RedisError, OSError) as error:
        logger.warning("redis is not reachable, other processes are not nudged: %s", error)


@asynccontextmanager
async def hearing(channel: Channel, inbox: Inbox) -> AsyncIterator[None]:
    """While inside, events that other processes announce reach the inbox."""
    task = asyncio.create_task(_hear(channel, inbox))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _hear(channel: Channel, inbox: Inbox) -> None:
    while True:
        try:
            await _hear_until_lost(channel, inbox)
        except (RedisError, OSError) as error:
            logger.warning("redis is not reachable, events are polled instead: %s", error)
            await asyncio.sleep(RETRY_SECONDS)


async def _hear_until_lost(channel: Channel, inbox: Inbox) -> None:
    layer = get_channel_layer()
    name = await layer.new_channel()
    await layer.group_add(_group(channel), name)
    # What was announced before this moment went by unheard.
    inbox.put(Wake())
    try:
        while True:
            inbox.put(_events_of(await layer.receive(name)))
    finally:
        await layer.group_discard(_group(channel), name)


def _events_of(nudge: dict[str, Any]) -> tuple[StoredEvent, ...]:
    return tuple(StoredEvent(*row) for row in orjson.loads(nudge["events"]))


def _group(channel: Channel) -> str:
    return f"session.{channel.schema}.{channel.session_id.hex}"
