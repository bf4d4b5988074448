"""One HTTP request, whatever becomes of it, as an answer that can be searched."""

import asyncio
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

from chatsaas.isolation.customers import Customer
from chatsaas.isolation.doors.balance import Balance
from chatsaas.isolation.office import UNANSWERED, Answer

SECONDS = 30.0
HANG_UP = "client hangs up"
# So many of a thousand requests are given up while they are being answered, after so long.
HANGING_UP, HANG_UP_SECONDS = 10, (0.001, 0.08)
# After a server that was not there.
PAUSE_SECONDS = 0.3
PRIVATE = ("no-store", "private")


@dataclass
class Caller:
    """What one tenant's people use. `client` keeps their cookies; it is nobody else's.

    The connections below it are everybody's, as they are behind a reverse proxy.
    """

    customer: Customer
    balance: Balance
    random: Random
    client: httpx.AsyncClient
    faults: Counter[str]
    hangs_up: bool

    def gateway(self) -> AbstractContextManager[str]:
        """The address of one, while it is asked."""
        return self.balance.gateway(self.random)

    async def ask(self, door: str, method: str, path: str, **options: Any) -> Answer:
        """The whole answer, or `UNANSWERED` when the server, or the client, was cut off."""
        seconds = SECONDS
        if self.hangs_up and self.random.randrange(1000) < HANGING_UP:
            seconds = self.random.uniform(*HANG_UP_SECONDS)
        try:
            with self.gateway() as gateway:
                async with asyncio.timeout(seconds):
                    answer = await self.client.request(
                        method, f"{gateway}{path}", timeout=SECONDS, **options
                    )
        except (httpx.RequestError, TimeoutError):
            if seconds < SECONDS:
                self.faults[HANG_UP] += 1
            else:
                await asyncio.sleep(PAUSE_SECONDS)
            return self.unanswered(door)
        return self.answered(door, answer)

    def unanswered(self, door: str) -> Answer:
        return Answer(door, self.customer.slug, UNANSWERED, b"")

    def answered(self, door: str, answer: httpx.Response) -> Answer:
        output = head_of(answer) + answer.content
        path, is_shared = answer.url.path, is_shared_by_caches(answer)
        return Answer(door, self.customer.slug, answer.status_code, output, path, is_shared)


def head_of(answer: httpx.Response) -> bytes:
    lines = (name + b": " + value + b"\n" for name, value in answer.headers.raw)
    return b"".join(lines) + b"\n"


def is_shared_by_caches(answer: httpx.Response) -> bool:
    """By the rules of HTTP: what was asked for with credentials is kept only if it says so."""
    control = answer.headers.get("Cache-Control", "").lower()
    if answer.request.method != "GET" or any(word in control for word in PRIVATE):
        return False
    if "Authorization" in answer.request.headers:
        return any(word in control for word in ("public", "s-maxage", "must-revalidate"))
    return True
