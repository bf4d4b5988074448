"""The proxy passes everything on, until it is told to break a connection, in just that way."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from chatsaas.chaos import proxy as proxies
from chatsaas.chaos.proxy import Link, Proxy
from chatsaas.servers.ports import LOOPBACK, find_port

LARGE = b"x" * 3_000_000


@asynccontextmanager
async def connected(*ports: int) -> AsyncIterator[tuple[StreamReader, StreamWriter, Proxy]]:
    """A client of a proxy that leads to these ports, and then to a server that says all again."""

    async def repeat(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            while heard := await reader.read(65536):
                writer.write(heard)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()

    server = await asyncio.start_server(repeat, LOOPBACK, 0)
    far = [*ports, server.sockets[0].getsockname()[1]]
    proxy = Proxy(lambda: far)
    await proxy.open()
    reader, writer = await asyncio.open_connection(LOOPBACK, proxy.port)
    try:
        yield reader, writer, proxy
    finally:
        writer.close()
        await proxy.close()
        server.close()


async def only_link(reader: StreamReader, writer: StreamWriter, proxy: Proxy) -> Link:
    """The link when it is there."""
    writer.write(b"?")
    assert await reader.readexactly(1) == b"?"
    (link,) = proxy.links
    return link


async def test_everything_comes_through_whichever_far_end_is_there() -> None:
    async with connected(find_port(), find_port()) as (reader, writer, proxy):
        writer.write(LARGE)
        assert await reader.readexactly(len(LARGE)) == LARGE
        link = await only_link(reader, writer, proxy)
        assert link.caller == writer.get_extra_info("sockname")[1]
        writer.close()
        await link.is_over.wait()


async def test_a_link_that_stalls_or_drips_loses_nothing_and_keeps_the_order() -> None:
    async with connected() as (reader, writer, proxy):
        link = await only_link(reader, writer, proxy)
        breaking = [asyncio.create_task(link.stall(0.2)), asyncio.create_task(link.drip(0.3))]
        await asyncio.sleep(0)
        said = bytes(range(200))
        writer.write(said)
        await breaking[0]
        assert not reader.at_eof()
        await breaking[1]
        writer.write(b"the end")
        assert await reader.readexactly(len(said) + 7) == said + b"the end"


async def test_a_half_open_link_tells_the_near_end_late_and_hears_it_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proxies, "HALF_OPEN_SECONDS", 0.3)
    async with connected() as (reader, writer, proxy):
        link = await only_link(reader, writer, proxy)
        breaking = asyncio.create_task(link.half_open())
        await asyncio.sleep(0.05)
        writer.write(b"is anybody there?")
        assert not breaking.done()
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
        await breaking


async def test_a_link_that_is_cut_is_reset_and_one_that_leads_nowhere_too() -> None:
    async with connected() as (reader, writer, proxy):
        (await only_link(reader, writer, proxy)).cut()
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
    nowhere = Proxy(lambda: [find_port()])
    await nowhere.open()
    reader, writer = await asyncio.open_connection(LOOPBACK, nowhere.port)
    with pytest.raises(ConnectionResetError):
        await reader.read(1)
    writer.close()
    await nowhere.close()
