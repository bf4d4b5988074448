"""Pages of deliveries: what was sent, what came back, when it is tried again; send it once more."""

import json
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST
from unfold.decorators import display

from sessions_app.admin.webhooks import OFF
from sessions_app.models import Delivery
from sessions_app.services.resend import resend
from sessions_app.webhooks.body import body_of
from tenants.admin.roles import RoleAdmin
from tenants.errors import WebhookIsOff
from tenants.staff.models import Staff
from tenants.workspace.pretty import highlighted


class DeliveryAdmin(RoleAdmin):
    """Deliveries, one row each: one event for one webhook."""

    list_display = ["what", "webhook", "state", "tries", "next_try", "created"]
    list_select_related = ["webhook", "session"]
    list_filter = ["status", "kind", "webhook"]
    list_per_page = 50
    search_fields = ["id", "event"]
    actions = ["send_again"]
    empty_text = (
        "Deliveries appear here as soon as something happens that a webhook asked for. Send a test "
        "event from a webhook's page to see one now."
    )

    def may_view(self, person: Staff) -> bool:
        return person.can_edit

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """By the id of a conversation, an event or a delivery, with or without its prefix."""
        if not search_term.strip():
            return queryset, False
        try:
            wanted = UUID(search_term.strip().partition("_")[2] or search_term.strip())
        except ValueError:
            return queryset.none(), False
        columns = ("id", "event", "session_id")
        found = [queryset.filter(**{column: wanted}) for column in columns]
        return found[0] | found[1] | found[2], False

    @display(description="Event", ordering="kind")
    def what(self, delivery: Delivery) -> str:
        return delivery.kind

    @display(
        description="Status",
        ordering="status",
        label={"Delivered": "success", "Pending": "info", "Failed": "danger"},
    )
    def state(self, delivery: Delivery) -> str:
        return delivery.get_status_display()

    @display(description="Tries", ordering="attempt")
    def tries(self, delivery: Delivery) -> int:
        return delivery.attempt

    @display(description="Next try", ordering="next_at")
    def next_try(self, delivery: Delivery) -> Any:
        return delivery.next_at

    @display(description="Created", ordering="created_at")
    def created(self, delivery: Delivery) -> Any:
        return delivery.created_at

    @admin.action(description="Send again")
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self._resend(request, queryset)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What was sent and what came back, instead of a form."""
        delivery = self._found(request, unquote(object_id))
        context = {
            **self.admin_site.each_context(request),
            "title": delivery.kind,
            "opts": self.opts,
            "original": delivery,
            "delivery": delivery,
            "attempts": delivery.attempts.order_by("-number"),
            "body": highlighted(json.loads(body_of(delivery))),
        }
        return TemplateResponse(request, "dashboard/delivery.html", context)

    def get_urls(self) -> list[URLPattern]:
        again = path(
            "<uuid:delivery_id>/resend/",
            self.admin_site.admin_view(require_POST(self.resend)),
            name="sessions_app_delivery_resend",
        )
        return [again, *super().get_urls()]

    def resend(self, request: HttpRequest, delivery_id: UUID) -> HttpResponse:
        self._resend(request, [self._found(request, delivery_id)])
        return redirect("admin:sessions_app_delivery_change", delivery_id)

    def _resend(self, request: HttpRequest, deliveries: Any) -> None:
        try:
            count = resend(deliveries)
        except WebhookIsOff:
            messages.error(request, OFF)
            return
        things = "delivery is" if count == 1 else "deliveries are"
        messages.success(request, f"{count} {things} sent again within a moment.")

    def _found(self, request: HttpRequest, delivery_id: UUID | str) -> Delivery:
        rows = Delivery.objects.select_related("webhook", "session", "outbox")
        if not self.has_view_permission(request):
            rows = rows.none()
        try:
            return rows.get(id=delivery_id)
        except (Delivery.DoesNotExist, ValidationError) as missing:
            raise Http404("There is no such delivery here.") from missing
