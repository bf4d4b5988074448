"""The end of what is kept of webhooks and of repeatable requests. Runs in the tenant's scope."""

from datetime import timedelta

from django.utils import timezone

from sessions_app.models import Delivery, Outbox
from tenants.api_calls import forget_calls

KEPT = timedelta(days=30)
BATCH = 1_000


def forget_post() -> None:
    """Deliveries that ended 30 days ago go with their attempts, then events nobody is owed.

    Safe to repeat; a killed run leaves the rest to the next.
    """
    before = timezone.now() - KEPT
    ended = Delivery.objects.exclude(status=Delivery.Status.PENDING).filter(settled_at__lt=before)
    while ids := list(ended.order_by().values_list("id", flat=True)[:BATCH]):
        Delivery.objects.filter(id__in=ids).delete()
    idle = Outbox.objects.filter(created_at__lt=before, deliveries=None)
    while numbers := list(idle.order_by().values_list("id", flat=True)[:BATCH]):
        Outbox.objects.filter(id__in=numbers).delete()
    forget_calls()
