"""The rules' findings and a model's checked ones, as one extraction."""

from collections.abc import Iterable

from ai_bridge.contract import Operation
from ai_bridge.runner.extract.types import SUPERSEDED, Utterance
from ai_bridge.runner.model.checking import Checked


def join(
    rules: tuple[Operation, ...], model: tuple[Checked, ...], utterance: Utterance
) -> tuple[Operation, ...]:
    """In the message's order. Where both read a field alike the rules' finding stands; where they
    differ the model's does, and the other is kept as refused.
    """
    accepted = {item.operation.path: item for item in model if item.operation.accepted}
    same = {
        operation.path
        for operation in rules
        if (twin := accepted.get(operation.path)) and _is_same(operation, twin)
    }
    taken = [item.operation for path, item in accepted.items() if path not in same]
    refused = [item.operation for item in model if not item.operation.accepted]
    kept = [
        operation for found in rules if (operation := _beside(found, taken, utterance)) is not None
    ]
    return (*sorted([*kept, *taken], key=_place), *refused)


def _is_same(rule: Operation, model: Checked) -> bool:
    if not rule.accepted:
        return False
    is_change = {"set", "correct"} >= {rule.op, model.operation.op}
    return rule.op == model.operation.op or is_change if rule.value == model.value else False


def _beside(rule: Operation, taken: Iterable[Operation], utterance: Utterance) -> Operation | None:
    """The rules' operation beside the model's; None when there is nothing left to say by it."""
    for other in taken:
        if other.path == rule.path or _claims(rule, other, utterance):
            return _superseded(rule) if rule.accepted else None
    is_whole = rule.start == 0 and rule.end == len(utterance.text)
    if any(taken) and not rule.accepted and is_whole:
        # "That is no date" was said of a message in which nothing had been found.
        return None
    return rule


def _claims(rule: Operation, other: Operation, utterance: Utterance) -> bool:
    """Whether the rules gave the model's words to another field. A text may hold other values."""
    if rule.start is None or rule.end is None or other.start is None or other.end is None:
        return False
    field = utterance.intake.field(rule.path)
    if field is not None and field.kind in ("name", "address"):
        return rule.start <= other.start and other.end <= rule.end
    return (rule.start, rule.end) == (other.start, other.end)


def _superseded(rule: Operation) -> Operation:
    return rule.model_copy(update={"accepted": False, "reason": SUPERSEDED})


def _place(operation: Operation) -> int:
    return operation.start if operation.start is not None else 0
