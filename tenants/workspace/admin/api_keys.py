"""Pages of API keys: a new one is shown once, an old one can be revoked."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from tenants.admin.roles import RoleAdmin
from tenants.keys import issue_key, revoke_key
from tenants.staff.models import Staff
from tenants.workspace.models import ApiKey, Scope, all_scopes


class NewKeyForm(forms.ModelForm[ApiKey]):
    """What a new key is for."""

    scopes = forms.MultipleChoiceField(
        label="May",
        choices=Scope.choices,
        initial=all_scopes,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="Of a secret key. Give each system what it needs and no more.",
    )

    class Meta:
        model = ApiKey
        fields = ["website", "kind", "name", "scopes", "expires_at"]
        help_texts = {
            "kind": "Publishable: stands in the web page. Secret: for your own server alone.",
            "name": "So that you know later where it is used.",
            "expires_at": "Empty: works until it is revoked.",
        }
        error_messages = {
            "expires_at": {
                "invalid_date": "Write the date as year, month, day: 2027-01-31.",
                "invalid_time": "Write the time as hours and minutes: 14:30.",
            }
        }

    def clean_expires_at(self) -> Any:
        moment = self.cleaned_data["expires_at"]
        if moment and moment <= timezone.now():
            raise ValidationError("This moment has passed. Choose a later one or leave it empty.")
        return moment

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == ApiKey.Kind.SECRET and not cleaned.get("scopes"):
            self.add_error("scopes", "Choose at least one: a secret key without any opens nothing.")
        return cleaned


class ApiKeyAdmin(RoleAdmin):
    """A tenant's keys. A key is never edited: it works, or it is revoked."""

    form = NewKeyForm
    list_display = [
        "name",
        "website",
        "kind_label",
        "visible_part",
        "state",
        "last_used",
        "created_at",
    ]
    list_select_related = ["website"]
    list_filter = ["kind", "website"]
    search_fields = ["name", "prefix", "website__name"]
    ordering = ["-created_at"]
    empty_text = "A website needs a publishable key for its snippet; your server a secret one."
    change_form_outer_before_template = "dashboard/key_actions.html"

    def may_view(self, person: Staff) -> bool:
        return person.can_edit

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return ["website", "kind", "name", "scopes", "expires_at"]
        about = [
            "name",
            "website",
            "kind",
            "visible_part",
            "state",
            "created_at",
            "last_used",
            "expires_at",
        ]
        return [*about, "may"] if obj.kind == ApiKey.Kind.SECRET else about

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else self.get_fields(request, obj)

    @display(description="Kind", label={"Publishable": "info", "Secret": "warning"})
    def kind_label(self, key: ApiKey) -> str:
        return key.get_kind_display()

    @display(description="May")
    def may(self, key: ApiKey) -> str:
        labels = dict(Scope.choices)
        return "; ".join(str(labels[scope]) for scope in key.scopes)

    @display(description="Begins with")
    def visible_part(self, key: ApiKey) -> str:
        return f"{key.prefix}…"

    @display(
        description="State", label={"live": "success", "revoked": "danger", "expired": "warning"}
    )
    def state(self, key: ApiKey) -> str:
        if key.revoked_at:
            return "revoked"
        return "live" if key.is_live else "expired"

    @display(description="Last used", ordering="last_used_at")
    def last_used(self, key: ApiKey) -> Any:
        return key.last_used_at or "Never"

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        issued = issue_key(
            obj.website,
            kind=ApiKey.Kind(obj.kind),
            name=obj.name,
            expires_at=obj.expires_at,
            scopes=obj.scopes,
        )
        obj.pk, obj.prefix = issued.key.pk, issued.key.prefix
        request.issued_key = issued  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Answers the POST itself, so that the key is in this page and nowhere else."""
        context = {
            **self.admin_site.each_context(request),
            "title": "New API key",
            "opts": self.opts,
            "issued": request.issued_key,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "dashboard/key_shown.html", context)

    def get_urls(self) -> list[URLPattern]:
        revoke = path(
            "<uuid:key_id>/revoke/",
            self.admin_site.admin_view(never_cache(self.revoke)),
            name="workspace_apikey_revoke",
        )
        return [revoke, *super().get_urls()]

    def revoke(self, request: HttpRequest, key_id: UUID) -> HttpResponse:
        """Asks first; a POST revokes."""
        key = get_object_or_404(ApiKey, id=key_id, revoked_at=None)
        if request.method == "POST":
            revoke_key(key)
            self.log_change(request, key, "Revoked.")
            messages.success(request, f"{key.name} is revoked. It works nowhere any more.")
            return redirect("admin:workspace_apikey_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Revoke {key.name}?",
            "opts": self.opts,
            "original": key,
            "key": key,
        }
        return TemplateResponse(request, "dashboard/key_revoke.html", context)
