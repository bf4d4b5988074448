"""Step 2: accept an operation only if its words are in the message and its value fits."""

from typing import Any

from langgraph.runtime import Runtime

from ai_bridge.contract import MessageInput, MigrateInput, Operation
from ai_bridge.runner.normalise import Context, Refusal, normalise
from ai_bridge.runner.steps.placing import place
from ai_bridge.runner.turn import State, Turn

_CHANGES = ("set", "correct", "add", "remove")
# Past this, a JSON reader may round: the value would not be what the visitor wrote.
_LARGEST = 2**53 - 1


async def validate(state: State, runtime: Runtime[Turn]) -> State:
    turn = runtime.context
    operations = place(state["operations"], turn.intake, state["fields"])
    checked = (_check(operation, turn) for operation in operations)
    return {"operations": tuple(checked)}


def _check(operation: Operation, turn: Turn) -> Operation:
    if not operation.accepted:
        return operation
    field = turn.intake.field(operation.path)
    if field is None:
        return _no_longer_asked(operation, turn)
    if isinstance(turn.input, MessageInput):
        operation = _locate(operation, turn.input.text)
    if not operation.accepted or operation.op not in _CHANGES or operation.op == "remove":
        return operation
    if _is_read_here(operation, turn):
        return operation
    context = Context(now=turn.now, locale=turn.locale, region=turn.region)
    match normalise(field, operation.value, context):
        case Refusal(reason=reason):
            return _unfit(operation, turn, reason)
        case value:
            return _with_value(operation, value.value)


def _is_read_here(operation: Operation, turn: Turn) -> bool:
    """The rules answer with values that went through `normalise` already."""
    return operation.source == "rule" and isinstance(turn.input, MessageInput)


def _locate(operation: Operation, text: str) -> Operation:
    """Offsets are computed here unless the extractor's own are right; a model's never count."""
    start, end = operation.start, operation.end
    if not operation.quote:
        # A decline may be silent ("skip"); a value may not.
        return operation if operation.op not in _CHANGES else _refuse(operation, "quote_not_found")
    if start is not None and end is not None and text[start:end] == operation.quote:
        return operation
    start = text.find(operation.quote)
    if start < 0:
        return _refuse(operation, "quote_not_found")
    return operation.model_copy(update={"start": start, "end": start + len(operation.quote)})


def _with_value(operation: Operation, value: Any) -> Operation:
    if isinstance(value, int) and abs(value) > _LARGEST:
        return _refuse(operation, "too large")
    return operation.model_copy(update={"value": value})


def _refuse(operation: Operation, reason: str) -> Operation:
    return operation.model_copy(
        update={"accepted": False, "reason": reason, "start": None, "end": None}
    )


def _unfit(operation: Operation, turn: Turn, reason: str) -> Operation:
    """A value that was kept until now and does not fit the new template is cleared."""
    if isinstance(turn.input, MigrateInput):
        return operation.model_copy(update={"op": "clear", "value": None, "reason": reason})
    return operation.model_copy(update={"accepted": False, "reason": reason})


def _no_longer_asked(operation: Operation, turn: Turn) -> Operation:
    if isinstance(turn.input, MigrateInput):
        return operation.model_copy(
            update={"op": "clear", "value": None, "reason": "no longer asked"}
        )
    return operation.model_copy(update={"accepted": False, "reason": "unknown field"})
