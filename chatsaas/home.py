"""What the first page of each dashboard says: the next step, what needs a person, today."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from chatsaas.model_notices import model_notices
from sessions_app.models import Session
from tenants.models import Tenant
from tenants.workspace.models import Template, Website


@dataclass(frozen=True)
class Step:
    """One step of getting started. It ticks itself from what is in the database."""

    title: str
    detail: str
    action: str
    address: str
    is_done: bool


def tenant_home() -> dict[str, Any]:
    """The context of a tenant's first page. Runs in the tenant's scope."""
    steps = _steps()
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "steps": steps,
        "next_step": next((step for step in steps if not step.is_done), None),
        "done_count": sum(step.is_done for step in steps),
        "waiting": Session.objects.filter(status=Session.Status.HANDOFF).select_related("website"),
        "failed_turns": Session.objects.filter(turns__status="failed").distinct(),
        "numbers": _numbers(today),
        "models": model_notices(),
    }


def _steps() -> list[Step]:
    template = Template.objects.order_by("created_at").first()
    website = Website.objects.order_by("created_at").first()
    published = Template.objects.exclude(published=None).exists()
    return [
        Step(
            "Describe what you want to learn",
            "An intake template lists the fields and how to ask for them.",
            "Create a template",
            reverse("admin:workspace_template_add"),
            template is not None,
        ),
        Step(
            "Publish it",
            "Visitors meet a published version; it never changes under a running chat.",
            "Open the template",
            _page("template", template),
            published,
        ),
        Step(
            "Add your website",
            "Name the pages that may show the chat, and choose its template and colour.",
            "Add a website",
            reverse("admin:workspace_website_add"),
            Website.objects.exclude(template=None).exists(),
        ),
        Step(
            "Paste the snippet",
            "One line in your page. This step is done when the first visitor writes.",
            "Show the snippet",
            _page("website", website, "snippet"),
            Session.objects.exists(),
        ),
        Step(
            "Receive the first finished intake",
            "You find it here, with the words every value came from.",
            "Open the conversations",
            reverse("admin:sessions_app_session_changelist"),
            Session.objects.filter(status=Session.Status.COMPLETED).exists(),
        ),
    ]


def _page(model: str, row: Template | Website | None, view: str = "change") -> str:
    if row is None:
        return reverse(f"admin:workspace_{model}_changelist")
    return reverse(f"admin:workspace_{model}_{view}", args=[row.pk])


def _numbers(today: datetime) -> list[tuple[str, int]]:
    started = Session.objects.filter(created_at__gte=today)
    completed = Q(status=Session.Status.COMPLETED)
    going_on = Session.objects.open().filter(status=Session.Status.OPEN)
    return [
        ("Started", started.count()),
        ("Completed", Session.objects.filter(completed, last_activity_at__gte=today).count()),
        ("Open now", going_on.count()),
    ]


def operator_home() -> dict[str, Any]:
    """The context of the operator's first page."""
    counts = {
        str(status.label): Tenant.objects.filter(status=status).count() for status in Tenant.Status
    }
    return {
        "numbers": list(counts.items()),
        "failed": Tenant.objects.filter(status=Tenant.Status.FAILED).order_by("name"),
    }
