"""A JSON request to a model's endpoint, bounded in time and in bytes, whatever comes back."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import orjson

from ai_bridge.outbound import OutboundRefused
from ai_bridge.runner.model.trouble import Rejected, Trouble

MAX_REPLY = 256 * 1024
MAX_REFUSAL = 4_000
CONNECT_SECONDS = 3.0
# What it was that went wrong, by the status; 400, 415, 422 and 501 mean: ask in another form.
_BY_STATUS = {
    401: "unauthorised",
    402: "rate_limited",
    403: "unauthorised",
    404: "not_found",
    408: "server_error",
    429: "rate_limited",
}
_OTHER_FORM = (400, 415, 422, 501)


async def post_json(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], body: Any, end: float
) -> Any:
    """The answer's JSON. Raises Trouble or Rejected; never later than `end` of the loop's clock."""
    try:
        async with asyncio.timeout_at(end):
            status, retry_after, answer = await _exchange(client, url, headers, body)
    except TimeoutError as error:
        raise Trouble("timeout") from error
    except OutboundRefused as error:
        raise Trouble("address_refused") from error
    except httpx.InvalidURL as error:
        raise Trouble("connect") from error
    except httpx.HTTPError as error:
        is_begun = isinstance(error, httpx.ReadError | httpx.RemoteProtocolError)
        raise Trouble("cut_off" if is_begun else "connect") from error
    if status == httpx.codes.OK:
        return _json(answer)
    raise _refusal(status, retry_after, answer)


async def _exchange(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], body: Any
) -> tuple[int, str, bytes]:
    timeout = httpx.Timeout(None, connect=CONNECT_SECONDS)
    sent = {
        **headers,
        "content-type": "application/json",
        # Unpacking is where a small answer becomes a huge one.
        "accept-encoding": "identity",
    }
    async with client.stream(
        "POST", url, headers=sent, content=orjson.dumps(body), timeout=timeout
    ) as response:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise Trouble("not_an_answer")
        parts, size = [], 0
        async for part in response.aiter_raw():
            size += len(part)
            if size > MAX_REPLY:
                raise Trouble("too_large")
            parts.append(part)
    return response.status_code, response.headers.get("retry-after", ""), b"".join(parts)


def _json(answer: bytes) -> Any:
    try:
        return orjson.loads(answer)
    except orjson.JSONDecodeError as error:
        raise Trouble("not_an_answer") from error


def _refusal(status: int, retry_after: str, answer: bytes) -> Trouble | Rejected:
    if status in _OTHER_FORM:
        return Rejected(answer[:MAX_REFUSAL].decode(errors="replace"))
    if code := _BY_STATUS.get(status):
        return Trouble(code, retry_after=_seconds(retry_after))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return Trouble("server_error", retry_after=_seconds(retry_after))
    # Redirects too: an address that was checked must not hand us on to one that was not.
    return Trouble("not_an_answer" if status < httpx.codes.BAD_REQUEST else "refused")


def _seconds(retry_after: str) -> float | None:
    """The header in seconds or as a date; None when it says nothing usable."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
