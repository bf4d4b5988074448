"""The list of conversations and the page of one. Nothing here can be changed."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from sessions_app.admin.exports import export_sessions
from sessions_app.admin.search import find_sessions
from sessions_app.admin.transcript import intake_of, read_transcript, readable
from sessions_app.models import FieldValue, Session, SessionQuerySet
from tenants.admin.roles import RoleAdmin, person_of
from tenants.workspace.pretty import highlighted

# What a row is called after, best first.
WHO = ("name", "email", "phone")
# Why a conversation was closed, as a reader says it.
ENDED = {
    "visitor": "by the visitor",
    "cancelled": "by the visitor, in words",
    "idle": "after a long silence",
    "staff": "by your team",
    "limits": "at a limit",
}


class SessionAdmin(RoleAdmin):
    """Conversations, one row each."""

    list_filter = ["status", "website", ("created_at", RangeDateFilter)]
    list_select_related = ["website"]
    list_per_page = 50
    ordering = ["-last_activity_at"]
    search_fields = ["id"]
    empty_text = (
        "Conversations appear here as soon as the first visitor writes in the chat on your website."
    )
    search_help_text = "Words, values, e-mail, session id"
    list_before_template = "dashboard/export_links.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> SessionQuerySet:
        standing = FieldValue.objects.exclude(status=FieldValue.Status.REFUSED)
        sessions: SessionQuerySet = super().get_queryset(request)
        return sessions.prefetch_related(Prefetch("field_values", standing, "standing"))

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        in_full = person_of(request).can_review
        return find_sessions(queryset, search_term, in_full=in_full), False

    def get_list_display(self, request: HttpRequest) -> list[str]:
        who = "visitor" if person_of(request).can_review else "masked_visitor"
        return [who, "website", "state", "progress", "started", "last_activity"]

    @display(description="Visitor")
    def visitor(self, session: Session) -> str:
        return _called(session, in_full=True)

    @display(description="Visitor")
    def masked_visitor(self, session: Session) -> str:
        return _called(session, in_full=False)

    @display(
        description="Status",
        ordering="status",
        label={
            "Open": "info",
            "Completed": "success",
            "Handoff": "warning",
            "Closed": "default",
        },
    )
    def state(self, session: Session) -> str:
        return session.get_status_display()

    @display(description="Progress")
    def progress(self, session: Session) -> SafeString:
        return format_html(
            '<span class="cs-progress"><progress max="{}" value="{}" aria-label="{} of {} answers">'
            "</progress> {}/{}</span>",
            session.required or 1,
            session.filled,
            session.filled,
            session.required,
            session.filled,
            session.required,
        )

    @display(description="Started", ordering="created_at")
    def started(self, session: Session) -> Any:
        return session.created_at

    @display(description="Last activity", ordering="last_activity_at")
    def last_activity(self, session: Session) -> Any:
        return session.last_activity_at

    def get_urls(self) -> list[URLPattern]:
        export = path(
            "export/<str:named>/",
            self.admin_site.admin_view(self.export),
            name="sessions_app_session_export",
        )
        return [export, *super().get_urls()]

    def export(self, request: HttpRequest, named: str) -> HttpResponseBase:
        """What the list shows under its filters and search, all pages of it, as a file."""
        listed = self.get_changelist_instance(request).get_queryset(request)
        in_full = person_of(request).can_review
        return export_sessions(request, listed, named, in_full=in_full)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The transcript instead of a form: there is nothing to change in it."""
        session = self._find(object_id)
        in_full = person_of(request).can_review
        transcript = read_transcript(session, in_full=in_full)
        context = {
            **self.admin_site.each_context(request),
            "title": _called(session, in_full=in_full),
            "ended": ENDED.get(session.close_reason, ""),
            "opts": self.opts,
            "session": session,
            "transcript": transcript,
            "document": highlighted(transcript.document),
            "identity": session.identity if in_full else {},
        }
        return TemplateResponse(request, "dashboard/transcript.html", context)

    def _find(self, object_id: str) -> Session:
        sessions = Session.objects.select_related("website", "template_version__template")
        try:
            return sessions.get(id=unquote(object_id))
        except (Session.DoesNotExist, ValidationError) as missing:
            raise Http404("There is no such conversation here.") from missing


def _called(session: Session, *, in_full: bool) -> str:
    """The visitor's name, e-mail or phone, whichever is known and may be shown."""
    fields = {field.path: field for field in intake_of(session).fields if field.kind in WHO}
    known = {
        fields[row.path].kind: readable(fields[row.path], row.value)
        for row in _standing(session)
        if row.path in fields and row.value and (in_full or not fields[row.path].pii)
    }
    return next((known[kind] for kind in WHO if kind in known), f"Visitor {session.id.hex[:6]}")


def _standing(session: Session) -> list[FieldValue]:
    """Accepted rows, oldest first; the list has them at hand, the page asks for them."""
    at_hand: list[FieldValue] | None = getattr(session, "standing", None)
    if at_hand is not None:
        return at_hand
    return list(session.field_values.exclude(status=FieldValue.Status.REFUSED))
