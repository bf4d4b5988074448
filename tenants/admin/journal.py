"""Who changed what, and when, in each tenant's own table.

The stock log names the model by its content type, whose number a process remembers for all schemas
though each schema has numbers of its own. Here the row's label and id name it.
"""

import json
from typing import Any, cast

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

from tenants.staff.models import Staff

PER_PAGE = 100


class Journal(ModelAdmin):
    """A model's admin that writes and shows such a log."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return self._log(request, obj, ADDITION, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return self._log(request, obj, CHANGE, message)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        entries = LogEntry.objects.filter(object_id=self._name(unquote(object_id)))
        paginator = Paginator(entries.select_related("user").order_by("-action_time"), PER_PAGE)
        page = paginator.get_page(request.GET.get("p"))
        context = {
            "action_list": page,
            "page_range": paginator.get_elided_page_range(page.number),
            "pagination_required": paginator.num_pages > 1,
            **(extra_context or {}),
        }
        answer: HttpResponse = super().history_view(request, object_id, context)
        return answer

    def _log(self, request: HttpRequest, obj: Model, flag: int, message: Any) -> LogEntry:
        entry = LogEntry(
            user=cast(Staff, request.user),
            object_id=self._name(obj.pk),
            object_repr=str(obj)[:200],
            action_flag=flag,
            change_message=message if isinstance(message, str) else json.dumps(message),
        )
        entry.save()
        return entry

    def _name(self, key: Any) -> str:
        return f"{self.opts.label_lower}:{key}"
