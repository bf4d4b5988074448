"""Records the answer to a turn: reply, values with their evidence, events, effects; all or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import orjson
from django.db import transaction
from django.utils import timezone

from ai_bridge.contract import Done, MessageInput, Operation, PrefillInput, Progress
from ai_bridge.failpoints import reach
from sessions_app import frames
from sessions_app.events import STORE_ANSWER, STORE_FAILURE, Moved, StoredEvent, move_session
from sessions_app.models import FieldValue, Message, Session, Turn
from sessions_app.services.claims import WAITING, Claim
from sessions_app.services.effects import record_effect
from tenants.model_choice import add_usage

SILENT = (PrefillInput,)
SORRY = (
    "I am sorry, something went wrong with your last message, and I could not use it. "
    "A person will read this conversation."
)
DROPPED, DECLINED, CLEARED = (
    FieldValue.Status.DROPPED,
    FieldValue.Status.DECLINED,
    FieldValue.Status.CLEARED,
)
STATUS_OF = {
    "set": FieldValue.Status.SET,
    "add": FieldValue.Status.SET,
    "correct": FieldValue.Status.CORRECTED,
    "clear": CLEARED,
    "remove": CLEARED,
    "decline": DECLINED,
    "unknown": DECLINED,
}
EFFECTS = {"completed": "session.completed", "handoff": "session.handoff"}


@dataclass(frozen=True)
class Finished:
    """A turn that is recorded. `response` is what its sender is answered, byte for byte."""

    events: tuple[StoredEvent, ...]
    is_waiting: bool
    response: str
    tokens: int = 0


@transaction.atomic
def finish_turn(claim: Claim, done: Done) -> Finished | None:
    """None, and nothing written, when another worker has taken the turn over or it was closed."""
    done = _within_budget(claim, _as_chosen(claim, done))
    reply = _reply(claim, done.reply.text, done) if _is_spoken(claim) else None
    values = [_value(claim, done, operation) for operation in done.operations]
    moved = move_session(
        claim.session_id,
        STORE_ANSWER,
        _facts(claim, done, reply, values),
        idle_minutes=claim.idle_minutes,
        fence=claim.fence,
        status=done.status,
        close_reason=_close_reason(done),
        asking=done.reply.asking or "",
        filled=done.reply.progress.filled,
        required=done.reply.progress.required,
        state_hash=done.state_hash,
        tokens=tokens_of(done),
        document=None if done.document is None else orjson.dumps(done.document).decode(),
    )
    if moved is None:
        return None
    reach("gateway_inside_finish")
    _keep_reply(claim, reply)
    FieldValue.objects.bulk_create(values)
    _keep_effects(claim, done, moved)
    response = _response(claim, moved.events, done)
    _keep_turn(claim, done, response)
    if claim.model and claim.model.provider:
        add_usage(claim.model, done.usage, is_degraded=done.degraded)
    if moved.is_waiting and done.status == "closed":
        drop_waiting(claim.session_id)
    is_waiting = moved.is_waiting and done.status != "closed"
    return Finished(moved.events, is_waiting, response, tokens_of(done))


@transaction.atomic
def fail_turn(claim: Claim) -> Finished | None:
    """The turn is given up: the visitor is told so, and the session asks for a person.

    None when another worker has taken the turn over.
    """
    reply = _reply(claim, SORRY, None)
    moved = move_session(
        claim.session_id,
        STORE_FAILURE,
        [reply],
        idle_minutes=claim.idle_minutes,
        fence=claim.fence,
    )
    if moved is None:
        return None
    _keep_reply(claim, reply)
    _keep_effect(claim, moved.events[-1].seq, "session.handoff", {"failed_turn": claim.ordinal})
    response = _response(claim, moved.events, None)
    Turn.objects.filter(id=claim.turn_id).update(
        status=Turn.Status.FAILED, finished_at=timezone.now(), response=response
    )
    return Finished(moved.events, moved.is_waiting, response)


def tokens_of(done: Done) -> int:
    return done.usage.input_tokens + done.usage.output_tokens


def _as_chosen(claim: Claim, done: Done) -> Done:
    """A turn whose model was not asked, for its cost or its key, went by rules and says so."""
    if claim.model is None or not claim.model.trouble:
        return done
    return done.model_copy(update={"degraded": True, "trouble": claim.model.trouble})


def _within_budget(claim: Claim, done: Done) -> Done:
    """The answer that uses up the session's tokens is still given, and it is the last.

    One turn runs at a time, so the sum is exact; what may go over is that one turn's tokens.
    """
    is_spent = claim.tokens_used + tokens_of(done) >= claim.token_budget
    # A session that has just been completed or handed over is told so first.
    is_still = done.status in ("open", claim.status_before)
    if not is_spent or not is_still or done.status == "closed":
        return done
    return done.model_copy(update={"status": "closed", "close_reason": "limits"})


def drop_waiting(session_id: UUID) -> None:
    """Inputs that a closed session never answered: kept in the transcript, marked as failed."""
    waiting = Turn.objects.filter(session_id=session_id, status__in=WAITING)
    waiting.update(status=Turn.Status.FAILED, finished_at=timezone.now())


def _is_spoken(claim: Claim) -> bool:
    return not isinstance(claim.input, SILENT)


def _reply(claim: Claim, text: str, done: Done | None) -> frames.Message:
    uid = uuid4()
    return frames.Message(
        id=f"msg_{uid.hex}",
        role="assistant",
        text=text,
        turn=claim.request_id,
        attempt=claim.attempt,
        asking=done.reply.asking if done else None,
        choices=done.reply.choices if done else (),
        progress=done.reply.progress if done else None,
        at=timezone.now().isoformat(),
    )


def _facts(
    claim: Claim, done: Done, reply: frames.Message | None, values: Sequence[FieldValue]
) -> list[frames.Fact]:
    facts: list[frames.Fact] = [reply or _progress(done.reply.progress)]
    facts.extend(_field_changed(value) for value in values)
    if done.status == "completed" and done.document is not None and claim.status_before == "open":
        facts.append(frames.Completed(fields=done.document))
    if done.status == "closed":
        facts.append(frames.Closed(reason=done.close_reason or "limits"))
    return facts


def _progress(progress: Progress) -> frames.ProgressChanged:
    return frames.ProgressChanged(filled=progress.filled, required=progress.required)


def _value(claim: Claim, done: Done, operation: Operation) -> FieldValue:
    is_said = isinstance(claim.input, MessageInput)
    return FieldValue(
        session_id=claim.session_id,
        turn_id=claim.turn_id,
        template_version_id=claim.version_id,
        path=operation.path,
        value=operation.value,
        status=_status_of(operation),
        reason=operation.reason[:200],
        message_uid=claim.request_id if is_said else None,
        quote=operation.quote,
        start=operation.start,
        end=operation.end,
        method=operation.source,
        confidence=operation.confidence,
        checkpoint_id=done.checkpoint_id,
    )


def _status_of(operation: Operation) -> FieldValue.Status:
    if not operation.accepted:
        return FieldValue.Status.REFUSED
    status = STATUS_OF[operation.op]
    return DROPPED if status == CLEARED and operation.reason else status


def _field_changed(value: FieldValue) -> frames.FieldChanged:
    evidence = frames.Evidence(
        message=f"msg_{value.message_uid.hex}" if value.message_uid else None,
        start=value.start,
        end=value.end,
        quote=value.quote,
        method=value.method,
    )
    return frames.FieldChanged(
        path=value.path,
        value=value.value,
        status=value.status,
        evidence=evidence,
        reason=value.reason,
    )


def _close_reason(done: Done) -> str:
    return (done.close_reason or "limits") if done.status == "closed" else ""


def _keep_reply(claim: Claim, reply: frames.Message | None) -> None:
    if reply:
        Message.objects.create(
            session_id=claim.session_id,
            uid=UUID(reply.id.removeprefix("msg_")),
            turn_id=claim.turn_id,
            role=Message.Role.ASSISTANT,
            text=reply.text,
        )


def _keep_effects(claim: Claim, done: Done, moved: Moved) -> None:
    seq = moved.events[-1].seq
    effect = EFFECTS.get(done.status)
    if effect and done.status != claim.status_before:
        _keep_effect(claim, seq, effect, {"document": done.document})
    if done.status == "closed":
        _keep_effect(claim, seq, "session.closed", {"reason": done.close_reason})


def _keep_effect(claim: Claim, seq: int, kind: str, payload: dict[str, Any]) -> None:
    record_effect(claim.session_id, seq, kind, payload)


def _keep_turn(claim: Claim, done: Done, response: str) -> None:
    Turn.objects.filter(id=claim.turn_id).update(
        status=Turn.Status.DONE,
        finished_at=timezone.now(),
        checkpoint_id=done.checkpoint_id,
        state_hash=done.state_hash,
        degraded=done.degraded,
        trouble=done.trouble,
        heard=_as_json(done.heard),
        operations=_as_json(done.operations),
        usage=_usage(claim, done),
        response=response,
    )


def _as_json(operations: Sequence[Operation] | None) -> list[dict[str, Any]] | None:
    return None if operations is None else [item.model_dump(mode="json") for item in operations]


def _usage(claim: Claim, done: Done) -> dict[str, Any]:
    """The tokens, and which model they were paid to."""
    usage: dict[str, Any] = done.usage.model_dump()
    if claim.model is not None:
        usage["connection"] = str(claim.model.connection_id)
        usage["model"] = claim.model.model
        usage["cost_micros"] = claim.model.cost_micros(done.usage)
    return usage


def _response(claim: Claim, events: Sequence[StoredEvent], done: Done | None) -> str:
    """The body of `ChatAnswered`."""
    told = [event.frame() for event in events]
    answer = {
        "client_id": str(claim.request_id),
        "session": f"ses_{claim.session_id.hex}",
        "turn": str(claim.request_id),
        "message": next((frame for frame in told if frame["type"] == "message"), None),
        "fields": [frame for frame in told if frame["type"] == "field"],
        "status": done.status if done else Session.Status.HANDOFF.value,
        "document": done.document if done else None,
    }
    return orjson.dumps(answer).decode()
