"""Reads what was recorded of a turn."""

from uuid import UUID

from sessions_app.models import Turn


def recorded_response(session_id: UUID, request_id: UUID) -> str:
    """The turn's answer as it was first given; empty while there is none."""
    turns = Turn.objects.filter(session_id=session_id, request_id=request_id)
    return turns.values_list("response", flat=True).first() or ""
