"""Pages of webhooks: set up, switched off, tried out, with a secret that is shown once."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from ai_bridge.outbound import OutboundRefused
from sessions_app.models import Delivery
from sessions_app.services.resend import send_test
from tenants.admin.roles import RoleAdmin
from tenants.errors import TooManyWebhooks, WebhookIsOff
from tenants.staff.models import Staff
from tenants.webhooks import check_room, checked_url, rotate_secret
from tenants.workspace.models import Webhook
from tenants.workspace.webhook import WebhookEvent, all_events

OFF = "Switch it on first: nothing is sent to a webhook that is off."


class WebhookForm(forms.ModelForm[Webhook]):
    """Where to send what."""

    url = forms.CharField(
        label="Address",
        max_length=2000,
        widget=UnfoldAdminTextInputWidget({"inputmode": "url", "spellcheck": "false"}),
        help_text="Begins with https://. It must be a public address and answer 2xx within 15 "
        "seconds; redirects are not followed.",
    )
    events = forms.MultipleChoiceField(
        choices=WebhookEvent.choices,
        initial=all_events,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        error_messages={"required": "Choose at least one event, or switch the webhook off."},
    )

    class Meta:
        model = Webhook
        fields = ["url", "description", "website", "events", "is_active"]
        labels = {"is_active": "Active"}
        help_texts = {
            "description": "So that you know later what it is for.",
            "website": "Whose conversations it is told of.",
            "is_active": "Off: nothing is sent, and what is still to be sent is given up.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["website"].empty_label = "Every website"  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        try:
            return checked_url(self.cleaned_data["url"])
        except OutboundRefused as refused:
            raise ValidationError(str(refused)) from refused

    def clean(self) -> dict[str, Any] | None:
        if self.instance._state.adding:
            try:
                check_room()
            except TooManyWebhooks as full:
                raise ValidationError(full.detail) from full
        return super().clean()


class WebhookAdmin(RoleAdmin):
    """A tenant's webhooks. A new secret is in the answer to the form that made it."""

    form = WebhookForm
    fields = ["url", "description", "website", "events", "is_active"]
    list_display = ["name", "of_website", "wanted", "state", "on_their_way"]
    list_select_related = ["website"]
    search_fields = ["url", "description"]
    empty_text = "Add the address of your own system that shall be told of finished conversations."
    change_form_outer_before_template = "dashboard/webhook_actions.html"

    def may_view(self, person: Staff) -> bool:
        return person.can_edit

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        of = Delivery.Status
        rows: QuerySet[Webhook] = super().get_queryset(request)
        return rows.annotate(
            owed=Count("deliveries", filter=Q(deliveries__status=of.PENDING)),
            lost=Count("deliveries", filter=Q(deliveries__status=of.FAILED)),
        )

    @display(description="Webhook", ordering="description")
    def name(self, webhook: Webhook) -> str:
        return str(webhook)

    @display(description="Website")
    def of_website(self, webhook: Webhook) -> str:
        return webhook.website.name if webhook.website else "All"

    @display(description="Events")
    def wanted(self, webhook: Webhook) -> str:
        return ", ".join(event.removeprefix("session.") for event in webhook.events)

    @display(description="State", label={"active": "success", "off": "danger"})
    def state(self, webhook: Webhook) -> str:
        return "active" if webhook.is_active else "off"

    @display(description="Deliveries")
    def on_their_way(self, webhook: Any) -> SafeString:
        return format_html(
            '<a class="cs-link" href="{}?webhook__id__exact={}" aria-label="Deliveries to {}">'
            "{} waiting, {} failed</a>",
            reverse("admin:sessions_app_delivery_changelist"),
            webhook.pk,
            webhook,
            webhook.owed,
            webhook.lost,
        )

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        if obj.is_active:
            obj.off_reason = ""
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Webhook, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._secret_page(request, obj)

    def get_urls(self) -> list[URLPattern]:
        pages = {"rotate": self.rotate, "remove": self.remove, "test": require_POST(self.test)}
        return [
            *(
                path(
                    f"<uuid:webhook_id>/{name}/",
                    self.admin_site.admin_view(never_cache(view)),
                    name=f"workspace_webhook_{name}",
                )
                for name, view in pages.items()
            ),
            *super().get_urls(),
        ]

    def test(self, request: HttpRequest, webhook_id: UUID) -> HttpResponse:
        webhook = self._found(request, webhook_id)
        try:
            delivery = send_test(webhook)
        except WebhookIsOff:
            messages.error(request, OFF)
            return redirect("admin:workspace_webhook_change", webhook.pk)
        return redirect("admin:sessions_app_delivery_change", delivery.pk)

    def rotate(self, request: HttpRequest, webhook_id: UUID) -> HttpResponse:
        """Asks first; a POST rotates."""
        webhook = self._found(request, webhook_id)
        if request.method != "POST":
            return self._question(request, webhook, "rotate", "Rotate the secret?")
        self.log_change(request, webhook, "Secret rotated.")
        return self._secret_page(request, rotate_secret(webhook))

    def remove(self, request: HttpRequest, webhook_id: UUID) -> HttpResponse:
        """Asks first; a POST removes."""
        webhook = self._found(request, webhook_id)
        if request.method != "POST":
            return self._question(request, webhook, "remove", "Remove the webhook?")
        self.log_change(request, webhook, "Removed.")
        webhook.delete()
        messages.success(request, "The webhook is removed. Nothing is sent to it any more.")
        return redirect("admin:workspace_webhook_changelist")

    def _found(self, request: HttpRequest, webhook_id: UUID) -> Webhook:
        rows = self.get_queryset(request) if self.has_change_permission(request) else None
        return get_object_or_404(
            rows if rows is not None else Webhook.objects.none(), id=webhook_id
        )

    def _question(
        self, request: HttpRequest, webhook: Webhook, action: str, title: str
    ) -> HttpResponse:
        context = {**self._context(request, webhook, title), "action": action}
        return TemplateResponse(request, "dashboard/webhook_question.html", context)

    def _secret_page(self, request: HttpRequest, webhook: Webhook) -> HttpResponse:
        context = self._context(request, webhook, "Signing secret")
        return TemplateResponse(request, "dashboard/webhook_secret.html", context)

    def _context(self, request: HttpRequest, webhook: Webhook, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": webhook,
            "webhook": webhook,
        }
