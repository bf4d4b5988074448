"""The customer's server that webhooks go to: it writes down what it was told, and what it took."""

import asyncio
import contextlib
import json
from asyncio import StreamWriter
from random import Random

from chatsaas.chaos.answering import answer, header, response
from chatsaas.chaos.history import History
from chatsaas.chaos.matrix import NETWORK, RECEIVE
from chatsaas.chaos.nemesis import Nemesis


class Sink:
    """Only the first try of an event is disturbed: the third would come five minutes later."""

    def __init__(self, nemesis: Nemesis, history: History, random: Random) -> None:
        self._nemesis, self._history, self._random = nemesis, history, random
        self._seen: set[str] = set()
        self._taken: set[str] = set()
        self._changed = asyncio.Condition()

    async def receive(self, head: str, body: bytes, writer: StreamWriter) -> None:
        told, number = json.loads(body), header(head, "webhook-id")
        is_first = number not in self._seen
        self._seen.add(number)
        known = {"id": number, "session": told["data"]["session"], "seq": told["data"]["seq"]}
        document = told["data"].get("document")
        self._history.write("webhook", **known, kind=told["type"], document=document)
        fault = self._nemesis.decide(RECEIVE, NETWORK) if is_first else ""
        if await answer(writer, response("204 No Content", b""), fault, self._random):
            self._history.write("taken", **known)
            self._taken.add(number)
            async with self._changed:
                self._changed.notify_all()

    async def hear(self, count: int, patience: float) -> None:
        """Until so many events were taken; the checker counts what never came."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience), self._changed:
                await self._changed.wait_for(lambda: len(self._taken) >= count)
