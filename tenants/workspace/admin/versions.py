"""Pages of published versions: to read and compare, never to change."""

import difflib
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from tenants.admin.roles import RoleAdmin
from tenants.workspace.admin.draft import pretty_json
from tenants.workspace.models import TemplateVersion
from tenants.workspace.pretty import highlighted


class TemplateVersionAdmin(RoleAdmin):
    """One version, with what it changed. The list stands on the template's own page."""

    list_display = ["template", "number", "published_at", "published_by"]
    list_select_related = ["template", "published_by"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        page = path(
            "<uuid:version_id>/change/",
            self.admin_site.admin_view(self.page),
            name="workspace_templateversion_change",
        )
        return [page, *super().get_urls()]

    def page(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        versions = TemplateVersion.objects.select_related("template", "published_by")
        version = get_object_or_404(versions, id=version_id)
        context = {
            **self.admin_site.each_context(request),
            "title": str(version),
            "opts": self.opts,
            "original": version,
            "version": version,
            "document": highlighted(version.document),
            "changes": changes_of(version),
        }
        return TemplateResponse(request, "dashboard/version.html", context)


def changes_of(version: TemplateVersion) -> list[tuple[str, str]]:
    """What this version changed against the one before: (sign, line); empty for the first."""
    before = version.template.versions.filter(number=version.number - 1).first()
    if before is None:
        return []
    old, new = (pretty_json(each.document).splitlines() for each in (before, version))
    lines = list(difflib.unified_diff(old, new, lineterm="", n=2))[2:]
    return [(line[0], line if line[0] == "@" else line[1:]) for line in lines]
