"""The end of what is kept of webhooks and of repeatable requests. Runs in the tenant's scope."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from sessions_app.metrics import FORGOTTEN_DELIVERIES
from sessions_app.models import Delivery, Outbox
from tenants.api_calls import forget_calls
from tenants.database.deleting import delete_where

KEPT = timedelta(days=30)
BATCH = 1_000


def forget_post() -> None:
    """Deliveries that ended 30 days ago go with their attempts, then events nobody is owed.

    Safe to repeat; a killed run leaves the rest to the next.
    """
    before = timezone.now() - KEPT
    while count := _forget_deliveries(before):
        FORGOTTEN_DELIVERIES.inc(count)
    idle = Outbox.objects.filter(created_at__lt=before, deliveries=None)
    while numbers := list(idle.order_by().values_list("id", flat=True)[:BATCH]):
        delete_where(idle.filter(id__in=numbers))
    forget_calls()


@transaction.atomic
def _forget_deliveries(before: datetime) -> int:
    """Each is locked as one that ended long ago: who asks for it once more waits, or keeps it."""
    ended = Delivery.objects.exclude(status=Delivery.Status.PENDING).filter(settled_at__lt=before)
    locked = ended.select_for_update(skip_locked=True).order_by()
    ids = list(locked.values_list("id", flat=True)[:BATCH])
    Delivery.objects.filter(id__in=ids).delete()
    return len(ids)
