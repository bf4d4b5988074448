"""Looks at a session that is due, and says what is to be done about it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from pydantic import TypeAdapter

from ai_bridge.contract import CloseReason
from sessions_app.events import StoredEvent
from sessions_app.models import Session
from sessions_app.services.claims import due_of
from sessions_app.services.close import close_session, forget_due
from tenants.pinned import pinned_template


@dataclass(frozen=True)
class Duty:
    """`events` are those of an idle session that was closed just now."""

    work: Literal["drive", "tell_runner", "nothing"]
    close_reason: CloseReason = "limits"
    events: tuple[StoredEvent, ...] = ()


CLOSE_REASON: TypeAdapter[CloseReason] = TypeAdapter(CloseReason)
NOTHING = Duty("nothing")


@transaction.atomic
def attend_session(session_id: UUID) -> Duty:
    """Closes the session if it has been idle for too long by the database's clock.

    Safe to repeat; a session that is due too early is due again at the right time.
    """
    locked = Session.objects.select_for_update(no_key=True).filter(id=session_id)
    session = locked.annotate(rest=Now() - F("last_activity_at")).first()
    if session is None:
        forget_due(session_id)
        return NOTHING
    if session.is_closed:
        return Duty("tell_runner", CLOSE_REASON.validate_python(session.close_reason))
    if session.is_waiting:
        return Duty("drive")
    limit = timedelta(minutes=pinned_template(session.template_version_id).idle_minutes)
    rest: timedelta = vars(session)["rest"]
    if rest < limit:
        due_of(session_id).update(at=Now() + (limit - rest))
        return NOTHING
    return Duty("tell_runner", "idle", close_session(session_id, "idle"))
