"""What every client shares: addresses, the HTTP client, the history, the pace and the seed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

from chatsaas.chaos.history import History
from chatsaas.chaos.pace import Pace

ORIGIN = "https://www.visitors.example"
ANSWER_SECONDS = 12.0


@dataclass(frozen=True)
class Site:
    """One tenant as its visitors see it; `model_key` is of the website that has a model."""

    tenant: str
    schema: str
    key: str
    model_key: str
    canary: str


@dataclass(frozen=True)
class World:
    """`gateway` is host and port of the proxy before the gateways.

    `patience` in seconds: a message that is not answered for so long is given up for lost.
    """

    gateway: str
    http: httpx.AsyncClient
    history: History
    pace: Pace
    random: Random
    sites: Mapping[str, Site]
    patience: float
    longest_pause: float = 1.0

    async def breathe(self) -> None:
        """The jitter before another try."""
        await asyncio.sleep(self.random.uniform(0.05, self.longest_pause))

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response | None:
        """The answer, or None when there was none."""
        try:
            return await self.http.request(method, f"http://{self.gateway}{path}", **options)
        except (httpx.TransportError, OSError):
            return None


def open_http() -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
    return httpx.AsyncClient(
        timeout=ANSWER_SECONDS, limits=limits, trust_env=False, headers={"Origin": ORIGIN}
    )
