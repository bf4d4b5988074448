"""Hears every command that goes to Redis, and looks through all that stays in it."""

import asyncio
import re
from asyncio import StreamReader
from contextlib import closing, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from redis.asyncio import Redis

from chatsaas.isolation.office import Office

PIECE, PAUSE_SECONDS = 64 * 1024, 0.2
_OWNER = re.compile(rb"t_(iso_[a-z])")
# As MONITOR writes a command down: its name and the arguments, quoted.
_PARTS = re.compile(rb'"((?:[^"\\]|\\.)*)"')


async def listen(url: str, office: Office) -> None:
    """Until cancelled. Whatever is stored, queued or published: the key's owner alone."""
    while True:
        # Redis is one of those that are killed; what is said meanwhile is lost to all.
        with suppress(OSError):
            await _overhear(url, office)
        await asyncio.sleep(PAUSE_SECONDS)


async def look_through(url: str, office: Office) -> int:
    """The number of keys found. A key that names no tenant may hold nobody's word."""
    looked = 0
    async with Redis.from_url(url) as client:
        # Packed, a word would not be found.
        await client.config_set("rdbcompression", "no")
        async for key in client.scan_iter(count=500):
            looked += 1
            value: bytes = await client.dump(key) or b""
            office.search("redis", key + b" " + value, _owner_of(key))
    return looked


async def _overhear(url: str, office: Office) -> None:
    server = urlsplit(url)
    reader, writer = await asyncio.open_connection(server.hostname, server.port)
    with closing(writer):
        writer.write(f"AUTH {unquote(server.password or '')}\r\nMONITOR\r\n".encode())
        await _search_lines(reader, office)


async def _search_lines(reader: StreamReader, office: Office) -> None:
    rest = b""
    while piece := await reader.read(PIECE):
        whole, _, rest = (rest + piece).rpartition(b"\r\n")
        if office.watch.may_hold(whole):
            for line in whole.split(b"\r\n"):
                _search_command(line, office)


def _search_command(line: bytes, office: Office) -> None:
    command, *arguments = [part[1] for part in _PARTS.finditer(line)] or [b""]
    # EVAL and EVALSHA name the script and the number of keys before the first key.
    place = 2 if command.lower().startswith(b"eval") else 0
    key = arguments[place] if len(arguments) > place else b""
    if office.search(f"redis {command.decode(errors='replace')}", line, _owner_of(key)):
        office.telling["redis"] += 1


def _owner_of(name: bytes | Any) -> str:
    found = _OWNER.search(name)
    return found[1].decode() if found else ""
