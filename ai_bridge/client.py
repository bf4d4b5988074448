"""How the gateway reaches the runner: one protocol; HTTP here, in process in `runner.local`."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from ai_bridge.contract import (
    TURN_EVENT,
    CheckpointSummary,
    CloseReason,
    CloseRequest,
    Delta,
    Done,
    Failed,
    ModelCheck,
    OperationEvent,
    Provider,
    TurnRequest,
)
from ai_bridge.errors import RUNNER_ERRORS, RunnerError, RunnerUnavailable
from ai_bridge.outbound.trust import authorities

# What the network may add to the turn's own deadline before the runner counts as gone.
_GRACE_SECONDS = 2.0
_CONNECT_SECONDS = 2.0
# Close, history and delete are one statement each.
_SHORT = httpx.Timeout(10.0, connect=_CONNECT_SECONDS)
_SUMMARIES = TypeAdapter(tuple[CheckpointSummary, ...])

RunnerEvent = Delta | OperationEvent | Done


class RunnerClient(Protocol):
    """Every method raises one of the errors in RUNNER_ERRORS and no other.

    All calls are safe to repeat.
    """

    def turn(self, request: TurnRequest) -> AsyncGenerator[RunnerEvent, None]:
        """Deltas and operations as they come, and at the end exactly one committed `done`."""

    async def close(self, thread_id: str, reason: CloseReason) -> None:
        """No further turn is taken on this thread. An unknown thread is closed already."""

    async def history(self, thread_id: str) -> tuple[CheckpointSummary, ...]:
        """Committed states, oldest first; empty for an unknown thread."""

    async def delete(self, thread_id: str) -> None:
        """Erases all that the runner keeps about the thread."""

    async def check_model(self, provider: Provider) -> ModelCheck:
        """Whether the provider answers as turns need it. Not safe to repeat for free: it asks."""

    async def aclose(self) -> None:
        """Lets go of connections. Nothing may be called after it."""


class HttpRunner:
    """For one event loop: make one for each loop that drives turns."""

    def __init__(
        self, base_url: str, token: str, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
            timeout=_SHORT,
            transport=transport,
            # Otherwise each sweep of a worker, which has a loop of its own, would read them anew.
            verify=authorities(),
            # The runner is on loopback or a private network: no proxy of the machine is meant.
            trust_env=False,
        )

    async def turn(self, request: TurnRequest) -> AsyncGenerator[RunnerEvent, None]:
        end = asyncio.get_running_loop().time() + request.deadline_ms / 1000 + _GRACE_SECONDS
        async with aclosing(_timed(self._lines(request), end)) as lines:
            async for line in lines:
                event = _read_event(line)
                if isinstance(event, Failed):
                    raise _error(event.code, event.detail)
                yield event
                if isinstance(event, Done):
                    return
        raise RunnerUnavailable

    async def close(self, thread_id: str, reason: CloseReason) -> None:
        body = CloseRequest(thread_id=thread_id, reason=reason)
        await self._call("POST", "/ai/chat/close", body.model_dump_json())

    async def history(self, thread_id: str) -> tuple[CheckpointSummary, ...]:
        response = await self._call("GET", f"/ai/threads/{_segment(thread_id)}/history")
        try:
            return _SUMMARIES.validate_json(response.content)
        except ValidationError as error:
            raise RunnerUnavailable from error

    async def delete(self, thread_id: str) -> None:
        await self._call("DELETE", f"/ai/threads/{_segment(thread_id)}")

    async def check_model(self, provider: Provider) -> ModelCheck:
        wait = httpx.Timeout(provider.timeout_ms / 1000 + _GRACE_SECONDS, connect=_CONNECT_SECONDS)
        response = await self._call("POST", "/ai/models/check", provider.model_dump_json(), wait)
        try:
            return ModelCheck.model_validate_json(response.content)
        except ValidationError as error:
            raise RunnerUnavailable from error

    async def aclose(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _lines(self, request: TurnRequest) -> AsyncGenerator[bytes, None]:
        # The deadline is kept by `_timed`; a pause between two events is no fault of itself.
        timeout = httpx.Timeout(None, connect=_CONNECT_SECONDS)
        body = request.model_dump_json()
        try:
            async with self._http.stream(
                "POST", "/ai/chat", content=body, timeout=timeout
            ) as response:
                if response.status_code != httpx.codes.OK:
                    await response.aread()
                    raise _refusal(response)
                async for line in _split(response.aiter_bytes()):
                    yield line
        except httpx.HTTPError as error:
            raise RunnerUnavailable from error

    async def _call(
        self,
        method: str,
        path: str,
        body: str | None = None,
        wait: httpx.Timeout = _SHORT,
    ) -> httpx.Response:
        try:
            response = await self._http.request(method, path, content=body, timeout=wait)
        except httpx.HTTPError as error:
            raise RunnerUnavailable from error
        if response.is_error:
            raise _refusal(response)
        return response


async def _split(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """At line feeds alone: to httpx, U+2028 ends a line too, and people paste it into a chat."""
    rest = b""
    async for part in parts:
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            yield line
    if rest:
        yield rest


async def _timed(lines: AsyncGenerator[bytes, None], end: float) -> AsyncGenerator[bytes, None]:
    """The same lines, none of them awaited past `end`. The consumer's own time is not bounded."""
    async with aclosing(lines):
        while (line := await _next_line(lines, end)) is not None:
            yield line


async def _next_line(lines: AsyncGenerator[bytes, None], end: float) -> bytes | None:
    """None when there is no more."""
    try:
        async with asyncio.timeout_at(end):
            return await anext(lines, None)
    except TimeoutError as error:
        raise RunnerUnavailable from error


def _read_event(line: bytes) -> Delta | OperationEvent | Done | Failed:
    try:
        return TURN_EVENT.validate_json(line)
    except ValidationError as error:
        # A line that was cut off, or not ours: the same as a stream that ended too early.
        raise RunnerUnavailable from error


def _refusal(response: httpx.Response) -> RunnerError:
    try:
        problem = response.json()
        return _error(str(problem["code"]), str(problem["detail"]))
    except (ValueError, KeyError, TypeError):
        return RunnerUnavailable()


def _error(code: str, detail: str) -> RunnerError:
    known = RUNNER_ERRORS.get(code)
    return known(detail) if known else RunnerUnavailable()


def _segment(thread_id: str) -> str:
    return quote(thread_id, safe="")
