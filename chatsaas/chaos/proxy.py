"""A TCP proxy whose links can be cut, stalled, left half open, or made to drip.

Every statement of every process passes here, so bytes are handed on where they are heard.
"""

import asyncio
import contextlib
import socket
import struct
from asyncio import BaseTransport, Transport
from collections import deque
from collections.abc import Callable, Sequence
from typing import cast

from chatsaas.servers.ports import LOOPBACK

DRIP_BYTES, DRIP_SECONDS = 16, 0.05
HALF_OPEN_SECONDS = 20.0


class End(asyncio.Protocol):
    """One end of a link: what it hears, the other end says."""

    def __init__(self) -> None:
        self.transport: Transport | None = None
        self.link: Link | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        self.transport = cast(Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self.link:
            self.link.hear(self, data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.link:
            self.link.lose(self)

    def pause_writing(self) -> None:
        if self.link:
            self.link.other(self).listen(False)

    def resume_writing(self) -> None:
        if self.link:
            self.link.other(self).listen(True)

    def listen(self, is_on: bool) -> None:
        if self.transport and not self.transport.is_closing():
            (self.transport.resume_reading if is_on else self.transport.pause_reading)()

    def say(self, data: bytes) -> None:
        if self.transport and not self.transport.is_closing():
            self.transport.write(data)

    def close(self) -> None:
        """When all that was said has left."""
        if self.transport:
            self.transport.close()

    def reset(self) -> None:
        if self.transport:
            reset(self.transport)


class Link:
    """One connection through the proxy: near is who called, far is who was called.

    `caller` is the port that it was called from. Nothing passes before `open`.
    """

    def __init__(self, near: End) -> None:
        self._near, self._far = near, End()
        near.link = self._far.link = self
        self.caller: int = near.transport.get_extra_info("peername")[1] if near.transport else 0
        self.is_over = asyncio.Event()
        # What waits while something holds it up, and for whom it is.
        self._held: deque[tuple[End, bytes]] = deque()
        self._holds = 1
        self._is_half_open = self._is_lost = False

    async def open(self, port: int) -> None:
        """Raises OSError when nobody answers there."""
        await asyncio.get_running_loop().create_connection(lambda: self._far, LOOPBACK, port)
        self._let_pass()

    def other(self, end: End) -> End:
        return self._far if end is self._near else self._near

    def hear(self, end: End, data: bytes) -> None:
        if self._is_half_open:
            return
        if self._holds:
            self._held.append((self.other(end), data))
        else:
            self.other(end).say(data)

    def lose(self, end: End) -> None:
        """The other end is told when it has heard all else; the near one of half a link never."""
        if self._is_half_open and end is self._far:
            return
        self._is_lost = True
        if not self._holds:
            self.end()

    def end(self) -> None:
        self._near.close()
        self._far.close()
        self.is_over.set()

    def cut(self) -> None:
        """Reset both ends."""
        self._near.reset()
        self._far.reset()

    async def stall(self, seconds: float) -> None:
        """Nothing passes for a while; nothing is lost."""
        self._holds += 1
        await asyncio.sleep(seconds)
        self._let_pass()

    async def half_open(self) -> None:
        """The far end is gone and the near one is not told."""
        self._is_half_open = True
        self._far.reset()
        await asyncio.sleep(HALF_OPEN_SECONDS)
        self._near.reset()

    async def drip(self, seconds: float) -> None:
        """Some bytes at a time."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        self._holds += 1
        while clock() < end:
            await asyncio.sleep(DRIP_SECONDS)
            # Where it stalls as well, nothing drips.
            if self._held and self._holds == 1:
                self._drop()
        self._let_pass()

    def _drop(self) -> None:
        end, data = self._held.popleft()
        end.say(data[:DRIP_BYTES])
        if rest := data[DRIP_BYTES:]:
            self._held.appendleft((end, rest))

    def _let_pass(self) -> None:
        self._holds -= 1
        if self._holds:
            return
        for end, data in self._held:
            if not self._is_half_open:
                end.say(data)
        self._held.clear()
        if self._is_lost:
            self.end()


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
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Caller(self), LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def begin(self, link: Link) -> None:
        task = asyncio.get_running_loop().create_task(self._lead(link))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _lead(self, link: Link) -> None:
        if not await self._open(link):
            link.cut()
            return
        self.links.add(link)
        try:
            await link.is_over.wait()
        finally:
            self.links.discard(link)
            link.end()

    async def _open(self, link: Link) -> bool:
        """Whether a far port took the connection: the next one, or else another."""
        ports = self._far()
        for _ in ports:
            self._turn += 1
            with contextlib.suppress(OSError):
                await link.open(ports[self._turn % len(ports)])
                return True
        return False


class _Caller(End):
    def __init__(self, proxy: Proxy) -> None:
        super().__init__()
        self._proxy = proxy

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self._proxy.begin(Link(self))


def reset(transport: Transport | asyncio.WriteTransport) -> None:
    """Close as a crash does: with RST, not with FIN."""
    connection = transport.get_extra_info("socket")
    if connection is not None and connection.fileno() >= 0:
        with contextlib.suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
