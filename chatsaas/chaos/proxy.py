"""A TCP proxy whose links can be cut, stalled, left half open, or made to drip."""

import asyncio
import contextlib
import socket
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Sequence

from chatsaas.servers.ports import LOOPBACK

PIECE = 64 * 1024
DRIP_BYTES, DRIP_SECONDS = 16, 0.05
HALF_OPEN_SECONDS = 20.0


class Link:
    """One connection through the proxy: near is who called, far is who was called.

    `caller` is the port that it was called from.
    """

    def __init__(self, near: StreamWriter, far: StreamWriter) -> None:
        self._near, self._far = near, far
        self.caller: int = near.get_extra_info("peername")[1]
        self._flows = asyncio.Event()
        self._flows.set()
        self._piece, self._is_half_open = PIECE, False

    async def carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Bytes of one direction until it ends."""
        while data := await reader.read(self._piece):
            await self._flows.wait()
            if self._is_half_open:
                continue
            if self._piece != PIECE:
                await asyncio.sleep(DRIP_SECONDS)
            writer.write(data)
            await writer.drain()

    def cut(self) -> None:
        """Reset both ends."""
        reset(self._near)
        reset(self._far)

    async def stall(self, seconds: float) -> None:
        """Nothing passes for a while; nothing is lost."""
        self._flows.clear()
        await asyncio.sleep(seconds)
        self._flows.set()

    async def half_open(self) -> None:
        """The far end is gone and the near one is not told."""
        self._is_half_open = True
        reset(self._far)
        await asyncio.sleep(HALF_OPEN_SECONDS)
        reset(self._near)

    async def drip(self, seconds: float) -> None:
        """Some bytes at a time."""
        self._piece = DRIP_BYTES
        await asyncio.sleep(seconds)
        self._piece = PIECE

    async def run(self, near: StreamReader, far: StreamReader) -> None:
        """Until one direction ends; a half-open link stays until it is reset."""
        ways = [
            asyncio.ensure_future(self.carry(near, self._far)),
            asyncio.ensure_future(self.carry(far, self._near)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if self._is_half_open:
                await asyncio.sleep(HALF_OPEN_SECONDS)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._near.close()
            self._far.close()


class Proxy:
    """Listens on a loopback port and passes to whichever of the far ports answers, in turn."""

    def __init__(self, far: Callable[[], Sequence[int]]) -> None:
        self._far = far
        self._turn = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.links: set[Link] = set()
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._accept, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._pass(reader, writer)
        writer.close()

    async def _pass(self, reader: StreamReader, writer: StreamWriter) -> None:
        far = await self._connect()
        if far is None:
            reset(writer)
            return
        link = Link(writer, far[1])
        self.links.add(link)
        try:
            await link.run(reader, far[0])
        finally:
            self.links.discard(link)

    async def _connect(self) -> tuple[StreamReader, StreamWriter] | None:
        """The next far port that takes the connection; None when all of them are down."""
        ports = self._far()
        for _ in ports:
            self._turn += 1
            with contextlib.suppress(OSError):
                return await asyncio.open_connection(LOOPBACK, ports[self._turn % len(ports)])
        return None


def reset(writer: StreamWriter) -> None:
    """Close as a crash does: with RST, not with FIN."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()
