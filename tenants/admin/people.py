"""The people of a dashboard: added by an owner, who sets what each may do."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.decorators import display

from tenants.admin.roles import RoleAdmin, person_of
from tenants.staff.models import Staff

ROLES = {
    Staff.Role.OWNER: "Owner: everything, people included",
    Staff.Role.EDITOR: "Editor: templates, websites, keys, conversations",
    Staff.Role.REVIEWER: "Reviewer: conversations in full",
    Staff.Role.VIEWER: "Viewer: conversations with personal data masked",
}


class PersonForm(forms.ModelForm[Staff]):
    """Keeps an owner from shutting the door behind themselves. `person` is who fills it in."""

    person: Staff

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk == self.person.pk and not self._keeps_own_rights():
            raise ValidationError(
                "You cannot take your own access away. Ask another owner to do it."
            )
        return cleaned

    def _keeps_own_rights(self) -> bool:
        role = self.cleaned_data.get("role", self.instance.role)
        return bool(self.cleaned_data.get("is_active")) and role == self.initial.get("role", role)


class StaffAdmin(RoleAdmin):
    """A tenant's people."""

    form = PersonForm
    list_display = ["email", "name", "role_label", "state", "last_login"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    fields = ["email", "name", "role", "is_active"]

    def may_view(self, person: Staff) -> bool:
        return person.is_owner

    def may_edit(self, person: Staff) -> bool:
        return person.is_owner

    @display(
        description="Role",
        label={"Owner": "primary", "Editor": "info", "Reviewer": "success", "Viewer": "default"},
    )
    def role_label(self, staff: Staff) -> str:
        return staff.get_role_display()

    @display(description="State", label={"active": "success", "shut out": "danger"})
    def state(self, staff: Staff) -> str:
        return "active" if staff.is_active else "shut out"

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Staff]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.person = person_of(request)
        if role := form.base_fields.get("role"):
            role.choices = list(ROLES.items())
        return form  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: Staff, form: Any, change: bool) -> None:
        if not change:
            obj.is_staff = True
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            self._invite(request, obj)

    def _invite(self, request: HttpRequest, staff: Staff) -> None:
        """The link that resets a password also sets the first one."""
        invitation = ResetPasswordForm({"email": staff.email})
        if invitation.is_valid():
            invitation.save(request)
            messages.info(request, f"A link to choose a password went to {staff.email}.")


class OperatorAdmin(StaffAdmin):
    """The operators: accounts of the public host, who may do everything there."""

    list_display = ["email", "name", "state", "last_login"]
    fields = ["email", "name", "is_active"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(is_superuser=True)

    def save_model(self, request: HttpRequest, obj: Staff, form: Any, change: bool) -> None:
        obj.is_superuser = True
        super().save_model(request, obj, form, change)
