"""Sends what was sent before once more, and events that only try an endpoint out."""

from collections.abc import Iterable
from uuid import uuid4

from django.db import transaction
from django.db.models.functions import Now

from sessions_app.models import Delivery
from sessions_app.services.deliveries import make_due
from sessions_app.webhooks.body import TEST
from tenants.errors import WebhookIsOff
from tenants.workspace.models import Webhook

PENDING = Delivery.Status.PENDING


@transaction.atomic
def resend(deliveries: Iterable[Delivery]) -> int:
    """Each is due at once, with its schedule begun anew; answers how many.

    One that waits for its next try is tried now, and keeps its place before later events. Raises
    WebhookIsOff, and does nothing, when an endpoint of them is switched off.
    """
    ids = [delivery.id for delivery in deliveries]
    locked = Delivery.objects.select_for_update(of=("self",)).select_related("webhook")
    rows = list(locked.filter(id__in=ids).order_by("id"))
    if not all(row.webhook.is_active for row in rows):
        raise WebhookIsOff
    for row in rows:
        is_resend = row.is_resend or row.status != PENDING
        Delivery.objects.filter(id=row.id).update(
            status=PENDING, is_resend=is_resend, failures=0, next_at=Now(), settled_at=None
        )
    for lane in sorted({row.lane for row in rows}):
        make_due(lane)
    return len(rows)


@transaction.atomic
def send_test(webhook: Webhook) -> Delivery:
    """A `webhook.test` event for this endpoint alone. Raises WebhookIsOff."""
    if not webhook.is_active:
        raise WebhookIsOff
    lane = uuid4()
    delivery = Delivery.objects.create(webhook=webhook, kind=TEST, lane=lane, next_at=Now())
    make_due(lane)
    delivery.refresh_from_db()
    return delivery
