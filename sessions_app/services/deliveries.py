"""Who may try a delivery now, what became of it, and when its lane is looked at again."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Greatest, Now

from sessions_app.models import Attempt, Delivery
from sessions_app.webhooks.body import body_of
from sessions_app.webhooks.schedule import delay_after
from sessions_app.webhooks.sending import Parcel, Sent
from tenants.database.deleting import delete_where
from tenants.models import Due
from tenants.scope import current_schema
from tenants.workspace.models import Webhook

# Longer than one try may take: who still holds a delivery then is gone.
LEASE = timedelta(seconds=30)
SOON = timedelta(seconds=1)
PENDING, DELIVERED, FAILED = (
    Delivery.Status.PENDING,
    Delivery.Status.DELIVERED,
    Delivery.Status.FAILED,
)


@transaction.atomic
def claim_parcels(lane: UUID, *, without: Collection[UUID] = ()) -> list[Parcel]:
    """What of this lane may be sent now: for each endpoint the oldest event that is still owed.

    Waits for rows that another worker is recording: skipping them would let a later event past.
    Endpoints in `without` are left alone.
    """
    owed = Delivery.objects.select_related("webhook", "outbox", "session")
    rows = list(owed.select_for_update(of=("self",)).annotate(clock=Now()).filter(
        lane=lane, status=PENDING
    ).order_by("outbox_id"))  # fmt: skip
    switched_off = [row for row in rows if not row.webhook.is_active]
    _give_up(switched_off)
    heads = _heads(row for row in rows if row.webhook.is_active)
    return [_claimed(row) for row in heads if _is_free(row) and row.webhook_id not in without]


@transaction.atomic
def record_try(parcel: Parcel, sent: Sent) -> bool:
    """Whether the endpoint may be sent its next event of this lane.

    What a worker says after its lease was taken over changes the log and nothing else.
    """
    Attempt.objects.filter(delivery_id=parcel.delivery_id, number=parcel.attempt).update(
        outcome=sent.outcome,
        detail=sent.detail,
        status_code=sent.status_code,
        latency_ms=sent.latency_ms,
        answer=sent.answer,
        finished_at=Now(),
    )
    held = Delivery.objects.filter(id=parcel.delivery_id, attempt=parcel.attempt, status=PENDING)
    changes = _after(parcel, sent)
    is_held = held.update(lease_until=None, **changes) == 1
    if is_held and sent.is_gone:
        Webhook.objects.filter(id=parcel.webhook_id).update(
            is_active=False, off_reason="It answered 410 Gone, which asks never to be called again."
        )
    return is_held and changes.get("status") is not None


@transaction.atomic
def settle_lane(lane: UUID, claimed_at: datetime) -> None:
    """Sets when the lane is due again, or that nothing is left to do in it.

    `claimed_at` is what the claim wrote: an event that came meanwhile has set another moment, and
    that one stands.
    """
    owed = Delivery.objects.filter(lane=lane, status=PENDING).order_by("outbox_id")
    moments = [max(filter(None, (row.next_at, row.lease_until))) for row in _heads(owed.iterator())]
    due = due_of_lane(lane).filter(at=claimed_at)
    if moments:
        due.update(at=Greatest(min(moments), Now() + SOON))
    else:
        delete_where(due)


def due_of_lane(lane: UUID) -> Any:
    return Due.objects.filter(schema=current_schema(), kind=Due.Kind.WEBHOOK, subject=lane)


def make_due(lane: UUID) -> None:
    Due.objects.update_or_create(
        schema=current_schema(), kind=Due.Kind.WEBHOOK, subject=lane, defaults={"at": Now()}
    )


def _heads(rows: Iterator[Delivery]) -> Iterator[Delivery]:
    """The first of each endpoint, and resends, which stand in nobody's way."""
    seen: set[UUID] = set()
    for row in rows:
        if row.is_resend:
            yield row
        elif row.webhook_id not in seen:
            seen.add(row.webhook_id)
            yield row


def _is_free(row: Any) -> bool:
    is_leased = row.lease_until is not None and row.lease_until > row.clock
    return bool(row.next_at <= row.clock and not is_leased)


def _claimed(row: Delivery) -> Parcel:
    row.attempt += 1
    Delivery.objects.filter(id=row.id).update(attempt=row.attempt, lease_until=Now() + LEASE)
    Attempt.objects.create(delivery=row, number=row.attempt)
    return Parcel(
        delivery_id=row.id,
        webhook_id=row.webhook_id,
        attempt=row.attempt,
        failures=row.failures,
        event_id=row.event_id,
        url=row.webhook.url,
        secrets=row.webhook.signing_secrets(),
        body=body_of(row),
    )


def _after(parcel: Parcel, sent: Sent) -> dict[str, Any]:
    """The delivery's columns after a try; with a `status` when it was the last."""
    if sent.is_delivered:
        return {"status": DELIVERED, "settled_at": Now(), "next_at": None}
    failures = parcel.failures + 1
    delay = None if sent.is_gone else delay_after(failures)
    if delay is None:
        return {"status": FAILED, "failures": failures, "settled_at": Now(), "next_at": None}
    return {"failures": failures, "next_at": Now() + delay}


def _give_up(rows: Sequence[Delivery]) -> None:
    """Their endpoint was switched off; each can be resent once it is on again."""
    if rows:
        Delivery.objects.filter(id__in=[row.id for row in rows]).update(
            status=FAILED, settled_at=Now(), next_at=None, lease_until=None
        )
