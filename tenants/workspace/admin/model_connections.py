"""Pages of models: how one is reached and led, what it may cost, and whether it works."""

from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldBooleanSwitchWidget

from ai_bridge.outbound import OutboundRefused
from tenants.admin.roles import RoleAdmin, person_of
from tenants.model_trial import models_policy, try_model
from tenants.staff.models import Staff
from tenants.workspace.model_connection import MICRO, ModelConnection, this_month

KEY = RegexValidator(
    r"^[\x21-\x7e]+$", "A key has no spaces and only plain characters. Copy it again."
)


class ModelConnectionForm(forms.ModelForm[ModelConnection]):
    """A model as its owner describes it. The key goes in and never comes out again."""

    key = forms.CharField(
        label="Key",
        required=False,
        max_length=4_096,
        strip=True,
        validators=[KEY],
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
    )

    # Not the column itself: the default of before would be in its way until it is saved.
    make_default = forms.BooleanField(
        label="Default of all websites",
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="Used by every website that has not chosen another.",
    )

    class Meta:
        model = ModelConnection
        fields = [
            "name",
            "kind",
            "model_name",
            "base_url",
            "is_active",
            "extractor",
            "persona",
            "system_prompt",
            "max_tokens",
            "timeout_seconds",
            "input_price",
            "output_price",
            "monthly_cap",
        ]
        labels = {"is_active": "Active"}
        help_texts = {
            "kind": "OpenAI-compatible: OpenAI, vLLM, Ollama, OpenRouter and most others.",
            "model_name": "As the provider calls it. For LangChain provider:model, for example "
            "openai:gpt-4o-mini.",
            "base_url": "Empty: the provider's own. Others mostly end in /v1. Only public "
            "addresses, unless the operator has allowed the host.",
            "is_active": "Off: visitors are read by rules alone.",
            "extractor": "Together: what the model finds counts beside what the rules find, "
            "where the visitor's own words bear it out.",
            "persona": "Who the assistant is, and what it may tell: name, tone, opening hours.",
            "system_prompt": "Directions to the model that a visitor never gets to see.",
            "max_tokens": "The longest answer, in tokens.",
            "timeout_seconds": "After this, rules answer; a turn has 20 seconds in all.",
            "input_price": "For a million tokens sent.",
            "output_price": "For a million tokens received.",
            "monthly_cap": "When the workspace has spent this in a month, rules answer until the "
            "next one. Empty: no limit.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].help_text = _about_key(self.instance)
        self.fields["make_default"].initial = self.instance.is_default

    def clean_base_url(self) -> str:
        typed = str(self.cleaned_data["base_url"]).strip().rstrip("/")
        if typed:
            try:
                models_policy().checked(typed, needs_https=True)
            except OutboundRefused as refused:
                raise forms.ValidationError(str(refused)) from refused
        return typed

    def clean(self) -> dict[str, Any]:
        """A key is never sent to another address than the one it was entered for."""
        given = super().clean() or self.cleaned_data
        is_moved = {"kind", "base_url"} & set(self.changed_data)
        if is_moved and self.instance.sealed_key and not given.get("key"):
            self.add_error("key", "The address has changed. Enter the key again, for this one.")
        return given

    def save(self, commit: bool = True) -> ModelConnection:
        if self.cleaned_data["key"]:
            self.instance.set_key(self.cleaned_data["key"])
        return super().save(commit)


class ModelConnectionAdmin(RoleAdmin):
    """A tenant's models."""

    form = ModelConnectionForm
    list_display = ["name", "model_name", "visible_key", "state", "spent", "cap"]
    search_fields = ["name", "model_name"]
    ordering = ["name"]
    empty_text = (
        "Without a model, rules read your visitors. A model understands what they paraphrase."
    )
    change_form_outer_before_template = "dashboard/model_actions.html"
    fieldsets = [
        (None, {"fields": ["name", "kind", "model_name", "base_url", "key"]}),
        ("Use", {"fields": ["is_active", "make_default", "extractor", "timeout_seconds"]}),
        ("Voice", {"fields": ["persona", "system_prompt", "max_tokens"]}),
        ("Cost", {"fields": ["input_price", "output_price", "monthly_cap"]}),
    ]

    def may_view(self, person: Staff) -> bool:
        return person.can_edit

    @display(description="Key")
    def visible_key(self, row: ModelConnection) -> str:
        return (f"…{row.key_hint}" if row.key_hint else "set") if row.sealed_key else "none"

    @display(description="State", label={"default": "success", "active": "info", "off": "danger"})
    def state(self, row: ModelConnection) -> str:
        if not row.is_active:
            return "off"
        return "default" if row.is_default else "active"

    @display(description="Spent this month")
    def spent(self, row: ModelConnection) -> str:
        used = row.usage.filter(month=this_month()).first()
        return f"{(used.cost_micros if used else 0) / MICRO:,.2f}"

    @display(description="Cap")
    def cap(self, row: ModelConnection) -> str:
        return "none" if row.monthly_cap is None else f"{row.monthly_cap:,.2f}"

    def save_model(
        self, request: HttpRequest, obj: ModelConnection, form: Any, change: bool
    ) -> None:
        obj.is_default = form.cleaned_data["make_default"]
        if obj.is_default:
            ModelConnection.objects.exclude(pk=obj.pk).filter(is_default=True).update(
                is_default=False
            )
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        trial = path(
            "<uuid:connection_id>/test/",
            self.admin_site.admin_view(never_cache(self.test)),
            name="workspace_modelconnection_test",
        )
        return [trial, *super().get_urls()]

    def test(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Says what a test does; a POST makes it, for it costs some tokens."""
        row = get_object_or_404(ModelConnection, id=connection_id)
        may_test = person_of(request).can_edit
        found = async_to_sync(try_model)(row) if request.method == "POST" and may_test else None
        context = {
            **self.admin_site.each_context(request),
            "title": f"Test {row.name}",
            "opts": self.opts,
            "original": row,
            "row": row,
            "found": found,
            "may_test": may_test,
        }
        return TemplateResponse(request, "dashboard/model_test.html", context)


def _about_key(row: ModelConnection) -> str:
    kept = "Stored encrypted and not shown again."
    if not row.sealed_key:
        return f"{kept} Empty for an endpoint that needs none."
    hint = f", ending in {row.key_hint}" if row.key_hint else ""
    return f"{kept} One is set{hint}. Empty keeps it."
