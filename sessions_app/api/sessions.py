"""The integrator's view of conversations: with a secret key, of the key's own website."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from sessions_app.api.integrator import PAGE_PARAMETERS, IntegratorView, Pages
from sessions_app.api.rows import SessionDetail, SessionPage, detail_of, row_of
from sessions_app.api.visitors import session_id_of
from sessions_app.errors import BadRequest, SessionUnknown
from sessions_app.models import Session
from tenants.workspace.models import Scope


class SessionsView(IntegratorView):
    scope = Scope.SESSIONS

    @extend_schema(
        operation_id="sessions_list",
        tags=["integrator"],
        parameters=[
            OpenApiParameter("status", enum=[*Session.Status.values]),
            *PAGE_PARAMETERS,
        ],
        responses=SessionPage,
    )
    def get(self, request: Request) -> Response:
        """One row per conversation, newest first, with one column per field."""
        sessions = Session.objects.filter(website=self.website)
        status = request.query_params.get("status")
        if status is not None:
            sessions = sessions.filter(status=known_status(status))
        pages = Pages()
        with_fields = sessions.prefetch_related("field_values")
        page = pages.paginate_queryset(with_fields, request, view=self) or []
        return pages.get_paginated_response([row_of(session) for session in page])


class SessionView(IntegratorView):
    scope = Scope.SESSIONS

    @extend_schema(operation_id="sessions_read", tags=["integrator"], responses=SessionDetail)
    def get(self, request: Request, session: str) -> Response:
        """One conversation: its messages, and every value with the words it came from."""
        found = Session.objects.filter(website=self.website, id=session_id_of(session)).first()
        if found is None:
            raise SessionUnknown
        return Response(detail_of(found).model_dump(mode="json"))


def known_status(status: str) -> str:
    if status not in Session.Status.values:
        raise BadRequest(f"`status` is one of {', '.join(Session.Status.values)}.")
    return status
