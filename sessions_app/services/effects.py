"""Keeps an effect for the outside world with the move that caused it, and what it owes to whom."""

from typing import Any, LiteralString
from uuid import UUID

import orjson
from django.db import connection

from tenants.scope import current_schema

# One statement in the turn's own transaction: the event, a delivery for every endpoint that wants
# it, and the mark that something is due. A tenant without endpoints pays for one row.
RECORD: LiteralString = """
WITH kept AS (
    INSERT INTO sessions_app_outbox (session_id, seq, kind, payload, created_at)
    VALUES (%(session)s, %(seq)s, %(kind)s, %(payload)s::jsonb, now())
    RETURNING id, uid, session_id, kind
), owed AS (
    INSERT INTO sessions_app_delivery
        (webhook_id, session_id, outbox_id, event, kind, lane,
         status, is_resend, attempt, failures, next_at, created_at)
    SELECT webhook.id, kept.session_id, kept.id, kept.uid, kept.kind, kept.session_id,
           'pending', false, 0, 0, now(), now()
    FROM kept
    JOIN sessions_app_session AS session ON session.id = kept.session_id
    JOIN workspace_webhook AS webhook ON webhook.is_active AND kept.kind = ANY (webhook.events)
        AND (webhook.website_id IS NULL OR webhook.website_id = session.website_id)
    RETURNING lane
)
INSERT INTO tenants_due (schema, kind, subject, at)
SELECT DISTINCT %(schema)s, 'webhook', lane, now() FROM owed
ON CONFLICT (schema, kind, subject) DO UPDATE SET at = EXCLUDED.at"""


def record_effect(session_id: UUID, seq: int, kind: str, payload: dict[str, Any]) -> None:
    """Call it in the transaction of the move. `seq` is the last event's of that move."""
    values: dict[str, Any] = {
        "schema": current_schema(),
        "session": session_id,
        "seq": seq,
        "kind": kind,
        "payload": orjson.dumps(payload).decode(),
    }
    with connection.cursor() as cursor:
        cursor.execute(RECORD, values)
