"""Stores what a visitor said or changed, before anybody is told that it was received."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from ai_bridge.contract import EditInput, Input, MessageInput, PrefillInput
from sessions_app import frames
from sessions_app.errors import IdempotencyConflict, SessionClosed
from sessions_app.events import STORE_INPUT, StoredEvent, move_session
from sessions_app.models import Event, Message, Session, Turn
from sessions_app.services.claims import Claim, LockedSession, claim_for, lock_session
from sessions_app.services.site import published_version
from tenants.pinned import pinned_template
from tenants.plans import plan_of
from tenants.resume import with_resume
from tenants.scope import current_schema
from tenants.tokens import Visitor
from tenants.workspace.models import Website


@dataclass(frozen=True)
class Submitted:
    """An input that is stored. `seq` is its event's number.

    `claim` is the right to drive the session's oldest turn when it was free. `response` is the
    recorded answer, empty while there is none.
    """

    seq: int
    events: tuple[StoredEvent, ...] = ()
    claim: Claim | None = None
    response: str = ""


def submit_message(visitor: Visitor, message: frames.SendMessage) -> Submitted:
    """Safe to repeat with the same client id; with another text IdempotencyConflict."""
    return _submit(visitor, message.client_id, MessageInput(text=message.text))


def submit_edit(visitor: Visitor, edit: frames.EditField) -> Submitted:
    """Safe to repeat with the same client id; with another value IdempotencyConflict."""
    return _submit(visitor, edit.client_id, EditInput(path=edit.path, value=edit.value))


def _submit(visitor: Visitor, request_id: UUID, given: Input) -> Submitted:
    try:
        return _store(visitor, request_id, given)
    except IntegrityError:
        # The same input came in twice at once, and the other was first: now it can be seen.
        return _store(visitor, request_id, given)


@transaction.atomic
def _store(visitor: Visitor, request_id: UUID, given: Input) -> Submitted:
    locked = lock_session(visitor.session_id, request_id) or _begin(visitor, request_id)
    if locked.known is not None:
        return _stored_before(locked.row, locked.known, request_id, given)
    if locked.row.is_closed:
        raise SessionClosed
    storing = _Storing(locked, visitor)
    if locked.row.turn_count == 0:
        storing.open()
    storing.add(request_id, given)
    return Submitted(locked.row.last_seq, tuple(storing.events), storing.claim)


@dataclass
class _Storing:
    """One transaction's work on a locked session."""

    locked: LockedSession
    visitor: Visitor
    events: list[StoredEvent] = field(default_factory=list)
    claim: Claim | None = None
    _opening: list[frames.Fact] = field(default_factory=list)

    def open(self) -> None:
        """The greeting, and what was known before the visitor said anything."""
        session = self.locked.row
        greeting = pinned_template(session.template_version_id).greeting_in(session.locale)
        if greeting:
            message = self._line(Message.Role.ASSISTANT, greeting, uuid5(session.id, "greeting"))
            self._opening.append(message)
            self.locked.recent = [{"role": "assistant", "text": greeting}]
        if self.visitor.prefill:
            self.add(uuid5(session.id, "prefill"), PrefillInput(values=self.visitor.prefill))

    def add(self, request_id: UUID, given: Input) -> None:
        """One turn with its event; claimed when nothing stands in its way."""
        session = self.locked.row
        claims = self.locked.is_free and not session.is_waiting
        turn = self._turn(request_id, given, claims)
        facts = self._opening
        if isinstance(given, MessageInput):
            facts = [*facts, self._line(Message.Role.VISITOR, given.text, request_id, turn)]
        self._move(facts, claims)
        self._opening = []
        if claims:
            self.claim = claim_for(self.locked, turn)

    def _turn(self, request_id: UUID, given: Input, claims: bool) -> Turn:
        session = self.locked.row
        return Turn.objects.create(
            session_id=session.id,
            request_id=request_id,
            ordinal=session.turn_count + 1,
            input=given.model_dump(mode="json"),
            status=Turn.Status.RUNNING if claims else Turn.Status.QUEUED,
            attempts=1 if claims else 0,
            now=datetime.now(ZoneInfo(session.timezone)).isoformat(),
            locale=session.locale,
            region=session.region,
        )

    def _line(
        self, role: Message.Role, text: str, uid: UUID, turn: Turn | None = None
    ) -> frames.Message:
        row = Message.objects.create(
            session_id=self.locked.row.id, uid=uid, turn=turn, role=role, text=text
        )
        is_visitor = role == Message.Role.VISITOR
        return frames.Message(
            id=row.public_id,
            role="visitor" if is_visitor else "assistant",
            text=text,
            client_id=uid if is_visitor else None,
            turn=uid if is_visitor else None,
            at=row.created_at.isoformat(),
        )

    def _move(self, facts: Sequence[frames.Fact], claims: bool) -> None:
        session = self.locked.row
        moved = move_session(
            session.id,
            STORE_INPUT,
            facts,
            idle_minutes=pinned_template(session.template_version_id).idle_minutes,
            claims=claims,
            resume_hashes=with_resume(session.resume_hashes, self.visitor.resume_hash),
        )
        if moved is None:
            raise SessionClosed
        self.events.extend(moved.events)
        session.last_seq += len(facts)
        session.turn_count += 1
        if claims:
            session.fence += 1
            self.locked.is_free = False


def _begin(visitor: Visitor, request_id: UUID) -> LockedSession:
    """The session's row with the template version that is published now, pinned for good."""
    website = Website.objects.select_related("template").get(id=visitor.website_id)
    row = Session(
        id=visitor.session_id,
        website=website,
        template_version_id=published_version(website),
        last_activity_at=timezone.now(),
        identity=visitor.identity,
        locale=visitor.locale,
        region=website.region,
        timezone=visitor.timezone,
        token_budget=plan_of(current_schema()).tokens_per_session,
    )
    # Two tabs may say their first word at once: one row, and both go on with it.
    Session.objects.bulk_create([row], ignore_conflicts=True)
    locked = lock_session(visitor.session_id, request_id)
    if locked is None:
        raise SessionClosed
    return locked


def _stored_before(
    session: Session, known: dict[str, Any], request_id: UUID, given: Input
) -> Submitted:
    # What is erased can be compared with nothing.
    is_kept = session.words_erased_at is None
    if is_kept and known["input"] != given.model_dump(mode="json"):
        raise IdempotencyConflict
    seq = (
        Event.objects.filter(session_id=session.id, payload__client_id=str(request_id))
        .values_list("seq", flat=True)
        .first()
    )
    return Submitted(seq or session.last_seq, response=known["response"])
