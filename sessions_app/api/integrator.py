"""What every door of the integrator's API has in common: key, scope, limits, idempotency, pages."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

import orjson
from asgiref.sync import async_to_sync
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from pydantic import BaseModel
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from structlog.contextvars import bound_contextvars

from sessions_app.api.visitors import address_of, bearer_of
from sessions_app.errors import BadRequest
from sessions_app.limiting.gates import limit_requests, limit_visit, request_standings
from sessions_app.limiting.headers import tell_limits
from tenants.api_calls import answer_once
from tenants.current import PUBLIC_SCHEMA
from tenants.errors import KeyNotForBrowsers, KeyUnknown, ScopeMissing, TokenRequired
from tenants.keys import schema_of_key, used_key
from tenants.scope import current_schema, tenant_scope
from tenants.workspace.models import ApiKey, Scope, Website

MAX_PAGE = 100
MAX_NAME = 255
PAGE_PARAMETERS = [
    OpenApiParameter("limit", OpenApiTypes.INT, description=f"At most {MAX_PAGE}."),
    OpenApiParameter("cursor", description="From `next` or `previous`."),
]
IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="Any text of your own, at most 255 characters. The same one again gets the "
    "recorded answer for two days, with `Idempotency-Replayed: true`.",
)


class Pages(CursorPagination):
    page_size = 25
    max_page_size = MAX_PAGE
    page_size_query_param = "limit"
    ordering: str | tuple[str, ...] = ("-created_at", "id")


class IntegratorView(APIView):
    """Runs the whole request in the key's tenant. Subclasses name the `scope` that they need."""

    scope: ClassVar[Scope]
    key: ApiKey

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        schema = schema_of_key(bearer_of(request))
        if schema is None:
            return super().dispatch(request, *args, **kwargs)
        with tenant_scope(schema), bound_contextvars(tenant=schema):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        schema = current_schema()
        if schema == PUBLIC_SCHEMA:
            # Whoever tries keys counts as anybody who comes in.
            async_to_sync(limit_visit)(address_of(request._request))
        else:
            async_to_sync(limit_requests)(schema)
        self.key = self._key(request)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().finalize_response(*args, **kwargs)
        schema = current_schema()
        if schema != PUBLIC_SCHEMA and "RateLimit" not in response.headers:
            tell_limits(response, async_to_sync(request_standings)(schema))
        return response

    @property
    def website(self) -> Website:
        """The key's website: the only one whose rows this request may see."""
        return self.key.website

    def _key(self, request: Request) -> ApiKey:
        """Raises TokenRequired, KeyUnknown, KeyNotForBrowsers or ScopeMissing."""
        plain = bearer_of(request._request)
        if not plain:
            raise TokenRequired("Send a secret key (sk_...) as `Authorization: Bearer ...`.")
        key = used_key(plain) if current_schema() != PUBLIC_SCHEMA else None
        if key is None or key.kind != ApiKey.Kind.SECRET:
            raise KeyUnknown
        if request.headers.get("Origin"):
            raise KeyNotForBrowsers
        if self.scope not in key.scopes:
            raise ScopeMissing(f"This key lacks the scope `{self.scope}`. Make one that has it.")
        return key


Post = Callable[..., Response]


def idempotent(post: Post) -> Callable[..., HttpResponse]:
    """For a POST of an IntegratorView: with an Idempotency-Key it is done once."""

    @wraps(post)
    def door(view: IntegratorView, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return once(view.key, request, lambda: post(view, request, *args, **kwargs))

    return door


def once(key: ApiKey, request: Request, work: Callable[[], Response]) -> HttpResponse:
    """Raises BadRequest for an Idempotency-Key that is none, CallInFlight or CallReused."""
    name = request.headers.get("Idempotency-Key")
    if name is None:
        return work()
    if not 0 < len(name) <= MAX_NAME or not (name.isascii() and name.isprintable()):
        raise BadRequest("An Idempotency-Key is 1 to 255 printable ASCII characters.")

    def rendered() -> tuple[int, str]:
        done = work()
        return done.status_code, orjson.dumps(done.data).decode()

    answer = answer_once(key, name, _fingerprint(request), rendered)
    headers = {"Idempotency-Replayed": "true"} if answer.is_replayed else {}
    return HttpResponse(
        answer.body,
        status=answer.status,
        content_type="application/json",
        headers={"Cache-Control": "no-store", **headers},
    )


def _fingerprint(request: Request) -> str:
    said = b"\n".join(
        (str(request.method).encode(), request.get_full_path().encode(), request._request.body)
    )
    return hashlib.sha256(said).hexdigest()


def answered(shape: BaseModel, status: int = 200) -> Response:
    return Response(shape.model_dump(mode="json"), status=status)
