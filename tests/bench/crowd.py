"""Sockets in great numbers: greeted, held, closed, and back again as the widget does it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from random import uniform

import httpx
import psutil
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, WebSocketException

from chatsaas.terminal.chat_socket import open_chat

MIB = 1024 * 1024
AT_ONCE = 20
# Each address has 28,000 ports, and one that was used stays taken for a minute.
ADDRESSES = [f"127.0.0.{number}" for number in range(1, 9)]
# Tabs that share a session: what is weighed are sockets.
SHARED = 20
# Of a socket that is not let in: a measurement of a slow machine is one too.
PATIENCE = 300.0
# 4401 also says that `hello` came too late, as it does on a machine that is too busy.
PASSING = (1006, 1012, 1013, 4401)
LOST = 1006
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0


class CrowdFailed(Exception):
    """A socket was not let in, and for no reason that trying again mends."""


@dataclass
class Held:
    """A greeted socket. `after` is the number of the last event of its session."""

    token: str
    socket: ClientConnection
    after: int


def widget_wait(failures: int) -> float:
    """Seconds, as `backoff.ts` has them."""
    ceiling = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures, 10))
    return ceiling * uniform(0.5, 1.0)


class Crowd:
    """Visitors of one website at one gateway, whose process they weigh upon.

    `greeted` holds when each `ready` came, and `told` is called for each; `refused` counts tries
    that came to nothing.
    """

    def __init__(self, url: str, key: str, origin: str, process: psutil.Process) -> None:
        self._url, self._key, self._origin, self._process = url, key, origin, process
        self._addresses: Iterator[str] = cycle(ADDRESSES)
        self._tokens: list[str] = []
        self._asking = asyncio.Lock()
        self.greeted: list[float] = []
        self.refused = 0
        self.told: Callable[[], object] = lambda: None

    def memory(self) -> int:
        return int(self._process.memory_info().rss)

    async def cycle(self, count: int) -> None:
        """So many connect, are greeted and close."""

        async def come_and_go() -> None:
            await (await self.greet()).socket.close()

        await many(count, come_and_go)

    async def hold(self, count: int) -> int:
        """The memory while so many greeted sockets are open."""
        async with self.gathered(count):
            return self.memory()

    @asynccontextmanager
    async def gathered(self, count: int) -> AsyncIterator[list[Held]]:
        """So many greeted sockets, open inside."""
        held: list[Held] = []

        async def come() -> None:
            held.append(await self.greet())

        try:
            await many(count, come)
            yield held
        finally:
            await close_all(held)

    async def greet(self, token: str = "", after: int = 0) -> Held:
        """A socket that has had its `ready`, tried for as the widget would.

        Raises CrowdFailed when the gateway refuses it, and TimeoutError after five minutes.
        """
        used = token or await self._token()
        failures = 0
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return await self._greeted(used, after)
                except ConnectionClosed as error:
                    code = error.rcvd.code if error.rcvd else LOST
                    if code not in PASSING:
                        raise CrowdFailed(f"The gateway closed a socket with {code}.") from error
                except (OSError, WebSocketException):
                    # Nobody listens, or the handshake broke off.
                    pass
                failures += 1
                self.refused += 1
                await asyncio.sleep(widget_wait(failures))

    async def _greeted(self, token: str, after: int) -> Held:
        socket = await open_chat(
            self._url,
            self._origin,
            open_timeout=PATIENCE,
            ping_interval=None,
            local_addr=(next(self._addresses), 0),
        )
        try:
            await socket.send(json.dumps({"type": "hello", "token": token, "after": after}))
            while (frame := json.loads(await socket.recv()))["type"] != "ready":
                continue
        except BaseException:
            socket.transport.abort()
            raise
        self.greeted.append(time.monotonic())
        self.told()
        return Held(token, socket, int(frame["seq"]))

    async def _token(self) -> str:
        async with self._asking:
            if not self._tokens:
                self._tokens = [await self.new_token()] * SHARED
            return self._tokens.pop()

    async def new_token(self) -> str:
        """Of a new session."""
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            answer = await client.post(
                f"{self._url}/api/v1/token",
                json={"site": self._key},
                headers={"Origin": self._origin},
            )
        answer.raise_for_status()
        return str(answer.json()["token"])


async def many(count: int, work: Callable[[], Awaitable[object]]) -> None:
    """So often, AT_ONCE at a time; the first that fails ends all of them."""
    left = iter(range(count))

    async def worker() -> None:
        for _ in left:
            await work()

    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, count)):
            group.create_task(worker())


async def close_all(held: list[Held]) -> None:
    left = iter(held)

    async def close() -> None:
        await next(left).socket.close()

    await many(len(held), close)
