"""Pages of a template: the draft in an editor, publishing, and the versions so far."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action, display

from ai_bridge.intake import compile_template
from tenants.admin.roles import RoleAdmin, person_of
from tenants.publishing import publish_template
from tenants.workspace.admin.draft import EMPTY, DraftField, warnings_of
from tenants.workspace.models import Template


class TemplateForm(forms.ModelForm[Template]):
    """Name and draft. A draft that cannot be used is never saved."""

    draft = DraftField(
        label="Template",
        initial=EMPTY,
        help_text="A JSON Schema with “x-intake” for how to ask. Visitors meet it once published.",
    )

    class Meta:
        model = Template
        fields = ["name", "draft"]


class TemplateAdmin(RoleAdmin):
    """A tenant's templates."""

    form = TemplateForm
    fields = ["name", "draft"]
    list_display = ["name", "state", "questions", "updated_at"]
    list_select_related = ["published"]
    search_fields = ["name"]
    ordering = ["name"]
    empty_text = "Create a template: it lists what you want to learn and how to ask for it."
    actions_submit_line = ["publish"]
    change_form_outer_after_template = "dashboard/versions.html"

    class Media:
        js = ["dashboard/editor.js"]

    @display(description="State", label={"Not published": "warning"})
    def state(self, template: Template) -> str:
        return f"Version {template.published.number}" if template.published else "Not published"

    @display(description="Fields")
    def questions(self, template: Template) -> int:
        """A stored draft has passed the check, so it compiles."""
        return len(compile_template(template.draft).fields)

    def save_model(
        self, request: HttpRequest, obj: Template, form: forms.Form, change: bool
    ) -> None:
        """Saves a draft whatever the warnings, and says what it asks badly."""
        super().save_model(request, obj, form, change)
        for warning in warnings_of(obj.draft):
            messages.warning(request, warning)

    @action(description="Save and publish", icon="publish")
    def publish(self, request: HttpRequest, obj: Template) -> None:
        before = obj.published_id
        version = publish_template(obj, by=person_of(request))
        if version.id == before:
            messages.info(request, f"Version {version.number} already says this: nothing changed.")
        else:
            messages.success(
                request,
                f"Version {version.number} is published: new chats use it, running ones keep "
                "theirs.",
            )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The theme offers its actions for stored rows alone; a new one can be published too."""
        context = dict(extra_context or {})
        if object_id is None:
            context["actions_submit_line"] = self.get_actions_submit_line(request, None)
        return super().changeform_view(request, object_id, form_url, context)

    def get_actions_submit_line(self, request: HttpRequest, object_id: Any) -> list[Any]:
        if not self.has_change_permission(request):
            return []
        return list(super().get_actions_submit_line(request, object_id))
