"""The one table of what is due, over all tenants. Runs in the shared scope."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from tenants.models import Due

# Picked first, in a statement of its own: as a subquery of the update the planner may run it again
# for every row, and each run passes over what is locked already and picks others.
CLAIM = """
WITH picked AS MATERIALIZED (
    SELECT due.id FROM tenants_due AS due
    JOIN tenants_tenant AS tenant ON tenant.schema_name = due.schema
    WHERE due.at <= now() AND due.kind = %(kind)s AND tenant.status = 'active'
    ORDER BY due.at LIMIT %(batch)s FOR UPDATE OF due SKIP LOCKED
)
UPDATE tenants_due SET at = now() + make_interval(secs => %(hold)s)
FROM picked WHERE tenants_due.id = picked.id
RETURNING schema, subject, tenants_due.at"""

OVERDUE = """
SELECT coalesce(extract(epoch FROM now() - min(at)), 0), count(*)
FROM tenants_due WHERE kind = %s AND at <= now()"""


@dataclass(frozen=True)
class Lane:
    """Deliveries that are due in a tenant. `at` is what the claim wrote into the row."""

    schema: str
    subject: UUID
    at: datetime


def claim_due(batch: int, hold_seconds: int) -> list[tuple[str, UUID]]:
    """The tenant's schema and the session of what is due, held back from others for a while."""
    return [(row.schema, row.subject) for row in _claim(Due.Kind.SESSION, batch, hold_seconds)]


def claim_lanes(batch: int, hold_seconds: int) -> list[Lane]:
    """The same for webhooks' deliveries."""
    return _claim(Due.Kind.WEBHOOK, batch, hold_seconds)


def overdue(kind: Due.Kind) -> tuple[float, int]:
    """By how many seconds the oldest of this kind is late, and how many are; one cheap query."""
    with connection.cursor() as cursor:
        cursor.execute(OVERDUE, [kind])
        seconds, count = cursor.fetchone()
    return float(seconds), count


def _claim(kind: Due.Kind, batch: int, hold_seconds: int) -> list[Lane]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"kind": kind, "batch": batch, "hold": hold_seconds})
        return [Lane(*row) for row in cursor.fetchall()]
