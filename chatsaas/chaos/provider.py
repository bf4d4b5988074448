"""A model's endpoint that speaks OpenAI's chat completions, until the nemesis wants otherwise.

It never finds anything: what visitors state is read by rules, and whatever is said here may not
change a field.
"""

import asyncio
import json
from asyncio import StreamWriter
from collections.abc import Awaitable, Callable
from random import Random

from chatsaas.chaos.answering import answer, response
from chatsaas.chaos.completions import Json, completion, unfounded
from chatsaas.chaos.matrix import (
    ASK_MODEL,
    BROKEN,
    CUT_SHORT,
    DRIBBLE,
    GARBAGE,
    LIMITED,
    NETWORK,
    PROVIDER,
)
from chatsaas.chaos.nemesis import Nemesis
from chatsaas.chaos.proxy import reset

DRIBBLE_SECONDS, DRIBBLES = 0.5, 40
SOUND: Json = {"operations": [], "lead": "Lovely, thank you."}


class Provider:
    def __init__(self, nemesis: Nemesis, random: Random) -> None:
        self._nemesis, self._random = nemesis, random

    async def receive(self, head: str, body: bytes, writer: StreamWriter) -> None:
        asked = json.loads(body)
        fault = self._nemesis.decide(ASK_MODEL, (*PROVIDER, *NETWORK))
        if fault in FAULTS:
            await FAULTS[fault](asked, writer, self._random)
        else:
            await answer(writer, _said(asked, json.dumps(SOUND)), fault, self._random)


def _said(asked: Json, text: str) -> bytes:
    return response("200 OK", json.dumps(completion(asked, text)).encode())


async def _limit(asked: Json, writer: StreamWriter, random: Random) -> None:
    writer.write(
        response("429 Too Many Requests", b"{}", f"Retry-After: {random.choice((0, 600))}")
    )


async def _break(asked: Json, writer: StreamWriter, random: Random) -> None:
    status = random.choice(("500 Internal Server Error", "502 Bad Gateway", "529 Overloaded"))
    writer.write(response(status, b"Oops"))


async def _babble(asked: Json, writer: StreamWriter, random: Random) -> None:
    data = json.loads(next(one["content"] for one in asked["messages"] if one["role"] == "user"))
    texts = ("I would say {maybe", '{"name": "Ann"}', "\u0000", json.dumps(unfounded(data)))
    writer.write(_said(asked, random.choice(texts)))


async def _dribble(asked: Json, writer: StreamWriter, random: Random) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(DRIBBLES):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(DRIBBLE_SECONDS)


async def _cut_short(asked: Json, writer: StreamWriter, random: Random) -> None:
    whole = _said(asked, json.dumps(SOUND))
    writer.write(whole[: random.randint(1, len(whole) - 1)])
    await writer.drain()
    reset(writer.transport)


FAULTS: dict[str, Callable[[Json, StreamWriter, Random], Awaitable[None]]] = {
    LIMITED: _limit,
    BROKEN: _break,
    GARBAGE: _babble,
    DRIBBLE: _dribble,
    CUT_SHORT: _cut_short,
}
