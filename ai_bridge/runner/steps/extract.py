"""Step 1: turn the input, whatever its kind, into candidate operations."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from langgraph.runtime import Runtime

from ai_bridge.contract import (
    CorrectionInput,
    EditInput,
    MessageInput,
    Method,
    MigrateInput,
    Operation,
    PrefillInput,
)
from ai_bridge.intake import Intake
from ai_bridge.runner.extract.types import Extraction, Utterance
from ai_bridge.runner.state import (
    Control,
    Fields,
    fresh_control,
    grown,
    is_leaving,
    is_said_back,
    values_of,
)
from ai_bridge.runner.steps.greeted import greeted_for, told_at_once
from ai_bridge.runner.steps.spread import spread
from ai_bridge.runner.turn import State, Turn


async def extract(state: State, runtime: Runtime[Turn]) -> State:
    turn, fields = runtime.context, state.get("fields", {})
    control = state.get("control") or fresh_control()
    found = Extraction()
    match turn.input:
        case MessageInput(text=text):
            found = await _read(text, turn, state)
            control = {**control, "turns": control["turns"] + 1}
        case EditInput(path=path, value=value):
            found = Extraction(_stated({path: value}, "visitor_edit", turn.intake, fields))
        case CorrectionInput(path=path, value=value):
            found = Extraction(_stated({path: value}, "staff", turn.intake, fields))
        case PrefillInput(values=values):
            known = _prefilled(values, turn.intake)
            found = Extraction(_stated(known, "prefill", turn.intake, fields))
        case MigrateInput():
            found = Extraction(_carried_over(fields))
    return {
        "fields": fields,
        "control": control,
        "operations": found.operations,
        "heard": found.operations,
        "model": found.model,
        "signals": found.signals,
        "about": found.about,
        "restated": found.restated,
    }


async def _read(text: str, turn: Turn, state: State) -> Extraction:
    control = state.get("control") or fresh_control()
    fields = state.get("fields", {})
    values, intake = values_of(fields), grown(turn.intake, fields, control)
    utterance = Utterance(
        text=text,
        intake=intake,
        values=values,
        now=turn.now,
        locale=turn.locale,
        region=turn.region,
        asking=_asking(text, control, intake, values),
        confirming=control["stage"] == "confirming",
        asked_with=_asked_with(control, intake, values),
        pending=_pending(control),
    )
    found = await turn.extractor.extract(utterance)
    if turn.recorded is None:
        return found
    return replace(found, operations=turn.recorded)


def _asking(text: str, control: Control, intake: Intake, values: Mapping[str, Any]) -> str | None:
    # "Yes" to "shall I stop?" or to "is that right?" answers no other question.
    if is_leaving(control) or is_said_back(control):
        return None
    if control["turns"] or control["asked"]:
        return control["asked"]
    return told_at_once(text, intake, values)


def _pending(control: Control) -> str:
    doubt = control["doubt"]
    return doubt["reason"] if doubt and doubt["path"] == control["asked"] else ""


def _asked_with(control: Control, intake: Intake, values: Mapping[str, Any]) -> tuple[str, ...]:
    if is_said_back(control) and control["asked"]:
        field = intake.field(control["asked"])
        # A bare yes or no is about the value, also where the value is one itself.
        is_answer = field is not None and field.kind not in ("boolean", "consent")
        return (control["asked"],) if is_answer else ()
    return () if control["turns"] else greeted_for(intake, values)


def _prefilled(values: Mapping[str, Any], intake: Intake) -> dict[str, Any]:
    """The page's values by path; a field may have another name there, or take none at all."""
    named = {item.prefill: item.path for item in intake.fields if isinstance(item.prefill, str)}
    known = {named.get(name, name): value for name, value in values.items()}
    closed = {item.path for item in intake.fields if item.prefill is False}
    return {path: value for path, value in known.items() if path not in closed}


def _stated(
    values: Mapping[str, Any], source: Method, intake: Intake, fields: Fields
) -> tuple[Operation, ...]:
    """One operation a field: an object or a list is set by its parts, and loses what is gone."""
    return tuple(
        _one(path, value, source, fields)
        for path, given in values.items()
        for path, value in spread(path, given, intake, fields)
    )


def _one(path: str, value: Any, source: Method, fields: Fields) -> Operation:
    if value is None or value == "":
        return Operation(op="clear", path=path, source=source)
    op = "correct" if path in fields else "set"
    return Operation(op=op, path=path, value=value, source=source)


def _carried_over(fields: Fields) -> tuple[Operation, ...]:
    return tuple(
        Operation(
            op="set",
            path=path,
            value=held["value"],
            quote=held["quote"],
            start=held["start"],
            end=held["end"],
            source=held["method"],
            confidence=held["confidence"],
        )
        for path, held in fields.items()
    )
