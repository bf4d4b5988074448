"""Gives every request an id, the caller's own if it is a sane one, and says it in the answer."""

import re
from collections.abc import Awaitable, Callable
from uuid import uuid4

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from structlog.contextvars import bound_contextvars

HEADER = "X-Request-Id"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
Answer = Callable[[HttpRequest], HttpResponseBase]
AsyncAnswer = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def RequestId(get_response: Answer | AsyncAnswer) -> Answer | AsyncAnswer:  # noqa: N802
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            with bound_contextvars(request_id=_identify(request)):
                response: HttpResponseBase = await get_response(request)
            return _named(request, response)

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        with bound_contextvars(request_id=_identify(request)):
            return _named(request, get_response(request))  # type: ignore[arg-type]

    return answer


def _identify(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    known = given if SANE.fullmatch(given) else uuid4().hex
    request.request_id = known  # type: ignore[attr-defined]
    return known


def _named(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.headers[HEADER] = request.request_id  # type: ignore[attr-defined]
    return response
