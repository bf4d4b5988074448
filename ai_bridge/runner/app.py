"""The runner's HTTP door: `uvicorn ai_bridge.runner.app:app`."""

import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.contextvars import bound_contextvars

from ai_bridge.contract import Done, Failed, OperationEvent, TurnRequest
from ai_bridge.errors import ChatError, InvalidTurn
from ai_bridge.logs import configure_logs
from ai_bridge.measuring import CONTENT_TYPE, may_read_metrics, metrics_page
from ai_bridge.runner import doors
from ai_bridge.runner.metrics import TURN_SECONDS, TURNS, record_cold_start
from ai_bridge.runner.pool import open_runner
from ai_bridge.runner.process import Event, Runner, run_turn
from ai_bridge.runner.settings import read_settings

configure_logs()
logger = logging.getLogger(__name__)
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class TurnAnswer:
    """Streams one turn. A caller that went away is no reason to stop: the turn is committed."""

    def __init__(self, request: TurnRequest, runner: Runner) -> None:
        self._request = request
        self._runner = runner

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        ids = {"session": self._request.thread_id, "turn": str(self._request.request_id)}
        with bound_contextvars(**ids), TURN_SECONDS.time():
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Any, receive: Any, send: Send) -> None:
        async with aclosing(run_turn(self._request, self._runner)) as events:
            try:
                first = await anext(events)
            except ChatError as error:
                logger.info("a turn was refused before it began: %s", error.code)
                TURNS.labels(error.code).inc()
                await _refusal(error)(scope, receive, send)
                return
            reader = Reader(send)
            await reader.start(first)
            try:
                async for event in events:
                    await reader.tell(event)
                TURNS.labels("done").inc()
            except ChatError as error:
                logger.warning("a turn broke off, the gateway tries it again: %s", error.code)
                TURNS.labels(error.code).inc()
                await reader.tell(doors.failed(error))


class Reader:
    """The other end of the stream, as long as it is there."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._is_there = True
        self._held = b""

    async def start(self, first: Event) -> None:
        headers = [(b"content-type", doors.NDJSON.encode())]
        await self._pass({"type": "http.response.start", "status": 200, "headers": headers})
        await self.tell(first)

    async def tell(self, event: Event | Failed) -> None:
        """Operations wait for what follows them; `done` and `failed` end the answer."""
        self._held += doors.line(event)
        if isinstance(event, OperationEvent):
            return
        body, self._held = self._held, b""
        is_last = isinstance(event, Done | Failed)
        await self._pass({"type": "http.response.body", "body": body, "more_body": not is_last})

    async def _pass(self, message: MutableMapping[str, Any]) -> None:
        if not self._is_there:
            return
        try:
            await self._send(message)
        except OSError:
            self._is_there = False


def _refusal(error: ChatError) -> Response:
    return Response(doors.problem(error), error.status, media_type=doors.JSON)


def _unauthorised() -> Response:
    body = b'{"code":"token_invalid","detail":"Send the service token.","retryable":false}'
    return Response(body, 401, media_type=doors.JSON)


async def _body(request: Request) -> bytes:
    """Stops reading as soon as the body is longer than a turn may be."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > doors.MAX_BODY:
            raise InvalidTurn(f"The body is longer than {doors.MAX_BODY:,} bytes.")
        parts.append(part)
    return b"".join(parts)


Answer = Callable[[Request, Runner], Awaitable[Any]]


def _guarded(answer: Answer) -> Callable[[Request], Awaitable[Any]]:
    """Checks the service token and turns refusals into answers."""

    async def endpoint(request: Request) -> Any:
        token = request.app.state.token
        if not doors.is_authorised(request.headers.get("authorization", ""), token):
            return _unauthorised()
        try:
            return await answer(request, request.app.state.runner)
        except ChatError as error:
            return _refusal(error)

    return endpoint


async def _chat(request: Request, runner: Runner) -> TurnAnswer:
    return TurnAnswer(doors.read_turn(await _body(request)), runner)


async def _close(request: Request, runner: Runner) -> Response:
    wanted = doors.read_close(await _body(request))
    await runner.store.close(wanted.thread_id, wanted.reason)
    return Response(status_code=204)


async def _history(request: Request, runner: Runner) -> Response:
    thread_id = doors.check_thread_id(request.path_params["thread_id"])
    found = await runner.store.history(thread_id)
    return Response(doors.summaries(found), media_type=doors.JSON)


async def _delete(request: Request, runner: Runner) -> Response:
    await runner.store.delete(doors.check_thread_id(request.path_params["thread_id"]))
    return Response(status_code=204)


async def _check_model(request: Request, runner: Runner) -> Response:
    found = await runner.models.check(doors.read_provider(await _body(request)))
    return Response(found.model_dump_json(), media_type=doors.JSON)


async def _healthz(request: Request) -> Response:
    return Response(b'{"status":"ok"}', media_type=doors.JSON)


async def _readyz(request: Request) -> Response:
    try:
        await request.app.state.runner.store.check()
    except ChatError:
        return Response(b'{"status":"down","down":["database"]}', 503, media_type=doors.JSON)
    return Response(b'{"status":"ok","down":[]}', media_type=doors.JSON)


async def _metrics(request: Request) -> Response:
    if not may_read_metrics(request.scope, request.app.state.metrics_token):
        return _unauthorised()
    return Response(metrics_page(), media_type=CONTENT_TYPE)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    settings = read_settings()
    async with open_runner(settings) as runner:
        app.state.runner = runner
        app.state.token = settings.token.get_secret_value()
        app.state.metrics_token = settings.metrics_token.get_secret_value()
        record_cold_start()
        # What was imported stays for good: the collector need not walk it at every turn.
        gc.collect()
        gc.freeze()
        yield


app = Starlette(
    lifespan=_lifespan,
    routes=[
        Route("/ai/chat", _guarded(_chat), methods=["POST"]),
        Route("/ai/chat/close", _guarded(_close), methods=["POST"]),
        Route("/ai/models/check", _guarded(_check_model), methods=["POST"]),
        Route("/ai/threads/{thread_id}/history", _guarded(_history), methods=["GET"]),
        Route("/ai/threads/{thread_id}", _guarded(_delete), methods=["DELETE"]),
        Route("/healthz", _healthz),
        Route("/readyz", _readyz),
        Route("/metrics", _metrics),
    ],
)
