"""Lets a browser page of any origin read the public API's answers (CORS).

That is no permission to chat: each door checks the origin against the website's own list.
"""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware

PREFIX = "/api/v1/"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID, X-Request-Id",
    "Access-Control-Max-Age": "7200",
}
EXPOSED = "Idempotency-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
Answer = Callable[[HttpRequest], HttpResponseBase]
AsyncAnswer = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def OtherOrigins(get_response: Answer | AsyncAnswer) -> Answer | AsyncAnswer:  # noqa: N802
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            response = _preflight(request) or await get_response(request)
            return _readable(request, response)

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = _preflight(request) or get_response(request)
        return _readable(request, response)  # type: ignore[arg-type]

    return answer


def _preflight(request: HttpRequest) -> HttpResponse | None:
    is_asked = "Access-Control-Request-Method" in request.headers
    if request.method != "OPTIONS" or not is_asked or not request.path.startswith(PREFIX):
        return None
    return HttpResponse(status=204, headers=PREFLIGHT)


def _readable(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    origin = request.headers.get("Origin")
    if request.path.startswith(PREFIX):
        patch_vary_headers(response, ["Origin"])
        if origin and origin != "null":
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
    return response
