"""Who may drive a turn now: claim, renew, try again, give back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import Value
from django.db.models.fields import BooleanField
from django.db.models.functions import JSONObject, Now

from ai_bridge.contract import Input, MessageInput, PastTurn, RecentMessage, TurnRequest
from sessions_app.events import LEASE_SECONDS, renew_lease
from sessions_app.models import Message, Session, Turn
from tenants.model_choice import ModelChoice, choice_of, read_choice
from tenants.models import Due
from tenants.pinned import pinned_template
from tenants.scope import current_schema

RECENT = 6
MAX_ATTEMPTS = 5
PATIENCE = timedelta(minutes=10)
LEASE = timedelta(seconds=LEASE_SECONDS)
NO_REQUEST = UUID(int=0)
WAITING = (Turn.Status.QUEUED, Turn.Status.RUNNING)


@dataclass(frozen=True)
class Claim:
    """The right to drive one turn, as long as `fence` is the session's, with all it needs.

    `template` is the document on the first turn and None later: the runner keeps it. `model` is the
    website's choice for a message, None when it has none or the input is none for a model.
    """

    session_id: UUID
    turn_id: int
    request_id: UUID
    ordinal: int
    attempt: int
    fence: int
    input: Input
    now: datetime
    locale: str
    region: str
    stored_at: datetime
    status_before: str
    version_id: UUID
    template_hash: str
    template: Mapping[str, Any] | None
    idle_minutes: int
    website_id: UUID
    tokens_used: int
    token_budget: int
    recent: tuple[RecentMessage, ...]
    model: ModelChoice | None

    @property
    def thread_id(self) -> str:
        return f"ses_{self.session_id.hex}"

    def is_hopeless(self, moment: datetime) -> bool:
        """Tried often and for long: what stops it is this turn, not a restart near by."""
        return self.attempt > MAX_ATTEMPTS and moment - self.stored_at > PATIENCE

    def request(self, deadline_ms: int) -> TurnRequest:
        return TurnRequest(
            request_id=self.request_id,
            thread_id=self.thread_id,
            fence=self.fence,
            input=self.input,
            template_hash=self.template_hash,
            template=dict(self.template) if self.template else None,
            recent=self.recent,
            locale=self.locale,
            region=self.region,
            now=self.now,
            deadline_ms=deadline_ms,
            provider=self.model.provider if self.model else None,
        )


@dataclass
class LockedSession:
    """A session's row under its lock, with what a decision about it needs besides.

    `known` is the turn with the request id that was asked for, `recent` the last lines, newest
    first, `model` the website's choice: as they stood before the lock was waited for. The row and
    `is_free` are fresh.
    """

    row: Session
    is_free: bool
    known: dict[str, Any] | None
    recent: list[dict[str, str]]
    model: dict[str, Any] | None


# Made once: to put them together takes longer than to ask.
_IS_FREE = Case(
    When(Q(lease_until=None) | Q(lease_until__lt=Now()), then=Value(True)),
    default=Value(False),
    output_field=BooleanField(),
)
_KNOWN = JSONObject(status="status", input="input", response="response")
_LINES = ArraySubquery(
    Message.objects.filter(session=OuterRef("pk"))
    .order_by("-id")
    .values(found=JSONObject(role="role", text="text"))[:RECENT]
)


def lock_session(session_id: UUID, request_id: UUID = NO_REQUEST) -> LockedSession | None:
    """None when the session has no row yet. One statement."""
    turn = Turn.objects.filter(session=OuterRef("pk"), request_id=request_id)
    row = (
        Session.objects.select_for_update(of=("self",), no_key=True)
        .annotate(
            is_free=_IS_FREE,
            known=Subquery(turn.values(found=_KNOWN)[:1]),
            recent=_LINES,
            model=choice_of("website"),
        )
        .filter(id=session_id)
        .first()
    )
    if row is None:
        return None
    extra = vars(row)
    return LockedSession(row, extra["is_free"], extra["known"], extra["recent"], extra["model"])


@transaction.atomic
def claim_turn(session_id: UUID) -> Claim | None:
    """The oldest unanswered turn, if nobody drives the session. None otherwise."""
    locked = lock_session(session_id)
    if locked is None or not locked.is_free:
        return None
    session = locked.row
    if session.is_closed or not session.is_waiting:
        return None
    turn = session.turns.filter(status__in=WAITING).order_by("ordinal")[0]
    turn.attempts += 1
    turn.status = Turn.Status.RUNNING
    turn.save(update_fields=["attempts", "status"])
    session.fence += 1
    Session.objects.filter(id=session_id).update(fence=session.fence, lease_until=Now() + LEASE)
    due_of(session_id).update(at=Now() + LEASE)
    return claim_for(locked, turn)


def claim_for(locked: LockedSession, turn: Turn) -> Claim:
    """The claim on a turn whose session's fence has just been raised."""
    session = locked.row
    pinned = pinned_template(session.template_version_id)
    given = PastTurn.model_validate(_past(turn)).input
    return Claim(
        session_id=session.id,
        turn_id=turn.id,
        request_id=turn.request_id,
        ordinal=turn.ordinal,
        attempt=turn.attempts,
        fence=session.fence,
        input=given,
        now=datetime.fromisoformat(turn.now),
        locale=turn.locale,
        region=turn.region,
        stored_at=turn.created_at,
        status_before=session.status,
        version_id=session.template_version_id,
        template_hash=pinned.hash,
        template=pinned.document if turn.ordinal == 1 else None,
        idle_minutes=pinned.idle_minutes,
        website_id=session.website_id,
        tokens_used=session.tokens_used,
        token_budget=session.token_budget,
        recent=tuple(RecentMessage.model_validate(line) for line in reversed(locked.recent)),
        model=read_choice(locked.model) if isinstance(given, MessageInput) else None,
    )


@transaction.atomic
def try_again(claim: Claim) -> Claim | None:
    """The same turn for one more attempt; None when another worker has taken it over."""
    if not renew_lease(claim.session_id, claim.fence):
        return None
    Turn.objects.filter(id=claim.turn_id).update(attempts=claim.attempt + 1)
    return replace(claim, attempt=claim.attempt + 1)


@transaction.atomic
def postpone_turn(claim: Claim, wait: timedelta) -> None:
    """Give the lease back unanswered; whoever sweeps after `wait` drives the turn again."""
    held = Session.objects.filter(id=claim.session_id, fence=claim.fence, closed_at=None)
    if held.update(lease_until=None):
        due_of(claim.session_id).update(at=Now() + wait)


def history_for(claim: Claim) -> tuple[Mapping[str, Any], tuple[PastTurn, ...]]:
    """What rebuilds a lost thread: the pinned template, and every input answered before."""
    done = Turn.objects.filter(
        session_id=claim.session_id, status=Turn.Status.DONE, ordinal__lt=claim.ordinal
    )
    past = tuple(PastTurn.model_validate(_past(turn)) for turn in done.order_by("ordinal"))
    return pinned_template(claim.version_id).document, past


def due_of(session_id: UUID) -> QuerySet[Due]:
    return Due.objects.filter(schema=current_schema(), kind=Due.Kind.SESSION, subject=session_id)


def _past(turn: Turn) -> dict[str, Any]:
    return {
        "request_id": turn.request_id,
        "input": turn.input,
        "now": turn.now,
        "locale": turn.locale,
        "region": turn.region,
        "operations": turn.heard,
    }
