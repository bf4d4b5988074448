"""Which conversations hold something whose time is over. Runs in the tenant's scope."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from sessions_app.models import Session
from sessions_app.retention.erasing import Overdue
from sessions_app.retention.terms import terms_of
from tenants.pinned import intake_of_version
from tenants.workspace.models import TemplateVersion

FIRST = UUID(int=0)


def find_overdue(now: datetime, after: UUID, most: int) -> list[Overdue]:
    """By id, those behind `after`; each with the longest of its periods that is over.

    Days count from the last activity: a close may come long after it, or never.
    """
    found: dict[UUID, int] = {}
    for version, days in _periods():
        rows = _overdue(version, days, now).filter(id__gt=after).order_by("id")
        for session in rows.values_list("id", flat=True)[:most]:
            found[session] = max(days, found.get(session, 0))
    return [Overdue(session, found[session]) for session in sorted(found)[:most]]


def count_overdue(now: datetime) -> int:
    """Conversations that something is erased of now."""
    found = [_overdue(version, days, now) for version, days in _periods()]
    return len({session for rows in found for session in rows.values_list("id", flat=True)})


def _overdue(version: UUID, days: int, now: datetime) -> QuerySet[Session]:
    waiting = Session.objects.filter(template_version_id=version, erased_days__lt=days)
    return waiting.filter(last_activity_at__lte=now - timedelta(days=days))


def _periods() -> Iterator[tuple[UUID, int]]:
    """Every period of every template version that has any."""
    written = TemplateVersion.objects.annotate(text=Cast("document", TextField()))
    for version in written.filter(text__contains='"retain_days"').values_list("id", flat=True):
        for days in terms_of(intake_of_version(version)).periods:
            yield version, days
