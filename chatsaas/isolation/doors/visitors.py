"""The visitors' doors: token, JSON, event streams and the socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from chatsaas.isolation.doors.caller import SECONDS, Caller, head_of
from chatsaas.isolation.office import UNANSWERED, Answer
from chatsaas.terminal.chat_socket import open_chat

QUIET_SECONDS = 1.0
CHAT, TOKEN = "/api/v1/chat", "/api/v1/token"


@dataclass(frozen=True)
class Visit:
    """One visitor who was let in."""

    caller: Caller
    session: str
    token: str

    @property
    def slug(self) -> str:
        return self.caller.customer.slug

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Origin": self.caller.customer.origin}


def _lines(visit: Visit) -> list[str]:
    """What a visitor says; every line carries the tenant's word."""
    caller = visit.caller
    word, number = caller.customer.word, caller.random.randrange(10**6)
    return [
        f"My name is {word.title()} {word.title()}",
        f"{word}{number}@{word}.example",
        f"Tell {word} that the roof leaks, and {word} must come",
    ]


async def arrive(caller: Caller) -> tuple[Answer, Visit | None]:
    customer = caller.customer
    answer = await caller.ask(
        "token",
        "POST",
        TOKEN,
        json={"site": customer.site_key},
        headers={"Origin": customer.origin},
    )
    if answer.status != httpx.codes.OK:
        return answer, None
    grant = json.loads(answer.output.partition(b"\n\n")[2])
    return answer, Visit(caller, grant["session"], grant["token"])


async def talk_by_json(visit: Visit) -> list[Answer]:
    """With a second tab that listens to the stream of events meanwhile."""
    async with asyncio.TaskGroup() as group:
        tab = group.create_task(follow(visit))
        said = [await _post(visit, "chat", line, "application/json") for line in _lines(visit)]
    return [*said, tab.result()]


async def talk_by_stream(visit: Visit) -> list[Answer]:
    return [
        await _post(visit, "chat as a stream", line, "text/event-stream") for line in _lines(visit)
    ]


async def talk_by_socket(visit: Visit) -> list[Answer]:
    owner, heard, said = visit.caller.customer.slug, bytearray(), list[Answer]()
    try:
        async with _socket(visit, visit.caller.customer.origin) as socket:
            for line in _lines(visit):
                await _say(socket, line, heard)
                said.append(Answer("socket", owner, 200, bytes(heard)))
                heard.clear()
    except (OSError, WebSocketException, TimeoutError):
        said.append(Answer("socket", owner, 200 if heard else UNANSWERED, bytes(heard)))
    return said


async def close(visit: Visit) -> Answer:
    path = f"/api/v1/sessions/{visit.session}/close"
    return await visit.caller.ask("close", "POST", path, headers=visit.headers)


async def follow(visit: Visit, session: str = "", door: str = "events") -> Answer:
    """What an event stream says until it is quiet; `session` may be somebody else's."""
    read, status = bytearray(), UNANSWERED
    try:
        async with _stream(visit, f"/api/v1/sessions/{session or visit.session}/events") as answer:
            status = answer.status_code
            read += head_of(answer)
            async for piece in answer.aiter_bytes():
                read += piece
    except httpx.RequestError:
        # The stream of a live session ends only when its reader leaves.
        pass
    return Answer(door, visit.slug, status, bytes(read))


async def stumble(caller: Caller) -> AsyncIterator[Answer]:
    """What is refused, and what a browser asks first: these answers are searched too."""
    word, origin = caller.customer.word, {"Origin": caller.customer.origin}
    broken: dict[str, Any] = {"site": caller.customer.site_key, "identity": word, word: word}
    yield await caller.ask("refused form", "POST", TOKEN, json=broken, headers=origin)
    forged = {"Authorization": f"Bearer {word}.{word}.{word}", **origin}
    body = {"client_id": word, "text": word}
    yield await caller.ask("refused token", "POST", CHAT, json=body, headers=forged)
    asks = {**origin, "Access-Control-Request-Method": "POST"}
    yield await caller.ask("preflight", "OPTIONS", CHAT, headers=asks)
    yield await caller.ask("unknown address", "GET", f"/api/v1/{word}", headers=origin)
    here = {"Host": caller.customer.host}
    yield await caller.ask("unknown page", "GET", f"/{word}/", headers=here)


async def greet(visit: Visit, origin: str, door: str) -> Answer:
    """A socket from a page of this origin: 200 when it is let in, 403 when it is not."""
    owner = visit.caller.customer.slug
    try:
        async with _socket(visit, origin) as socket, asyncio.timeout(SECONDS):
            first = _bytes(await socket.recv())
    except WebSocketException as refused:
        # Refused at the handshake, or closed with a reason.
        return Answer(door, owner, 403, str(refused).encode())
    except (OSError, TimeoutError):
        return Answer(door, owner, UNANSWERED, b"")
    return Answer(door, owner, 200 if json.loads(first)["type"] == "ready" else 403, first)


@asynccontextmanager
async def _stream(visit: Visit, path: str) -> AsyncIterator[httpx.Response]:
    """Breaks off when nothing was said for a while."""
    timeout = httpx.Timeout(SECONDS, read=QUIET_SECONDS)
    with visit.caller.gateway() as gateway:
        asking = visit.caller.client.stream(
            "GET", f"{gateway}{path}", headers=visit.headers, timeout=timeout
        )
        async with asking as answer:
            yield answer


@asynccontextmanager
async def _socket(visit: Visit, origin: str) -> AsyncIterator[ClientConnection]:
    with visit.caller.gateway() as gateway:
        async with open_chat(gateway, origin, open_timeout=SECONDS) as socket:
            await socket.send(json.dumps({"type": "hello", "token": visit.token}))
            yield socket


async def _say(socket: ClientConnection, text: str, heard: bytearray) -> None:
    """All that is heard until the answer."""
    client_id = str(uuid4())
    await socket.send(json.dumps({"type": "message", "client_id": client_id, "text": text}))
    async with asyncio.timeout(SECONDS):
        while True:
            frame = await socket.recv()
            heard += _bytes(frame)
            said = json.loads(frame)
            is_reply = said["type"] == "message" and said.get("role") == "assistant"
            if (is_reply and said.get("turn") == client_id) or said["type"] == "error":
                return


def _bytes(frame: str | bytes) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()


async def _post(visit: Visit, door: str, text: str, accept: str) -> Answer:
    body = {"client_id": str(uuid4()), "text": text}
    headers = {**visit.headers, "Accept": accept}
    return await visit.caller.ask(door, "POST", CHAT, json=body, headers=headers)
