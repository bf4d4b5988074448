"""What a person may do in a dashboard follows from the role alone."""

from typing import Any, cast

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.http import HttpRequest, HttpResponse

from tenants.admin.journal import Journal
from tenants.staff.models import Staff


def person_of(request: HttpRequest) -> Staff:
    """Who is signed in. Admin views let nobody else through."""
    return cast(Staff, request.user)


class RoleAdmin(Journal):
    """Everybody looks, editors change, nobody deletes; subclasses say where it is otherwise.

    Deleting is off by design: websites, keys and templates stand behind recorded conversations.
    """

    list_filter_submit = True
    # What an empty list says to do next.
    empty_text = ""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choosing a row is all: adding one in a pop-up has no name for a screen reader."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"show_save_and_add_another": False, **(extra_context or {})}
        page: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        return page

    def may_view(self, person: Staff) -> bool:
        return True

    def may_edit(self, person: Staff) -> bool:
        return person.can_edit

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_view(person_of(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_view(person_of(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_edit(person_of(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(person_of(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
