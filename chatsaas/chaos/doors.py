"""The three ways to say a message. None of them gives up before it is acknowledged and answered."""

import asyncio
from dataclasses import dataclass

import httpx

from chatsaas.chaos.script import Line
from chatsaas.chaos.tabs import SocketTab, frames_of
from chatsaas.chaos.visitor import UNAUTHORISED, Visitor

PATIENCE_SECONDS = 8.0
CHAT = "/api/v1/chat"


@dataclass
class SocketDoor:
    visitor: Visitor
    tab: SocketTab

    async def say(self, line: Line) -> None:
        answered = self.visitor.answered[line.client_id]
        frame = {"type": "message", "client_id": line.client_id, "text": line.text}
        while not answered.is_set():
            await _within(self.tab.connected)
            self.visitor.write("invoke", id=line.client_id, door="socket", tab=self.tab.number)
            if not await self.tab.say(frame):
                self.visitor.write("unknown", id=line.client_id, door="socket")
                await self.visitor.world.breathe()
            elif not await _within(answered):
                self.tab.drop()


@dataclass
class JsonDoor:
    visitor: Visitor

    async def say(self, line: Line) -> None:
        while not await self._try(line):
            await self.visitor.world.breathe()

    async def _try(self, line: Line) -> bool:
        visitor = self.visitor
        visitor.write("invoke", id=line.client_id, door="json")
        body = {"client_id": line.client_id, "text": line.text}
        answer = await visitor.world.ask("POST", CHAT, json=body, headers=visitor.headers)
        if answer is None:
            visitor.write("unknown", id=line.client_id, door="json")
            return False
        if answer.is_success:
            visitor.hear_body(line.client_id, answer.text)
            return True
        code = code_of(answer)
        if code == "turn_pending":
            # It says that the message is stored.
            visitor.hear_ack(line.client_id, "json", None)
        await visitor.refused(line, code, "json")
        return False


@dataclass
class StreamDoor:
    visitor: Visitor

    async def say(self, line: Line) -> None:
        while not self.visitor.answered[line.client_id].is_set():
            try:
                async with asyncio.timeout(PATIENCE_SECONDS * 2):
                    await self._try(line)
            except (httpx.TransportError, OSError, TimeoutError):
                self.visitor.write("unknown", id=line.client_id, door="stream")
            if not self.visitor.answered[line.client_id].is_set():
                await self.visitor.world.breathe()

    async def _try(self, line: Line) -> None:
        visitor, world = self.visitor, self.visitor.world
        visitor.write("invoke", id=line.client_id, door="stream")
        async with world.http.stream(
            "POST",
            f"http://{world.gateway}{CHAT}",
            json={"client_id": line.client_id, "text": line.text},
            headers=visitor.headers | {"Accept": "text/event-stream"},
        ) as answer:
            if not answer.is_success:
                await answer.aread()
                await visitor.refused(line, code_of(answer), "stream")
                return
            async for frame in frames_of(answer):
                if frame["type"] == "ack":
                    visitor.hear_ack(frame["client_id"], "stream", frame["seq"])
                is_reply = frame["type"] == "message" and frame["role"] == "assistant"
                if is_reply and frame["turn"] == line.client_id:
                    visitor.hear_reply(line.client_id, "stream", frame)


Door = SocketDoor | JsonDoor | StreamDoor


def code_of(answer: httpx.Response) -> str:
    if answer.status_code == UNAUTHORISED:
        return "token_refused"
    try:
        return str(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code)


async def _within(event: asyncio.Event) -> bool:
    """Whether it happened while there was patience."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await event.wait()
    except TimeoutError:
        return False
