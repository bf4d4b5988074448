"""Listens to everything that goes through Redis, and looks through all that stays in it."""

import re
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from chatsaas.isolation.office import Office

_OWNER = re.compile(rb"t_(iso_[a-z])")


async def listen(url: str, office: Office) -> None:
    """Until cancelled: what is published on a tenant's channel may hold its own word alone."""
    while True:
        try:
            async with Redis.from_url(url, socket_timeout=None) as client:
                await _hear(client, office)
        except (RedisError, OSError):
            # Redis is one of those that are killed; what is published meanwhile is lost to all.
            continue


async def look_through(url: str, office: Office) -> int:
    """The number of keys found. A key that names no tenant may hold nobody's word."""
    looked = 0
    async with Redis.from_url(url) as client:
        async for key in client.scan_iter(count=500):
            looked += 1
            office.search("redis", key + b" " + await _value(client, key), _owner_of(key))
    return looked


async def _hear(client: Any, office: Office) -> None:
    async with client.pubsub() as tap:
        await tap.psubscribe("*")
        async for said in tap.listen():
            if said["type"] == "pmessage" and isinstance(said["data"], bytes):
                office.search("channel layer", said["data"], _owner_of(said["channel"]))


async def _value(client: Any, key: bytes) -> bytes:
    """Whatever it is, as Redis itself writes it down."""
    try:
        return await client.dump(key) or b""
    except ResponseError:
        return b""


def _owner_of(name: bytes) -> str:
    found = _OWNER.search(name)
    return found[1].decode() if found else ""
