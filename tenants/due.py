"""The one table of what is due, over all tenants. Runs in the shared scope."""

from uuid import UUID

from django.db import connection

CLAIM = """
UPDATE tenants_due SET at = now() + make_interval(secs => %(hold)s)
WHERE id IN (
    SELECT due.id FROM tenants_due AS due
    JOIN tenants_tenant AS tenant ON tenant.schema_name = due.schema
    WHERE due.at <= now() AND due.kind = 'session' AND tenant.status = 'active'
    ORDER BY due.at LIMIT %(batch)s FOR UPDATE OF due SKIP LOCKED
)
RETURNING schema, subject"""


def claim_due(batch: int, hold_seconds: int) -> list[tuple[str, UUID]]:
    """The tenant's schema and the session of what is due, held back from others for a while."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"batch": batch, "hold": hold_seconds})
        return [(schema, subject) for schema, subject in cursor.fetchall()]
