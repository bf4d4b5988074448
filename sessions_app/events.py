"""The event log of a session: the one statement that moves a session on, and the one that reads.

Raw SQL where one statement does the work of four: a turn has a budget of statements, and every
number that a client sees must be given under the session row's lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, LiteralString
from uuid import UUID

import orjson
from django.db import connection

from sessions_app.frames import Fact, payload_of
from sessions_app.models import Event
from tenants.scope import current_schema

LEASE_SECONDS = 5
# One page of events is what a slow reader costs in memory; a client that is further behind than
# the window begins afresh with its last events.
PAGE, WINDOW = 50, 1000


@dataclass(frozen=True)
class StoredEvent:
    """One event as clients get it. `payload` has neither its type nor its number."""

    seq: int
    kind: str
    payload: dict[str, Any]

    def frame(self) -> dict[str, Any]:
        return {"type": self.kind, "seq": self.seq, **self.payload}

    @cached_property
    def encoded(self) -> str:
        """Once for all sockets of this process."""
        return orjson.dumps(self.frame()).decode()


@dataclass(frozen=True)
class Moved:
    """The session after a move, and the events that the move wrote."""

    events: tuple[StoredEvent, ...]
    is_waiting: bool
    turn_count: int


def replay(session_id: UUID, after: int) -> tuple[StoredEvent, ...]:
    """The next events after this number, in order; more may follow a full PAGE."""
    rows = Event.objects.filter(session_id=session_id, seq__gt=after).order_by("seq")
    return tuple(StoredEvent(*row) for row in rows.values_list("seq", "kind", "payload")[:PAGE])


# A turn was stored. Who finds the session free takes the lease in the same statement.
STORE_INPUT: LiteralString = """
    turn_count = turn_count + 1,
    last_activity_at = now(),
    resume_hashes = %(resume_hashes)s,
    fence = fence + CASE WHEN %(claims)s THEN 1 ELSE 0 END,
    lease_until = CASE WHEN %(claims)s THEN now() + make_interval(secs => %(lease)s)
                  ELSE lease_until END"""

# A turn was answered: the lease is given back and the row says where the intake stands.
STORE_ANSWER: LiteralString = """
    answered_count = answered_count + 1,
    last_activity_at = now(),
    lease_until = NULL,
    status = CASE WHEN %(status)s = 'closed' AND status <> 'open' THEN status
             ELSE %(status)s END,
    close_reason = %(close_reason)s,
    closed_at = CASE WHEN %(close_reason)s <> '' THEN now() END,
    asking = %(asking)s,
    filled = %(filled)s,
    required = %(required)s,
    state_hash = %(state_hash)s,
    tokens_used = tokens_used + %(tokens)s,
    document = coalesce(%(document)s::jsonb, document)"""

# A turn could not be answered; what the intake holds stays as it was.
STORE_FAILURE: LiteralString = """
    answered_count = answered_count + 1,
    last_activity_at = now(),
    lease_until = NULL,
    status = 'handoff'"""

# The fence moves, so that a worker which still drives a turn of this session writes nothing.
STORE_CLOSE: LiteralString = """
    answered_count = turn_count,
    lease_until = NULL,
    fence = fence + 1,
    status = CASE WHEN status = 'open' THEN 'closed' ELSE status END,
    close_reason = %(close_reason)s,
    closed_at = now()"""

MOVE: LiteralString = """
WITH moved AS (
    UPDATE sessions_app_session
    SET last_seq = last_seq + %(count)s, {assignments}
    WHERE id = %(session)s AND closed_at IS NULL
      AND (%(fence)s IS NULL OR (fence = %(fence)s AND lease_until IS NOT NULL))
    RETURNING id, last_seq, turn_count, answered_count, lease_until, closed_at, last_activity_at
), told AS (
    INSERT INTO sessions_app_event (session_id, seq, kind, payload, created_at)
    SELECT moved.id, moved.last_seq - %(count)s + fact.place, fact.kind, fact.payload, now()
    FROM moved, unnest(%(kinds)s::text[], %(payloads)s::jsonb[])
        WITH ORDINALITY AS fact (kind, payload, place)
), due AS (
    INSERT INTO tenants_due (schema, kind, subject, at)
    SELECT %(schema)s, 'session', moved.id, CASE
        WHEN closed_at IS NOT NULL THEN now()
        WHEN lease_until IS NOT NULL THEN lease_until
        WHEN turn_count > answered_count THEN now() + make_interval(secs => %(lease)s)
        ELSE last_activity_at + make_interval(mins => %(idle_minutes)s) END
    FROM moved
    ON CONFLICT (schema, kind, subject) DO UPDATE SET at = EXCLUDED.at
)
SELECT last_seq, turn_count > answered_count, turn_count FROM moved"""

RENEW: LiteralString = """
WITH moved AS (
    UPDATE sessions_app_session SET lease_until = now() + make_interval(secs => %(lease)s)
    WHERE id = %(session)s AND fence = %(fence)s AND lease_until IS NOT NULL
    RETURNING id, lease_until
)
UPDATE tenants_due SET at = moved.lease_until FROM moved
WHERE schema = %(schema)s AND kind = 'session' AND subject = moved.id
RETURNING subject"""


def move_session(
    session_id: UUID,
    assignments: LiteralString,
    facts: Sequence[Fact],
    *,
    idle_minutes: int,
    fence: int | None = None,
    **values: Any,
) -> Moved | None:
    """Change the session row, append its events and set when it is due, in one statement.

    Answers None and does nothing when the session is closed, or when the lease with this `fence`
    was given up or taken over.
    """
    kinds = [fact.type for fact in facts]
    payloads = [payload_of(fact) for fact in facts]
    written: dict[str, Any] = {
        "session": session_id,
        "schema": current_schema(),
        "fence": fence,
        "lease": LEASE_SECONDS,
        "idle_minutes": idle_minutes,
        "count": len(facts),
        "kinds": kinds,
        "payloads": [orjson.dumps(payload).decode() for payload in payloads],
    }
    with connection.cursor() as cursor:
        cursor.execute(MOVE.format(assignments=assignments), {**written, **values})
        row = cursor.fetchone()
    if row is None:
        return None
    last_seq, is_waiting, turn_count = row
    first = last_seq - len(facts) + 1
    events = tuple(
        StoredEvent(first + place, kind, payload)
        for place, (kind, payload) in enumerate(zip(kinds, payloads, strict=True))
    )
    return Moved(events, is_waiting, turn_count)


def renew_lease(session_id: UUID, fence: int) -> bool:
    """Whether the turn is still this worker's; if so it stays so for the length of a lease."""
    values: dict[str, Any] = {
        "session": session_id,
        "fence": fence,
        "schema": current_schema(),
        "lease": LEASE_SECONDS,
    }
    with connection.cursor() as cursor:
        cursor.execute(RENEW, values)
        return cursor.fetchone() is not None
