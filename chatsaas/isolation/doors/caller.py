"""One HTTP request, whatever becomes of it, as an answer that can be searched."""

from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

from chatsaas.isolation.customers import Customer
from chatsaas.isolation.office import UNANSWERED, Answer

SECONDS = 30.0


@dataclass
class Caller:
    """What one tenant's people use. `client` keeps their cookies; it is nobody else's."""

    customer: Customer
    gateways: tuple[str, ...]
    random: Random
    client: httpx.AsyncClient

    @property
    def gateway(self) -> str:
        return self.random.choice(self.gateways)

    async def ask(self, door: str, method: str, path: str, **options: Any) -> Answer:
        """The whole answer, or `UNANSWERED` when the server was cut off under it."""
        try:
            answer = await self.client.request(
                method, f"{self.gateway}{path}", timeout=SECONDS, **options
            )
        except httpx.TransportError:
            return self.unanswered(door)
        return self.answered(door, answer)

    def unanswered(self, door: str) -> Answer:
        return Answer(door, self.customer.slug, UNANSWERED, b"")

    def answered(self, door: str, answer: httpx.Response) -> Answer:
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        output = head.encode() + b"\n" + answer.content
        return Answer(door, self.customer.slug, answer.status_code, output, answer.url.path)
