"""Where operations on whole lists and items go: each becomes operations on fields."""

from collections.abc import Iterator

from ai_bridge.contract import Operation
from ai_bridge.intake import Intake
from ai_bridge.intake.repeats import item_path, items_in
from ai_bridge.runner.state import Fields
from ai_bridge.runner.steps.spread import spread

_GIVES = ("set", "correct", "add")


def place(
    operations: tuple[Operation, ...], intake: Intake, fields: Fields
) -> tuple[Operation, ...]:
    """`add guests "Luca"` becomes `add guests[2]`; `remove rooms[1]` removes each of its values."""
    if not intake.repeats:
        return operations
    placed: list[Operation] = []
    for operation in operations:
        placed.extend(_place(operation, intake, fields, placed))
    return tuple(placed)


def _place(
    operation: Operation, intake: Intake, fields: Fields, before: list[Operation]
) -> Iterator[Operation]:
    path = operation.path
    if not operation.accepted:
        yield operation
    elif operation.op in ("remove", "clear"):
        held = [known for known in fields if known.startswith((path + ".", path + "["))]
        for known in held or (path,):
            value = fields[known]["value"] if known in fields and operation.op == "remove" else None
            yield operation.model_copy(update={"path": known, "value": value})
    elif operation.op in _GIVES and (intake.field(path) is None or _is_whole(path, intake, fields)):
        yield from _spread(operation, intake, fields, before)
    else:
        yield operation


def _is_whole(path: str, intake: Intake, fields: Fields) -> bool:
    return path in intake.grown((*fields, path)).repeats


def _spread(
    operation: Operation, intake: Intake, fields: Fields, before: list[Operation]
) -> Iterator[Operation]:
    path, value = operation.path, operation.value
    if _is_whole(path, intake, fields) and not isinstance(value, list):
        path = item_path(path, _next(path, fields, before))
    for part, given in spread(path, value, intake, fields):
        if given is None and part in fields:
            yield operation.model_copy(update={"op": "remove", "path": part, "value": None})
        else:
            yield operation.model_copy(update={"path": part, "value": given})


def _next(path: str, fields: Fields, before: list[Operation]) -> int:
    held = items_in((*fields, *(item.path for item in before))).get(path, ())
    return held[-1] + 1 if held else 0
