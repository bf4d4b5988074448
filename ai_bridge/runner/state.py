"""What a thread remembers between turns: the values that stand and a few control values."""

from hashlib import sha256
from typing import Any, Literal, TypedDict

import orjson

from ai_bridge.contract import CloseReason, Evidence, FieldValue, Method, Operation, Status
from ai_bridge.intake import Intake

Stage = Literal["collecting", "confirming", "completed", "handoff", "closed"]


class Held(TypedDict):
    """One value that stands, with the words it came from. Plain JSON, as it is stored."""

    value: Any
    message_id: str
    start: int | None
    end: int | None
    quote: str
    method: Method
    confidence: float


class Doubt(TypedDict):
    """The asked field was answered with something that could not be taken.

    With the reason LEAVING it is the visitor's wish to stop that waits for a yes, with SAID_BACK a
    value that stands, with SAID_YES a yes to a question that wants more than that.
    """

    path: str
    reason: str


class Control(TypedDict):
    """Where the conversation is. `misses` counts answers that did not help, by path.

    `begun` are the paths of repeated items that are being asked for and hold nothing yet.
    """

    stage: Stage
    asked: str | None
    misses: dict[str, int]
    declined: dict[str, str]
    doubt: Doubt | None
    begun: list[str]
    turns: int
    reason: CloseReason | None


Fields = dict[str, Held]

STATUS: dict[Stage, Status] = {
    "collecting": "open",
    "confirming": "open",
    "completed": "completed",
    "handoff": "handoff",
    "closed": "closed",
}


LEAVING = "leaving"
SAID_BACK = "said back"
SAID_YES = "said yes"


def is_said_back(control: Control) -> bool:
    """Whether the last reply asked whether a value is right."""
    doubt = control["doubt"]
    return doubt is not None and doubt["reason"] == SAID_BACK


def is_leaving(control: Control) -> bool:
    """Whether the last reply asked whether to stop."""
    doubt = control["doubt"]
    return doubt is not None and doubt["reason"] == LEAVING


def grown(intake: Intake, fields: Fields, control: Control) -> Intake:
    """The intake with the fields of every item that stands or is being asked for."""
    return intake.grown((*fields, *control["begun"])) if intake.repeats else intake


def fresh_control() -> Control:
    return Control(
        stage="collecting",
        asked=None,
        misses={},
        declined={},
        doubt=None,
        begun=[],
        turns=0,
        reason=None,
    )


def hold(operation: Operation, message_id: str) -> Held:
    return Held(
        value=operation.value,
        message_id=message_id,
        start=operation.start,
        end=operation.end,
        quote=operation.quote,
        method=operation.source,
        confidence=operation.confidence,
    )


def values_of(fields: Fields) -> dict[str, Any]:
    return {path: held["value"] for path, held in fields.items()}


def field_values(fields: Fields) -> tuple[FieldValue, ...]:
    return tuple(
        FieldValue(
            path=path,
            value=held["value"],
            evidence=Evidence(
                message_id=held["message_id"],
                start=held["start"],
                end=held["end"],
                quote=held["quote"],
                method=held["method"],
            ),
            confidence=held["confidence"],
        )
        for path, held in fields.items()
    )


def state_hash(fields: Fields, control: Control) -> str:
    """Equal for equal conversations on any host: no ids, versions or clocks go in."""
    facts = {
        path: {key: value for key, value in held.items() if key != "message_id"}
        for path, held in fields.items()
    }
    body = orjson.dumps({"fields": facts, "control": control}, option=orjson.OPT_SORT_KEYS)
    return f"sha256:{sha256(body).hexdigest()}"
