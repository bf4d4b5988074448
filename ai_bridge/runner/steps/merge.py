"""Step 3: apply the accepted operations, then drop values whose condition stopped holding."""

from langgraph.runtime import Runtime

from ai_bridge.contract import MigrateInput, Operation
from ai_bridge.intake import Intake
from ai_bridge.intake.repeats import parents
from ai_bridge.runner.state import (
    Control,
    Fields,
    fresh_control,
    grown,
    hold,
    is_said_back,
    values_of,
)
from ai_bridge.runner.steps.ordering import keep_ranges_in_order
from ai_bridge.runner.turn import State, Turn


async def merge(state: State, runtime: Runtime[Turn]) -> State:
    turn, fields, control = runtime.context, state["fields"], state["control"]
    operations = keep_ranges_in_order(state["operations"], fields, turn.intake)
    if "start_over" in state["signals"] and _is_open(control):
        wiped = tuple(_clear(path, "started over") for path in fields)
        return {
            "fields": {},
            "control": {**fresh_control(), "turns": control["turns"]},
            "operations": wiped,
            "applicable": turn.intake.applicable({}),
            "required": turn.intake.required({}),
        }
    operations += _denied(state)
    for operation in operations:
        if operation.accepted:
            fields = _apply(fields, operation, turn)
            control = _remember_declined(control, operation)
    control = _forget_begun(control, fields)
    intake = grown(turn.intake, fields, control)
    fields, applicable, dropped = _drop_inapplicable(fields, intake)
    return {
        "applicable": applicable,
        "required": intake.required(values_of(fields)),
        "fields": _in_asking_order(fields, intake),
        "control": control,
        "operations": operations + dropped,
    }


def _denied(state: State) -> tuple[Operation, ...]:
    """A no to "is that right?" takes the value back, unless the right one came with it."""
    doubt, signals = state["control"]["doubt"], state["signals"]
    if doubt is None or not is_said_back(state["control"]) or "negate" not in signals:
        return ()
    if "dont_know" in signals:
        # "Don't know" begins like a no.
        return ()
    if doubt["path"] not in state["fields"] or any(
        item.path == doubt["path"] for item in state["operations"]
    ):
        return ()
    return (_clear(doubt["path"], "not right"),)


def _is_open(control: Control) -> bool:
    return control["stage"] in ("collecting", "confirming")


def _apply(fields: Fields, operation: Operation, turn: Turn) -> Fields:
    path = operation.path
    rest = {key: held for key, held in fields.items() if key != path}
    if operation.op in ("clear", "decline", "unknown", "remove"):
        return rest
    message_id = turn.request_id
    if isinstance(turn.input, MigrateInput):
        # The value moves with its evidence: it is the old message that stated it.
        message_id = fields[path]["message_id"]
    return {**rest, path: hold(operation, message_id)}


def _remember_declined(control: Control, operation: Operation) -> Control:
    declined = {path: why for path, why in control["declined"].items() if path != operation.path}
    if operation.op in ("decline", "unknown"):
        declined[operation.path] = operation.op
    return {**control, "declined": declined}


def _forget_begun(control: Control, fields: Fields) -> Control:
    """An item that holds a value is no longer only begun."""
    if not control["begun"]:
        return control
    held = {path for field in fields for path in (*parents(field), field)}
    return {**control, "begun": [path for path in control["begun"] if path not in held]}


def _drop_inapplicable(
    fields: Fields, intake: Intake
) -> tuple[Fields, frozenset[str], tuple[Operation, ...]]:
    """Repeated until it settles: one dropped value may be what another depended on."""
    dropped: list[Operation] = []
    while True:
        applicable = intake.applicable(values_of(fields))
        gone = fields.keys() - applicable
        if not gone:
            return fields, applicable, tuple(dropped)
        dropped += [_clear(path, "no longer applies") for path in fields if path in gone]
        fields = {path: held for path, held in fields.items() if path not in gone}


def _clear(path: str, reason: str) -> Operation:
    return Operation(op="clear", path=path, source="rule", reason=reason)


def _in_asking_order(fields: Fields, intake: Intake) -> Fields:
    return {field.path: fields[field.path] for field in intake.fields if field.path in fields}
