"""The visitors' doors: token, JSON, event streams and the socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import connect
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
    caller, customer = visit.caller, visit.caller.customer
    heard = bytearray()
    address = caller.gateway.replace("http", "ws", 1) + "/ws/v1/chat"
    try:
        async with connect(
            address,
            origin=Origin(customer.origin),
            subprotocols=[Subprotocol("chat.v1")],
            open_timeout=SECONDS,
            close_timeout=1,
            compression=None,
        ) as socket:
            await socket.send(json.dumps({"type": "hello", "token": visit.token}))
            for line in lines_of(caller):
                client_id = str(uuid4())
                frame = {"type": "message", "client_id": client_id, "text": line}
                await socket.send(json.dumps(frame))
                async with asyncio.timeout(SECONDS):
                    heard += await _answer_to(socket, client_id)
                yield Answer("socket", customer.slug, 200, bytes(heard))
                heard.clear()
    except (OSError, WebSocketException, TimeoutError):
        yield Answer("socket", customer.slug, 200 if heard else 0, bytes(heard))


async def _answer_to(socket: Any, client_id: str) -> bytes:
    heard = bytearray()
    while True:
        frame = await socket.recv()
        heard += frame.encode()
        said = json.loads(frame)
        is_reply = said["type"] == "message" and said.get("role") == "assistant"
        if (is_reply and said.get("turn") == client_id) or said["type"] == "error":
            return bytes(heard)


async def _post(visit: Visit, door: str, text: str, accept: str) -> Answer:
    body = {"client_id": str(uuid4()), "text": text}
    headers = {**visit.headers, "Accept": accept}
    return await visit.caller.ask(door, "POST", "/api/v1/chat", json=body, headers=headers)
