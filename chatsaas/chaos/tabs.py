"""A tab that follows its session: over the socket, or over the stream of events.

It comes back with its cursor whenever its connection breaks, and never shows a thing twice.
"""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from chatsaas.chaos.visitor import Frame, Visitor
from chatsaas.chaos.world import ORIGIN
from chatsaas.terminal.chat_socket import open_chat

OPEN_SECONDS, PING_SECONDS, PONG_SECONDS, QUIET_SECONDS = 8.0, 3.0, 4.0, 15.0
TOKEN_CODE = 4401


class Tab(ABC):
    """`cursor` is the number of the last event; what came is in the history."""

    def __init__(self, visitor: Visitor, number: int) -> None:
        self.visitor, self.number = visitor, number
        self.cursor = 0
        self.connected = asyncio.Event()
        self._moved = asyncio.Condition()
        self._listening: asyncio.Task[None] | None = None

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            self._listening = asyncio.create_task(self._listen())
            try:
                await asyncio.wait([self._listening])
            finally:
                self._listening.cancel()
            self._write_break(self._listening)
            self.connected.clear()
            await self.visitor.world.breathe()

    async def reach(self, seq: int) -> None:
        """Until this event came; a connection over which nothing comes is given up."""
        while self.cursor < seq:
            try:
                async with asyncio.timeout(QUIET_SECONDS), self._moved:
                    await self._moved.wait_for(lambda: self.cursor >= seq)
            except TimeoutError:
                self.drop()

    def drop(self) -> None:
        """Close the connection; `follow` opens another."""
        if self._listening:
            self._listening.cancel()

    @abstractmethod
    async def _listen(self) -> None: ...

    async def _hear(self, frame: Frame) -> None:
        if "seq" in frame and frame["type"] not in ("ready", "ack"):
            await self._hear_event(frame)
        elif frame["type"] == "resync":
            self._write("resync")
            self.cursor = 0

    async def _hear_event(self, frame: Frame) -> None:
        self._write("event", frame=frame)
        self.cursor = max(self.cursor, int(frame["seq"]))
        self.visitor.newest = max(self.visitor.newest, self.cursor)
        is_reply = frame["type"] == "message" and frame["role"] == "assistant"
        if is_reply and frame["turn"] in self.visitor.answered:
            self.visitor.hear_reply(frame["turn"], "event", frame)
        async with self._moved:
            self._moved.notify_all()

    def _write_break(self, ended: asyncio.Task[None]) -> None:
        """What ended a connection; what is no fault of the network is raised."""
        error = None if ended.cancelled() else ended.exception()
        if error is None:
            return
        self._write("broken", why=type(error).__name__)
        if not isinstance(
            error, OSError | TimeoutError | WebSocketException | httpx.TransportError
        ):
            raise error

    def _write(self, op: str, **known: Any) -> None:
        self.visitor.write(op, tab=self.number, **known)


class SocketTab(Tab):
    def __init__(self, visitor: Visitor, number: int) -> None:
        super().__init__(visitor, number)
        self._socket: ClientConnection | None = None
        self.newest = 0

    async def say(self, frame: Frame) -> bool:
        """Whether it left; nothing is known of its arrival."""
        if self._socket is None or not self.connected.is_set():
            return False
        try:
            await self._socket.send(json.dumps(frame))
        except (OSError, WebSocketException):
            return False
        return True

    async def _listen(self) -> None:
        async with open_chat(
            f"http://{self.visitor.world.gateway}",
            ORIGIN,
            open_timeout=OPEN_SECONDS,
            ping_interval=PING_SECONDS,
            ping_timeout=PONG_SECONDS,
        ) as self._socket:
            hello = {"type": "hello", "token": self.visitor.grant["token"], "after": self.cursor}
            await self._socket.send(json.dumps(hello))
            async for text in self._socket:
                await self._take(json.loads(text))
        self._write("closed", code=self._socket.close_code)
        if self._socket.close_code == TOKEN_CODE:
            await self.visitor.arrive()

    async def _take(self, frame: Frame) -> None:
        if frame["type"] == "ready":
            port = self._socket.local_address[1] if self._socket else 0
            self._write("ready", after=self.cursor, seq=frame["seq"], port=port)
            self.newest = int(frame["seq"])
            self.connected.set()
        elif frame["type"] == "ack":
            self.visitor.hear_ack(frame["client_id"], "socket", frame["seq"])
        elif frame["type"] == "error":
            self._write("error", id=frame.get("client_id"), code=frame["code"])
        elif frame["type"] == "token":
            self.visitor.grant["token"] = frame["jwt"]
        await self._hear(frame)


class StreamTab(Tab):
    async def _listen(self) -> None:
        world = self.visitor.world
        path = f"/api/v1/sessions/{self.visitor.session}/events?after={self.cursor}"
        headers = self.visitor.headers | {"Accept": "text/event-stream"}
        async with world.http.stream(
            "GET", f"http://{world.gateway}{path}", headers=headers, timeout=QUIET_SECONDS
        ) as answer:
            if not answer.is_success:
                self._write("broken", why=str(answer.status_code))
                # Before its first message a session has no row to follow; a token may have ended.
                await self.visitor.arrive()
                return
            self.connected.set()
            async for frame in frames_of(answer):
                await self._hear(frame)


async def frames_of(answer: httpx.Response) -> AsyncIterator[Frame]:
    """The frames of a stream of server-sent events."""
    async for line in answer.aiter_lines():
        if line.startswith("data:"):
            yield json.loads(line[5:])
