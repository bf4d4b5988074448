"""HTTP servers of the run itself, which answer as badly as the nemesis wants."""

import asyncio
import contextlib
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random

from chatsaas.chaos.faults import STALL_SECONDS
from chatsaas.chaos.matrix import CUT, DRIP, HALF_OPEN, STALL
from chatsaas.chaos.proxy import DRIP_BYTES, DRIP_SECONDS, HALF_OPEN_SECONDS, reset
from chatsaas.servers.ports import LOOPBACK

# The head with its line of request, the body, and where the answer goes.
Receive = Callable[[str, bytes, StreamWriter], Awaitable[None]]


@asynccontextmanager
async def answering(receive: Receive) -> AsyncIterator[int]:
    """The port; one request for each connection."""
    running: set[asyncio.Task[None]] = set()

    async def attend(reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        task.add_done_callback(running.discard)
        with contextlib.suppress(OSError, IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            await receive(
                head, await reader.readexactly(int(header(head, "content-length"))), writer
            )
        writer.close()

    server = await asyncio.start_server(attend, LOOPBACK, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running)


def header(head: str, name: str) -> str:
    """The value of this header, or 0."""
    lines = (line.partition(":") for line in head.split("\r\n")[1:])
    return next((value.strip() for key, _, value in lines if key.lower() == name), "0")


def response(status: str, body: bytes, *headers: str) -> bytes:
    lines = (
        f"HTTP/1.1 {status}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def answer(writer: StreamWriter, data: bytes, fault: str, random: Random) -> bool:
    """Whether the answer was sent whole, over a network with this fault (none: empty).

    Says so before anybody can act on the last piece.
    """
    if fault == CUT:
        reset(writer.transport)
        return False
    if fault == HALF_OPEN:
        await asyncio.sleep(HALF_OPEN_SECONDS)
        reset(writer.transport)
        return False
    if fault == STALL:
        await asyncio.sleep(random.uniform(*STALL_SECONDS))
    size = DRIP_BYTES if fault == DRIP else len(data)
    for start in range(0, len(data), size):
        if start:
            await asyncio.sleep(DRIP_SECONDS)
        writer.write(data[start : start + size])
        await writer.drain()
    return True
