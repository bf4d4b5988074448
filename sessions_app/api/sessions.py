"""The integrator's view of conversations: with a secret key, of the key's own website."""

from typing import Any

from asgiref.sync import async_to_sync
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sessions_app.api.rows import SessionDetail, SessionPage, detail_of, row_of
from sessions_app.api.visitors import address_of, bearer_of, session_id_of
from sessions_app.errors import BadRequest, SessionUnknown
from sessions_app.limiting.gates import limit_requests, limit_visit, request_standings
from sessions_app.limiting.headers import tell_limits
from sessions_app.models import Session
from tenants.current import PUBLIC_SCHEMA
from tenants.errors import KeyNotForBrowsers, KeyUnknown, TokenRequired
from tenants.keys import live_key, schema_of_key
from tenants.scope import current_schema, tenant_scope
from tenants.workspace.models import ApiKey, Website

MAX_PAGE = 100


class Pages(CursorPagination):
    page_size = 25
    max_page_size = MAX_PAGE
    page_size_query_param = "limit"
    ordering = ("-created_at", "id")


class IntegratorView(APIView):
    """Runs the whole request in the key's tenant."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        schema = schema_of_key(bearer_of(request))
        if schema is None:
            return super().dispatch(request, *args, **kwargs)
        with tenant_scope(schema):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        schema = current_schema()
        if schema == PUBLIC_SCHEMA:
            # Whoever tries keys counts as anybody who comes in.
            async_to_sync(limit_visit)(address_of(request._request))
        else:
            async_to_sync(limit_requests)(schema)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().finalize_response(*args, **kwargs)
        schema = current_schema()
        if schema != PUBLIC_SCHEMA and "RateLimit" not in response.headers:
            tell_limits(response, async_to_sync(request_standings)(schema))
        return response

    def website(self, request: Request) -> Website:
        """The website of the secret key. Raises TokenRequired, KeyUnknown or KeyNotForBrowsers."""
        plain = bearer_of(request._request)
        if not plain:
            raise TokenRequired("Send a secret key (sk_...) as `Authorization: Bearer ...`.")
        key = live_key(plain) if current_schema() != "public" else None
        if key is None or key.kind != ApiKey.Kind.SECRET:
            raise KeyUnknown
        if request.headers.get("Origin"):
            raise KeyNotForBrowsers
        return key.website


class SessionsView(IntegratorView):
    @extend_schema(
        operation_id="sessions_list",
        tags=["integrator"],
        parameters=[
            OpenApiParameter("status", enum=[*Session.Status.values]),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"At most {MAX_PAGE}."),
            OpenApiParameter("cursor", description="From `next` or `previous`."),
        ],
        responses=SessionPage,
    )
    def get(self, request: Request) -> Response:
        """One row per conversation, newest first, with one column per field."""
        sessions = Session.objects.filter(website=self.website(request))
        status = request.query_params.get("status")
        if status is not None:
            sessions = sessions.filter(status=_known_status(status))
        pages = Pages()
        with_fields = sessions.prefetch_related("field_values")
        page = pages.paginate_queryset(with_fields, request, view=self) or []
        return pages.get_paginated_response([row_of(session) for session in page])


class SessionView(IntegratorView):
    @extend_schema(operation_id="sessions_read", tags=["integrator"], responses=SessionDetail)
    def get(self, request: Request, session: str) -> Response:
        """One conversation: its messages, and every value with the words it came from."""
        found = Session.objects.filter(
            website=self.website(request), id=session_id_of(session)
        ).first()
        if found is None:
            raise SessionUnknown
        return Response(detail_of(found).model_dump(mode="json"))


def _known_status(status: str) -> str:
    if status not in Session.Status.values:
        raise BadRequest(f"`status` is one of {', '.join(Session.Status.values)}.")
    return status
