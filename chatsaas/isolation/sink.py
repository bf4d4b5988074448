"""Where the tenants' webhooks arrive: a server of the run, one address per tenant."""

import contextlib
from asyncio import IncompleteReadError, StreamReader, StreamWriter, start_server
from collections.abc import AsyncIterator

from chatsaas.isolation.office import Office
from chatsaas.servers.ports import LOOPBACK

_OK = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextlib.asynccontextmanager
async def open_sink(office: Office) -> AsyncIterator[str]:
    """The sink's address; what is delivered below /SLUG/ belongs to that tenant."""

    async def receive(reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(OSError, IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            slug = head.split(b"/", 2)[1].decode()
            office.take_delivery("webhook", slug, head + body)
            writer.write(_OK)
            await writer.drain()
        writer.close()

    server = await start_server(receive, LOOPBACK, 0)
    async with server:
        yield f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
