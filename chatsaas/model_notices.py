"""Why rules answer in place of a model just now, for the people of a workspace."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from ai_bridge.runner.model.trouble import TROUBLES
from sessions_app.models import Turn
from tenants.model_choice import CAP
from tenants.workspace.model_connection import MICRO, ModelConnection, ModelUsage, this_month

RECENT = timedelta(hours=24)
# Kept from being asked at all: its row cannot be used as it is.
UNUSABLE = ("Its stored settings cannot be used.", "Open it, enter the key again, and save.")


@dataclass(frozen=True)
class Notice:
    text: str
    action: str
    address: str


def model_notices() -> list[Notice]:
    """Spent budgets, then what went wrong most in the last day. Runs in the tenant's scope."""
    return [*_spent(), *_troubled()]


def _spent() -> list[Notice]:
    usage = ModelUsage.objects.filter(month=this_month())
    total = usage.aggregate(total=Sum("cost_micros"))["total"] or 0
    capped = ModelConnection.objects.filter(is_active=True).exclude(monthly_cap=None)
    return [
        Notice(
            f"The model {row.name} is not asked any more this month: {total / MICRO:,.2f} of "
            f"{row.monthly_cap:,.2f} are spent. Rules answer visitors until the month is over.",
            "Raise the cap",
            _page(row),
        )
        for row in capped
        if row.monthly_cap is not None and total >= row.monthly_cap * MICRO
    ]


def _troubled() -> list[Notice]:
    since = timezone.now() - RECENT
    turns = Turn.objects.filter(degraded=True, finished_at__gte=since).exclude(trouble=CAP)
    counted = Counter(turns.values_list("trouble", flat=True))
    return [
        Notice(
            f"In the last 24 hours rules answered {count} of your visitors' messages in place of "
            f"the model. {' '.join(TROUBLES.get(trouble, UNUSABLE))}",
            "Look at the models",
            reverse("admin:workspace_modelconnection_changelist"),
        )
        for trouble, count in counted.most_common(1)
    ]


def _page(row: ModelConnection) -> str:
    return reverse("admin:workspace_modelconnection_change", args=[row.pk])
