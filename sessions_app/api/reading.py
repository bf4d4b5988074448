"""Lists of the integrator's API besides conversations: messages, fields, set-up, usage."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from sessions_app.api.integrator import PAGE_PARAMETERS, IntegratorView, Pages, answered
from sessions_app.api.rows import FieldPage, MessagePage, field_row, message_row
from sessions_app.api.visitors import session_id_of
from sessions_app.errors import BadRequest
from sessions_app.models import FieldValue, Message, Session
from sessions_app.services.usage import Month, usage_of
from tenants.workspace.models import Scope, Template

MOST_MONTHS = 36
SESSION = OpenApiParameter("session", description="Of one conversation alone: its `ses_...` id.")


class NewestFirst(Pages):
    """By number: rows of one transaction share their moment."""

    ordering = "-id"


class TemplateRow(BaseModel):
    """`document` is the published one; null before the first publishing."""

    id: str
    name: str
    version: int | None
    version_id: str | None
    hash: str | None
    published_at: str | None
    document: dict[str, Any] | None


class TemplatePage(BaseModel):
    next: str | None
    previous: str | None
    results: list[TemplateRow]


class WebsiteRow(BaseModel):
    id: str
    name: str
    active: bool
    allowed_origins: list[str]
    template: str | None
    locale: str
    region: str
    timezone: str
    created_at: str


class WebsiteList(BaseModel):
    results: list[WebsiteRow]


class MonthRow(BaseModel):
    """`month` as `2026-11`, by UTC."""

    month: str
    sessions: int
    completed: int
    turns: int
    messages: int
    input_tokens: int
    output_tokens: int


class UsageAnswer(BaseModel):
    results: list[MonthRow]


class MessagesView(IntegratorView):
    scope = Scope.SESSIONS

    @extend_schema(
        operation_id="messages_list",
        tags=["integrator"],
        parameters=[SESSION, *PAGE_PARAMETERS],
        responses=MessagePage,
    )
    def get(self, request: Request) -> Response:
        """What was said, newest first."""
        rows = Message.objects.filter(session__website=self.website)
        return _page(self, request, _of_session(rows, request), message_row)


class FieldsView(IntegratorView):
    scope = Scope.SESSIONS

    @extend_schema(
        operation_id="fields_list",
        tags=["integrator"],
        parameters=[
            SESSION,
            OpenApiParameter("path", description="Of one field alone."),
            *PAGE_PARAMETERS,
        ],
        responses=FieldPage,
    )
    def get(self, request: Request) -> Response:
        """What every turn did to every field, with the words it came from, newest first."""
        rows = _of_session(FieldValue.objects.filter(session__website=self.website), request)
        if path := request.query_params.get("path"):
            rows = rows.filter(path=path)
        return _page(self, request, rows, field_row)


class TemplatesView(IntegratorView):
    scope = Scope.SETUP

    @extend_schema(
        operation_id="templates_list",
        tags=["integrator"],
        parameters=PAGE_PARAMETERS,
        responses=TemplatePage,
    )
    def get(self, request: Request) -> Response:
        """The templates that the key's website uses or has used."""
        used = Session.objects.filter(website=self.website).values("template_version__template")
        rows = Template.objects.filter(Q(id=self.website.template_id) | Q(id__in=used))
        return _page(self, request, rows.select_related("published"), _template_row, Pages)


class WebsitesView(IntegratorView):
    scope = Scope.SETUP

    @extend_schema(operation_id="websites_list", tags=["integrator"], responses=WebsiteList)
    def get(self, request: Request) -> Response:
        """The key's own website."""
        site = self.website
        row = WebsiteRow(
            id=str(site.id),
            name=site.name,
            active=site.is_active,
            allowed_origins=site.allowed_origins,
            template=str(site.template_id) if site.template_id else None,
            locale=site.locale,
            region=site.region,
            timezone=site.timezone,
            created_at=site.created_at.isoformat(),
        )
        return answered(WebsiteList(results=[row]))


class UsageView(IntegratorView):
    scope = Scope.USAGE

    @extend_schema(
        operation_id="usage_list",
        tags=["integrator"],
        parameters=[
            OpenApiParameter(
                "months", OpenApiTypes.INT, description=f"1 to {MOST_MONTHS}; 12 if left out."
            )
        ],
        responses=UsageAnswer,
    )
    def get(self, request: Request) -> Response:
        """Conversations, turns and tokens of the key's website, month by month."""
        since = _months_ago(_number(request.query_params.get("months", "12")))
        return answered(
            UsageAnswer(results=[_month_row(row) for row in usage_of(self.website, since)])
        )


def _page(
    view: IntegratorView, request: Request, rows: QuerySet[Any], shape: Any, by: Any = NewestFirst
) -> Response:
    pages = by()
    found: list[Any] = pages.paginate_queryset(rows, request, view=view) or []
    answer: Response = pages.get_paginated_response(
        [shape(row).model_dump(mode="json") for row in found]
    )
    return answer


def _of_session(rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
    wanted = request.query_params.get("session")
    return rows if wanted is None else rows.filter(session_id=session_id_of(wanted))


def _template_row(template: Template) -> TemplateRow:
    version = template.published
    return TemplateRow(
        id=str(template.id),
        name=template.name,
        version=version.number if version else None,
        version_id=str(version.id) if version else None,
        hash=version.hash if version else None,
        published_at=version.published_at.isoformat() if version else None,
        document=version.document if version else None,
    )


def _month_row(month: Month) -> MonthRow:
    return MonthRow(**vars(month))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= MOST_MONTHS):
        raise BadRequest(f"`months` is a whole number from 1 to {MOST_MONTHS}.")
    return int(text)


def _months_ago(months: int) -> datetime:
    """The beginning of the month that lies so many months back, this one included."""
    now = timezone.now()
    count = now.year * 12 + now.month - months
    return now.replace(
        year=count // 12, month=count % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
