"""`make bench-sockets`: idle sockets, sockets that come and go, and one that never reads.

Figures of memory on a real gateway, with its limits counted but out of reach.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import httpx
import psutil
from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from tests.ground.environment import environment

MIB = 1024 * 1024
AT_ONCE = 20
Row = tuple[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--idle", type=int, default=5_000)
    parser.add_argument("--cycles", type=int, default=10_000)
    parser.add_argument("--pings", type=int, default=200_000)
    asked = parser.parse_args()
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    with environment(), tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as on:
        import django

        django.setup()
        from tests.bench.site import ORIGIN, make_site
        from tests.ground.ground import open_ground

        ground = on.enter_context(open_ground(Path(folder)))
        on.enter_context(ground.runner())
        gateway = on.enter_context(ground.gateway(LIMITS_FACTOR="100000"))
        crowd = Crowd(gateway.url, make_site(), ORIGIN, psutil.Process(gateway.pid))
        rows = asyncio.run(crowd.measure(asked.idle, asked.cycles, asked.pings))
    show(rows)
    return 0


def show(rows: list[Row]) -> None:
    table = Table("figure", "seen", title=f"Sockets, {os.cpu_count()} cores")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


class Crowd:
    """Visitors of one website, and the gateway's process that they weigh upon."""

    def __init__(self, url: str, key: str, origin: str, process: psutil.Process) -> None:
        self._url, self._key, self._origin, self._process = url, key, origin, process
        self._tokens: list[str] = []

    async def measure(self, idle: int, cycles: int, pings: int) -> list[Row]:
        await self.cycle(500)
        return [
            *await self.idle_sockets(idle),
            *await self.cycles(cycles),
            *await self.slow_reader(pings),
        ]

    async def idle_sockets(self, count: int) -> list[Row]:
        """Greeted sockets, held twice in a row."""
        before = self.memory()
        held = [await self.hold(count) for _ in range(2)]
        after = self.memory()
        return [
            (f"{count:,} idle sockets, first time", f"+{(held[0] - before) / MIB:.1f} MiB"),
            ("each", f"{(held[0] - before) / count / 1024:.1f} KiB"),
            (f"{count:,} idle sockets, second time", f"+{(held[1] - before) / MIB:.1f} MiB"),
            ("after they left", f"+{(after - before) / MIB:.1f} MiB"),
        ]

    async def cycles(self, count: int) -> list[Row]:
        before = self.memory()
        await self.cycle(count // 2)
        half = self.memory()
        await self.cycle(count - count // 2)
        return [
            (f"first {count // 2:,} connects and closes", f"{(half - before) / MIB:+.1f} MiB"),
            ("as many again", f"{(self.memory() - half) / MIB:+.1f} MiB"),
        ]

    async def slow_reader(self, pings: int) -> list[Row]:
        """A client that asks and never reads what it is answered."""
        before = highest = self.memory()
        sent = 0
        async with AsyncExitStack() as stack:
            socket = await self._greeted(stack)
            socket.transport.pause_reading()
            try:
                async with asyncio.timeout(60):
                    for sent in range(1, pings + 1):
                        await socket.send('{"type":"ping"}')
                        highest = max(highest, self.memory()) if sent % 500 == 0 else highest
            except (ConnectionClosed, TimeoutError):
                # Let go, or still held after a minute: what was sent until then is the figure.
                pass
        return [
            ("pings of a client that reads nothing, until it was let go", f"{sent:,}"),
            ("most memory meanwhile", f"{(highest - before) / MIB:+.1f} MiB"),
        ]

    def memory(self) -> int:
        return int(self._process.memory_info().rss)

    async def cycle(self, count: int) -> None:
        async def come_and_go() -> None:
            async with AsyncExitStack() as stack:
                await self._greeted(stack)

        await self._many(count, come_and_go)

    async def hold(self, count: int) -> int:
        """The memory while so many greeted sockets are open."""
        async with AsyncExitStack() as stack:
            await self._many(count, lambda: self._greeted(stack))
            return self.memory()

    async def _many(self, count: int, work: Callable[[], Awaitable[object]]) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one() -> None:
            async with gate:
                await work()

        await asyncio.gather(*(one() for _ in range(count)))

    async def _greeted(self, stack: AsyncExitStack) -> ClientConnection:
        """A socket that has had its `ready`; on a busy machine a greeting can come too late."""
        hello = json.dumps({"type": "hello", "token": await self._token()})
        while True:
            socket = await self._opened(stack)
            try:
                await socket.send(hello)
                while json.loads(await socket.recv())["type"] != "ready":
                    continue
            except ConnectionClosed:
                continue
            return socket

    async def _opened(self, stack: AsyncExitStack) -> ClientConnection:
        return await stack.enter_async_context(
            connect(
                self._url.replace("http", "ws", 1) + "/ws/v1/chat",
                origin=Origin(self._origin),
                subprotocols=[Subprotocol("chat.v1")],
                compression=None,
                open_timeout=60,
                ping_interval=None,
            )
        )

    async def _token(self) -> str:
        """Of a session that some sockets share: what is weighed are sockets."""
        if not self._tokens:
            self._tokens = [await self._new_token()] * AT_ONCE
        return self._tokens.pop()

    async def _new_token(self) -> str:
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.post(
                f"{self._url}/api/v1/token",
                json={"site": self._key},
                headers={"Origin": self._origin},
            )
        return str(answer.json()["token"])


if __name__ == "__main__":
    sys.exit(main())
