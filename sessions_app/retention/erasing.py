"""Erases what is due in one conversation. Runs in the tenant's scope; safe to repeat."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sessions_app.metrics import ERASED_VALUES
from sessions_app.models import Attempt, FieldValue, Message, Outbox, Session, Turn
from sessions_app.retention.scrubbing import Scrub, Told, scrub_of, scrub_row
from sessions_app.retention.terms import terms_of
from sessions_app.services.close import close_session
from tenants.owner import rewrite_events
from tenants.pinned import intake_of_version
from tenants.scope import current_schema

BATCH = 200


@dataclass(frozen=True)
class Overdue:
    """A conversation with values whose retention periods, up to `days`, are over."""

    session_id: UUID
    days: int

    @property
    def thread_id(self) -> str:
        return f"ses_{self.session_id.hex}"


def end_conversation(overdue: Overdue) -> None:
    """One that was never closed is closed now, so that nobody adds to it any more."""
    close_session(overdue.session_id, "idle")


def erase_overdue(overdue: Overdue) -> None:
    """The events first, by the database's owner; then the rest in one transaction.

    Killed in between, the conversation is still due, and the same is done again.
    """
    session = Session.objects.get(id=overdue.session_id)
    scrub = _scrub(session, overdue.days)
    told = Told(scrub, session.events.order_by("seq").values_list("seq", "kind", "payload"))
    rewrite_events(current_schema(), session.id, told.payloads)
    ERASED_VALUES.inc(_erase_rows(session, scrub, told))


def _scrub(session: Session, days: int) -> Scrub:
    intake = intake_of_version(session.template_version_id)
    return scrub_of(
        intake,
        terms_of(intake),
        session.field_values.all(),
        days=days,
        moment=timezone.now(),
        has_words=session.words_erased_at is None,
    )


@transaction.atomic
def _erase_rows(session: Session, scrub: Scrub, told: Told) -> int:
    """How many changes of fields were erased that had not been before."""
    values = list(session.field_values.all())
    kept = sum(row.erased_at is None for row in values)
    for row in values:
        scrub_row(scrub, row)
    FieldValue.objects.bulk_update(
        values, ["value", "quote", "reason", "start", "end", "erased_at", "erased_days"], BATCH
    )
    _erase_turns(session, scrub, told)
    _erase_effects(session, told)
    if scrub.words is not None:
        Message.objects.filter(session=session).update(text=scrub.words)
        session.words_erased_at, session.words_days = scrub.moment, min(scrub.terms.periods)
        session.identity = scrub.identity(session.identity)
    if session.document is not None:
        session.document = told.document_at(session.last_seq)
    session.state_hash, session.erased_days = "", scrub.days
    session.save(
        update_fields=[
            "identity",
            "document",
            "state_hash",
            "erased_days",
            "words_erased_at",
            "words_days",
        ]
    )
    return kept - sum(row.erased_at is None for row in values)


def _erase_turns(session: Session, scrub: Scrub, told: Told) -> None:
    """Operations say again what the values do, in the visitor's words."""
    turns = list(session.turns.all())
    for turn in turns:
        if scrub.words is not None:
            turn.input = scrub.input(turn.input)
            turn.operations, turn.state_hash = [], ""
            turn.heard = None if turn.heard is None else []
        if turn.response:
            turn.response = told.response(turn.response)
    Turn.objects.bulk_update(
        turns, ["input", "operations", "heard", "response", "state_hash"], BATCH
    )


def _erase_effects(session: Session, told: Told) -> None:
    """What endpoints were told, and what they said to it, which may be the same."""
    effects = list(session.outbox.all())
    for effect in effects:
        effect.payload = _payload(effect.payload, told, effect.seq)
    Outbox.objects.bulk_update(effects, ["payload"])
    Attempt.objects.filter(delivery__session=session).update(answer="", detail="")


def _payload(payload: dict[str, Any], told: Told, seq: int) -> dict[str, Any]:
    has_document = payload.get("document") is not None
    return payload | {"document": told.document_at(seq)} if has_document else payload
