"""GET /api/v1/sessions/export: the key's conversations as CSV, JSON lines or a workbook."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from sessions_app.api.integrator import IntegratorView
from sessions_app.api.sessions import known_status
from sessions_app.errors import BadRequest
from sessions_app.exporting import MEDIA_TYPES, Export, Format, download
from sessions_app.models import Session
from tenants.workspace.models import Scope

FILES = {(200, media.partition(";")[0]): OpenApiTypes.BINARY for media in MEDIA_TYPES.values()}


class AnyAccept(BaseContentNegotiation):
    """The format is chosen below; refusals are JSON whatever was accepted."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class ExportView(IntegratorView):
    scope = Scope.SESSIONS
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="sessions_export",
        tags=["integrator"],
        parameters=[
            OpenApiParameter(
                "as",
                enum=[kind.value for kind in Format],
                description="Without it `Accept` decides, and CSV if that says nothing.",
            ),
            OpenApiParameter("status", enum=[*Session.Status.values]),
            OpenApiParameter("since", description="Begun at or after: a date or a moment, UTC."),
            OpenApiParameter("until", description="Begun before: a date or a moment, UTC."),
        ],
        responses=FILES,
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """One row per conversation with one column per field, newest first, as a stream."""
        asked = request.query_params
        kind = _format(asked.get("as"), request.headers.get("Accept", ""))
        sessions = Session.objects.filter(website=self.website)
        if (status := asked.get("status")) is not None:
            sessions = sessions.filter(status=known_status(status))
        if (since := _moment("since", asked.get("since"))) is not None:
            sessions = sessions.filter(created_at__gte=since)
        if (until := _moment("until", asked.get("until"))) is not None:
            sessions = sessions.filter(created_at__lt=until)
        return download(Export(sessions, kind), kind)


def _format(named: str | None, accept: str) -> Format:
    if named is not None:
        if named not in set(Format):
            raise BadRequest(f"`as` is one of {', '.join(Format)}.")
        return Format(named)
    accepted = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    return next(_matching(accepted), Format.CSV)


def _matching(accepted: Iterable[str]) -> Any:
    kinds = {media.partition(";")[0]: kind for kind, media in MEDIA_TYPES.items()}
    return (kinds[media] for media in accepted if media in kinds)


def _moment(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = parse_datetime(text)
        day = parse_date(text) if moment is None else None
    except ValueError as wrong:
        raise BadRequest(f"`{name}`: there is no such moment. {wrong}") from wrong
    if day is not None:
        moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - its zone follows
    if moment is None:
        raise BadRequest(f"`{name}` is a date (2026-11-21) or a moment (2026-11-21T09:30:00Z).")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
