"""The runner's AWS Lambda door: `handler` takes function URL events (payload version 2.0).

Give it provisioned concurrency or a snapshot: importing the graph takes a second or two.
"""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from functools import cache
from typing import Any, Protocol
from urllib.parse import unquote

from ai_bridge.contract import Done, TurnRequest
from ai_bridge.errors import ChatError, DeadlineTooShort, InvalidTurn
from ai_bridge.runner import doors
from ai_bridge.runner.pool import open_runner
from ai_bridge.runner.process import SHORTEST_DEADLINE_MS, Runner, run_turn
from ai_bridge.runner.settings import RunnerSettings, read_settings

# What is kept back of the remaining time to send the answer out before the platform kills us.
_ANSWER_MS = 500
# The slowest statement that is let start, so that a commit is not cut off half way by the clock.
_COMMIT_MS = 500

Answer = dict[str, Any]


class LambdaContext(Protocol):
    def get_remaining_time_in_millis(self) -> int: ...


def handler(event: dict[str, Any], context: LambdaContext) -> Answer:
    """Answers as the HTTP door does. Too little time left: a retryable refusal, nothing done."""
    process = _process()
    try:
        token = process.settings.token.get_secret_value()
        if not doors.is_authorised(event.get("headers", {}).get("authorization", ""), token):
            return _answer(401, b'{"code":"token_invalid","detail":"Send the service token."}')
        return process.run(_route(event, context.get_remaining_time_in_millis()))
    except ChatError as error:
        return _answer(error.status, doors.problem(error))


class Process:
    """The loop and the pool live as long as the process, frozen between two invocations."""

    def __init__(self, settings: RunnerSettings) -> None:
        self.settings = settings
        self._loop = asyncio.Runner()
        self._open: Runner | None = None
        self._stack = AsyncExitStack()

    def run(self, work: Callable[[Runner], Awaitable[Answer]]) -> Answer:
        return self._loop.run(self._with_runner(work))

    async def _with_runner(self, work: Callable[[Runner], Awaitable[Answer]]) -> Answer:
        if self._open is None:
            opening = open_runner(self.settings, is_checked=True)
            self._open = await self._stack.enter_async_context(opening)
        return await work(self._open)


@cache
def _process() -> Process:
    return Process(read_settings())


def _route(event: dict[str, Any], remaining_ms: int) -> Callable[[Runner], Awaitable[Answer]]:
    """Refuses here, before the runner is touched, what cannot be done in the time that is left."""
    budget = remaining_ms - _ANSWER_MS - _COMMIT_MS
    if budget < SHORTEST_DEADLINE_MS:
        raise DeadlineTooShort
    method = event.get("requestContext", {}).get("http", {}).get("method", "")
    match [method, *event.get("rawPath", "").strip("/").split("/")]:
        case ["POST", "ai", "chat"]:
            request = doors.read_turn(_body(event))
            deadline = min(request.deadline_ms, budget)
            return _turn(request.model_copy(update={"deadline_ms": deadline}))
        case ["POST", "ai", "chat", "close"]:
            return _close(_body(event))
        case ["POST", "ai", "models", "check"]:
            return _check_model(_body(event))
        case ["GET", "ai", "threads", thread_id, "history"]:
            return _history(doors.check_thread_id(unquote(thread_id)))
        case ["DELETE", "ai", "threads", thread_id]:
            return _delete(doors.check_thread_id(unquote(thread_id)))
    raise InvalidTurn("There is no such path. See the runner's documentation.")


def _turn(request: TurnRequest) -> Callable[[Runner], Awaitable[Answer]]:
    async def work(runner: Runner) -> Answer:
        lines: list[bytes] = []
        async with aclosing(run_turn(request, runner)) as events:
            async for event in events:
                # The answer leaves in one piece, so provisional pieces would tell nothing.
                if not isinstance(event, Done) and event.type == "delta":
                    continue
                lines.append(doors.line(event))
        return _answer(200, b"".join(lines), doors.NDJSON)

    return work


def _close(body: bytes) -> Callable[[Runner], Awaitable[Answer]]:
    wanted = doors.read_close(body)

    async def work(runner: Runner) -> Answer:
        await runner.store.close(wanted.thread_id, wanted.reason)
        return _answer(204, b"")

    return work


def _check_model(body: bytes) -> Callable[[Runner], Awaitable[Answer]]:
    provider = doors.read_provider(body)

    async def work(runner: Runner) -> Answer:
        found = await runner.models.check(provider)
        return _answer(200, found.model_dump_json().encode())

    return work


def _history(thread_id: str) -> Callable[[Runner], Awaitable[Answer]]:
    async def work(runner: Runner) -> Answer:
        return _answer(200, doors.summaries(await runner.store.history(thread_id)))

    return work


def _delete(thread_id: str) -> Callable[[Runner], Awaitable[Answer]]:
    async def work(runner: Runner) -> Answer:
        await runner.store.delete(thread_id)
        return _answer(204, b"")

    return work


def _body(event: dict[str, Any]) -> bytes:
    body = event.get("body") or ""
    try:
        found = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    except (binascii.Error, UnicodeEncodeError) as error:
        raise InvalidTurn("body: It is not valid base64 or not valid text.") from error
    if len(found) > doors.MAX_BODY:
        raise InvalidTurn(f"The body is longer than {doors.MAX_BODY:,} bytes.")
    return bytes(found)


def _answer(status: int, body: bytes, kind: str = doors.JSON) -> Answer:
    return {
        "statusCode": status,
        "headers": {"content-type": kind},
        "body": body.decode(),
        "isBase64Encoded": False,
    }
