"""Pages of a website: where the chat may run, how it looks, and the lines to paste."""

import re
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.decorators import display
from unfold.widgets import UnfoldAdminColorInputWidget, UnfoldAdminSelectWidget

from tenants.admin.roles import RoleAdmin, person_of
from tenants.keys import issue_key
from tenants.workspace.admin.origins import OriginsField
from tenants.workspace.models import ApiKey, Website
from tenants.workspace.snippet import snippet_of

LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class WebsiteForm(forms.ModelForm[Website]):
    """A website as its owner describes it."""

    allowed_origins = OriginsField(
        help_text="One per line: scheme, host and port as the browser shows them, for example "
        "https://www.example.com. Pages of any other origin are refused.",
    )
    timezone = forms.ChoiceField(
        choices=lambda: [(name, name) for name in sorted(available_timezones())],
        initial="UTC",
        widget=UnfoldAdminSelectWidget,
        help_text="Used when the visitor's browser does not say.",
    )

    class Meta:
        model = Website
        fields = [
            "name",
            "allowed_origins",
            "template",
            "is_active",
            "model_connection",
            "rules_only",
            "title",
            "launcher_title",
            "colour",
            "theme",
            "position",
            "locale",
            "region",
            "timezone",
        ]
        widgets = {"colour": UnfoldAdminColorInputWidget}
        labels = {
            "is_active": "Active",
            "model_connection": "Model",
            "rules_only": "No model",
            "launcher_title": "Text of the button",
        }
        help_texts = {
            "template": "What the chat asks for. It must be published to be used.",
            "is_active": "Off: the widget is refused everywhere; nothing is lost.",
            "model_connection": "Helps to read and answer visitors.",
            "rules_only": "On: rules alone read this website's visitors.",
            "locale": "Language and country of the site, for example en or de-AT.",
            "region": "Two letters, for example US: how dates and phone numbers are read.",
            "title": "Stands at the top of the chat.",
            "launcher_title": "Stands on the button that opens the chat.",
            "colour": "The accent colour of the chat.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model_connection"].empty_label = "The default"  # type: ignore[attr-defined]

    def clean_locale(self) -> str:
        locale = str(self.cleaned_data["locale"])
        if locale and not LOCALE.fullmatch(locale):
            raise forms.ValidationError("Write it like en or de-AT: language, hyphen, country.")
        return locale

    def clean_region(self) -> str:
        region = str(self.cleaned_data["region"]).upper()
        if region and not (len(region) == 2 and region.isascii() and region.isalpha()):
            raise forms.ValidationError("Write the two letters of the country, for example US.")
        return region


class WebsiteAdmin(RoleAdmin):
    """A tenant's websites."""

    form = WebsiteForm
    list_display = ["name", "origins", "template", "state", "snippet_link"]
    list_select_related = ["template"]
    search_fields = ["name", "allowed_origins"]
    ordering = ["name"]
    empty_text = "Add the website whose pages shall show the chat."
    change_form_outer_before_template = "dashboard/website_links.html"
    fieldsets = [
        (None, {"fields": ["name", "allowed_origins", "template", "is_active"]}),
        (
            "Appearance",
            {"fields": ["title", "launcher_title", "colour", "theme", "position"]},
        ),
        ("Model", {"fields": ["model_connection", "rules_only"]}),
        ("Language", {"fields": ["locale", "region", "timezone"]}),
    ]

    @display(description="Allowed origins")
    def origins(self, website: Website) -> str:
        first, *others = website.allowed_origins or ["none"]
        return f"{first} and {len(others)} more" if others else first

    @display(description="State", label={"active": "success", "off": "danger"})
    def state(self, website: Website) -> str:
        return "active" if website.is_active else "off"

    @display(description="Snippet")
    def snippet_link(self, website: Website) -> str:
        address = reverse("admin:workspace_website_snippet", args=[website.pk])
        return format_html(
            '<a class="cs-link" href="{}" aria-label="Snippet of {}">Snippet</a>',
            address,
            website.name,
        )

    def get_urls(self) -> list[URLPattern]:
        snippet = path(
            "<uuid:website_id>/snippet/",
            self.admin_site.admin_view(self.snippet),
            name="workspace_website_snippet",
        )
        return [snippet, *super().get_urls()]

    def snippet(self, request: HttpRequest, website_id: Any) -> HttpResponse:
        """The lines to paste; a POST makes the publishable key that they need."""
        website = get_object_or_404(Website, id=website_id)
        can_edit = person_of(request).can_edit
        if request.method == "POST" and can_edit and snippet_of(website) is None:
            issue_key(website, kind=ApiKey.Kind.PUBLISHABLE, name=f"{website.name} page")
        context = {
            **self.admin_site.each_context(request),
            "title": website.name,
            "opts": self.opts,
            "original": website,
            "website": website,
            "snippet": snippet_of(website),
            "can_edit": can_edit,
        }
        return TemplateResponse(request, "dashboard/snippet.html", context)
