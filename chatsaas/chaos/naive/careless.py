"""Takes from the relay what makes a delivery survive its worker, repeatable, and one of a row."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

from chatsaas.chaos.naive import require_scratch
from sessions_app.models import Delivery
from sessions_app.services import deliveries
from sessions_app.webhooks.sending import Parcel

_heads, _claimed = deliveries._heads, deliveries._claimed


def remove() -> None:
    """Events are done with when somebody begins to send them, named anew, and sent all at once."""
    require_scratch()
    vars(deliveries).update({_heads.__name__: _all_of, _claimed.__name__: _done_with})


def _all_of(rows: Iterator[Delivery]) -> Iterator[Delivery]:
    return rows


def _done_with(row: Any) -> Parcel:
    parcel = _claimed(row)
    Delivery.objects.filter(id=row.id).update(status=Delivery.Status.DELIVERED)
    return replace(parcel, event_id=f"evt_{uuid4().hex}")
