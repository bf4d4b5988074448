"""The visitors' doors: token, JSON, event streams and the socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

from chatsaas.isolation.doors.caller import SECONDS, Caller
from chatsaas.isolation.office import Answer

QUIET_SECONDS = 1.0


@dataclass(frozen=True)
class Visit:
    """One visitor who was let in."""

    caller: Caller
    session: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Origin": self.caller.customer.origin}


def lines_of(caller: Caller) -> list[str]:
    """What a visitor says; every line carries the tenant's word."""
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
        "/api/v1/token",
        json={"site": customer.site_key},
        headers={"Origin": customer.origin},
    )
    if answer.status != httpx.codes.OK:
        return answer, None
    grant = json.loads(answer.output[answer.output.index(b"\n{") :])
    return answer, Visit(caller, grant["session"], grant["token"])


async def talk_by_json(visit: Visit) -> AsyncIterator[Answer]:
    for line in lines_of(visit.caller):
        yield await _post(visit, "chat", line, "application/json")


async def talk_by_stream(visit: Visit) -> AsyncIterator[Answer]:
    for line in lines_of(visit.caller):
        yield await _post(visit, "chat as a stream", line, "text/event-stream")
    yield await follow(visit)


async def follow(visit: Visit, session: str = "", door: str = "events") -> Answer:
    """What an event stream says until it is quiet; `session` may be somebody else's."""
    caller, read = visit.caller, bytearray()
    address = f"{caller.gateway}/api/v1/sessions/{session or visit.session}/events"
    timeout = httpx.Timeout(SECONDS, read=QUIET_SECONDS)
    status = 0
    try:
        async with caller.client.stream(
            "GET", address, headers=visit.headers, timeout=timeout
        ) as answer:
            status = answer.status_code
            read += str(answer.headers.raw).encode()
            async for piece in answer.aiter_bytes():
                read += piece
    except httpx.TransportError:
        # The stream of a live session ends only when its reader leaves.
        pass
    return Answer(door, caller.customer.slug, status, bytes(read))


async def talk_by_socket(visit: Visit) -> AsyncIterator[Answer]:
    owner, heard = visit.caller.customer.slug, bytearray()
    try:
        async with _socket(visit) as socket:
            for line in lines_of(visit.caller):
                heard += await _say(socket, line)
                yield Answer("socket", owner, 200, bytes(heard))
                heard.clear()
    except (OSError, WebSocketException, TimeoutError):
        yield Answer("socket", owner, 200 if heard else 0, bytes(heard))


@asynccontextmanager
async def _socket(visit: Visit) -> AsyncIterator[ClientConnection]:
    async with connect(
        visit.caller.gateway.replace("http", "ws", 1) + "/ws/v1/chat",
        origin=Origin(visit.caller.customer.origin),
        subprotocols=[Subprotocol("chat.v1")],
        open_timeout=SECONDS,
        close_timeout=1,
        compression=None,
    ) as socket:
        await socket.send(json.dumps({"type": "hello", "token": visit.token}))
        yield socket


async def _say(socket: ClientConnection, text: str) -> bytes:
    """All that is heard until the answer."""
    client_id = str(uuid4())
    await socket.send(json.dumps({"type": "message", "client_id": client_id, "text": text}))
    async with asyncio.timeout(SECONDS):
        return await _answer_to(socket, client_id)


async def _answer_to(socket: ClientConnection, client_id: str) -> bytes:
    heard = bytearray()
    while True:
        frame = await socket.recv()
        heard += frame if isinstance(frame, bytes) else frame.encode()
        said = json.loads(frame)
        is_reply = said["type"] == "message" and said.get("role") == "assistant"
        if (is_reply and said.get("turn") == client_id) or said["type"] == "error":
            return bytes(heard)


async def _post(visit: Visit, door: str, text: str, accept: str) -> Answer:
    body = {"client_id": str(uuid4()), "text": text}
    headers = {**visit.headers, "Accept": accept}
    return await visit.caller.ask(door, "POST", "/api/v1/chat", json=body, headers=headers)
