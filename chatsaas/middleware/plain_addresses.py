"""Refuses addresses that hold U+0000: nobody means it, and no database takes it."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import sync_and_async_middleware

from sessions_app.api.problems import problem_response
from sessions_app.errors import BadRequest

Answer = Callable[[HttpRequest], HttpResponseBase]
AsyncAnswer = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def PlainAddresses(get_response: Answer | AsyncAnswer) -> Answer | AsyncAnswer:  # noqa: N802
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            return _refusal(request) or await get_response(request)

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        return _refusal(request) or get_response(request)  # type: ignore[return-value]

    return answer


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if "\0" not in request.path and "%00" not in request.META["QUERY_STRING"]:
        return None
    if request.path.startswith("/api/"):
        detail = "The address holds the character U+0000 (%00). Leave it out."
        return problem_response(request, BadRequest(detail))
    return render(request, "400.html", status=400)
