"""Ends a session, for whatever reason; what was collected stays readable."""

from uuid import UUID

from django.db import transaction

from ai_bridge.contract import CloseReason
from sessions_app.events import STORE_CLOSE, StoredEvent, move_session
from sessions_app.frames import Closed
from sessions_app.services.claims import due_of
from sessions_app.services.effects import record_effect
from sessions_app.services.finish import drop_waiting
from tenants.database.deleting import delete_where


@transaction.atomic
def close_session(session_id: UUID, reason: CloseReason) -> tuple[StoredEvent, ...]:
    """The events of the close; none when it was closed before or has no row yet. Safe to repeat.

    The runner is still to be told: the session stays due until somebody has done so.
    """
    moved = move_session(
        session_id, STORE_CLOSE, [Closed(reason=reason)], idle_minutes=0, close_reason=reason
    )
    if moved is None:
        return ()
    drop_waiting(session_id)
    record_effect(session_id, moved.events[-1].seq, "session.closed", {"reason": reason})
    return moved.events


def forget_due(session_id: UUID) -> None:
    """Nothing is left to do for this session."""
    delete_where(due_of(session_id))
