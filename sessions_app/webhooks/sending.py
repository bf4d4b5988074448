"""One try: signed, to a public address alone, within a fixed time, with a bounded answer."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

import httpx
from django.conf import settings
from standardwebhooks import Webhook as Signature

from ai_bridge.outbound import OutboundPolicy, OutboundRefused, PinnedTransport
from sessions_app.models import Attempt

TOTAL_SECONDS = 15.0
KEPT_ANSWER = 4096
BROKE_OFF = "The endpoint ended the connection without an answer."
Outcome = Attempt.Outcome


@dataclass(frozen=True)
class Parcel:
    """The right to try one delivery once, with everything that takes.

    `attempt` is the claim's number; what is recorded under an older one is refused.
    """

    delivery_id: UUID
    webhook_id: UUID
    attempt: int
    failures: int
    event_id: str
    url: str
    secrets: Sequence[str]
    body: str


@dataclass(frozen=True)
class Sent:
    """How a try ended. `answer` is the beginning of the endpoint's body."""

    outcome: Attempt.Outcome
    latency_ms: int
    detail: str = ""
    status_code: int | None = None
    answer: str = ""

    @property
    def is_delivered(self) -> bool:
        return self.outcome == Outcome.DELIVERED

    @property
    def is_gone(self) -> bool:
        """The endpoint asks never to be called again."""
        return self.status_code == HTTPStatus.GONE


def outbound_policy() -> OutboundPolicy:
    return OutboundPolicy(settings.OUTBOUND_ALLOWED_HOSTS)


@asynccontextmanager
async def webhook_client() -> AsyncIterator[httpx.AsyncClient]:
    transport = PinnedTransport(outbound_policy())
    async with httpx.AsyncClient(
        transport=transport, trust_env=False, follow_redirects=False, timeout=TOTAL_SECONDS
    ) as client:
        yield client


async def send(client: httpx.AsyncClient, parcel: Parcel) -> Sent:
    """Never raises for what the endpoint does or is."""
    began = time.monotonic()
    status, detail, answer = None, "", ""
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            status, answer = await _post(client, parcel)
        outcome, detail = _judged(status)
    except (TimeoutError, httpx.TimeoutException):
        outcome, detail = Outcome.TIMEOUT, f"No answer within {TOTAL_SECONDS:.0f} seconds."
    except (OutboundRefused, httpx.InvalidURL) as refused:
        outcome, detail = Outcome.FORBIDDEN, str(refused)
    except httpx.HTTPError as error:
        outcome, detail = Outcome.UNREACHABLE, str(error) or BROKE_OFF
    spent = round((time.monotonic() - began) * 1000)
    return Sent(outcome, spent, detail[:300], status, answer)


async def _post(client: httpx.AsyncClient, parcel: Parcel) -> tuple[int, str]:
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "chatsaas-webhooks/1",
        # What is not decoded cannot grow.
        "Accept-Encoding": "identity",
        **signed_headers(parcel),
    }
    async with client.stream(
        "POST", parcel.url, content=parcel.body.encode(), headers=headers
    ) as response:
        return response.status_code, await _beginning(response)


def signed_headers(parcel: Parcel) -> dict[str, str]:
    """As Standard Webhooks asks; during a rotation one signature by each secret."""
    moment = datetime.now(UTC)
    signatures = (
        Signature(secret).sign(parcel.event_id, moment, parcel.body) for secret in parcel.secrets
    )
    return {
        "webhook-id": parcel.event_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


async def _beginning(response: httpx.Response) -> str:
    kept = bytearray()
    async for piece in response.aiter_raw():
        kept += piece
        if len(kept) >= KEPT_ANSWER:
            break
    return kept[:KEPT_ANSWER].decode(errors="replace").replace("\0", "\ufffd")


def _judged(status: int) -> tuple[Attempt.Outcome, str]:
    if 200 <= status < 300:
        return Outcome.DELIVERED, ""
    if status == HTTPStatus.GONE:
        return Outcome.ANSWERED, "410 Gone: the endpoint is switched off and not called again."
    if 300 <= status < 400:
        return Outcome.ANSWERED, "A redirect is not followed. Enter the final address."
    return Outcome.ANSWERED, f"Answered {status}; only 2xx counts as received."
