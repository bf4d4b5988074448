"""Refusals as RFC 9457 problem documents, for every HTTP door."""

from collections.abc import Callable, Coroutine
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ValidationError
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ai_bridge.errors import ChatError
from sessions_app.availability import UNREACHABLE, database_at_hand, moment
from sessions_app.errors import (
    AddressUnknown,
    BadRequest,
    MethodNotAllowed,
    RateLimited,
    Unavailable,
)
from sessions_app.limiting.headers import limit_headers

P = ParamSpec("P")
Model = TypeVar("Model", bound=BaseModel)
View = Callable[Concatenate[HttpRequest, P], Coroutine[Any, Any, HttpResponseBase]]
MEDIA_TYPE = "application/problem+json"
MAX_BODY = 64 * 1024


def answers_problems(method: str) -> Callable[[View[P]], View[P]]:
    """For plain asynchronous views of one method: their ChatError becomes the answer."""

    def guarded(view: View[P]) -> View[P]:
        @wraps(view)
        async def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                if request.method != method:
                    raise MethodNotAllowed(f"Use {method} here.")
                with database_at_hand():
                    return await view(request, *args, **kwargs)
            except ChatError as error:
                return problem_response(request, error)

        return cast("View[P]", door)

    return guarded


@csrf_exempt
def unknown_address(request: HttpRequest, rest: str) -> HttpResponse:
    return problem_response(request, AddressUnknown())


def problem_response(request: HttpRequest, error: ChatError) -> HttpResponse:
    body = orjson.dumps(problem_document(request, error))
    return HttpResponse(body, status=error.status, content_type=MEDIA_TYPE, headers=_headers(error))


def handle_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """For REST framework's views; None lets an unknown failure become a logged 500."""
    request = context["request"]
    if isinstance(error, UNREACHABLE):
        error = Unavailable(retry_after=moment())
    if isinstance(error, Http404):
        # Of the framework itself, for `?format=` of a form that there is not.
        error = AddressUnknown()
    if isinstance(error, ChatError):
        document = problem_document(request, error)
        return Response(document, error.status, headers=_headers(error), content_type=MEDIA_TYPE)
    answer = exception_handler(error, context)
    if answer is not None and isinstance(error, APIException):
        answer.data = _document(
            request, answer.status_code, str(error.default_code), _plain(error), ()
        )
        answer.content_type = MEDIA_TYPE
    return answer


def problem_document(request: Any, error: ChatError) -> dict[str, Any]:
    errors = error.errors if isinstance(error, BadRequest) else ()
    return _document(request, error.status, error.code, error.detail, errors)


def parse_body(request: HttpRequest, model: type[Model]) -> Model:
    """The body as this shape. Raises BadRequest with a pointer to each thing that is wrong."""
    try:
        body = request.body
    except RequestDataTooBig:
        body = b""
    if not 0 < len(body) <= MAX_BODY:
        raise BadRequest("The body holds JSON of at most 64 KiB.")
    try:
        return model.model_validate(orjson.loads(body))
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The body is not valid JSON: {error}.") from error
    except ValidationError as error:
        raise BadRequest("The body does not have the documented shape.", _errors(error)) from error


def _errors(error: ValidationError) -> tuple[tuple[str, str], ...]:
    return tuple(
        ("/" + "/".join(str(part) for part in found["loc"]), found["msg"])
        for found in error.errors(include_url=False, include_input=False)
    )


def _document(
    request: Any, status: int, code: str, detail: str, errors: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    return {
        "type": f"https://chatsaas.example/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
        "errors": [{"pointer": pointer, "detail": text} for pointer, text in errors],
        "request_id": getattr(request, "request_id", ""),
    }


def _headers(error: ChatError) -> dict[str, str]:
    # It may say again what was asked for, and to whom.
    headers = {"Cache-Control": "no-store"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if isinstance(error, RateLimited):
        headers |= limit_headers([error.standing])
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def _plain(error: APIException) -> str:
    return str(error.detail) if not isinstance(error.detail, list | dict) else "Bad request."
