"""A visitor's browser that does not give up: the same message under the same id, until answered."""

import time
from typing import Any
from uuid import uuid4

import httpx

from tests.gateway.visitor import Visitor

PATIENCE_SECONDS = 90.0
RETRY_SECONDS = 0.2


def say_until_answered(
    visitor: Visitor, text: str, *, client_id: str = "", urls: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The JSON answer. Tries the gateways in turn; the visitor's own when none are named."""
    used, end = client_id or str(uuid4()), time.monotonic() + PATIENCE_SECONDS
    tries = 0
    while time.monotonic() < end:
        url = urls[tries % len(urls)] if urls else visitor.url
        tries += 1
        answer = _try(visitor, url, text, used)
        if answer is not None:
            return answer
        time.sleep(RETRY_SECONDS)
    raise AssertionError(f"{text!r} was not answered within {PATIENCE_SECONDS:.0f} s")


def _try(visitor: Visitor, url: str, text: str, client_id: str) -> dict[str, Any] | None:
    try:
        answer = httpx.post(
            f"{url}/api/v1/chat",
            json={"client_id": client_id, "text": text},
            headers=visitor.headers(),
            timeout=8,
        )
    except httpx.TransportError:
        return None
    if answer.status_code >= 500:
        return None
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body
