"""Ranges of days: the last one never lies before the first."""

from ai_bridge.contract import Operation
from ai_bridge.intake import Intake
from ai_bridge.runner.state import Fields

CHANGES = ("set", "correct", "add")


def keep_ranges_in_order(
    operations: tuple[Operation, ...], fields: Fields, intake: Intake
) -> tuple[Operation, ...]:
    """A last day that was just stated and lies too early is refused; one that stood is cleared."""
    stated = {item.path: item for item in operations if item.accepted and item.op in CHANGES}
    kept = list(operations)
    for path in stated:
        field = intake.field(path)
        if field is None or not field.range_end:
            continue
        first, last = (path, field.partner) if field.range_end == "start" else (field.partner, path)
        begin, end = _day(first, stated, fields), _day(last, stated, fields)
        if begin is None or end is None or begin <= end:
            continue
        if last in stated:
            place = kept.index(stated[last])
            kept[place] = stated[last].model_copy(
                update={"accepted": False, "reason": f"before {begin}"}
            )
        else:
            kept.append(
                Operation(op="clear", path=last, source="rule", reason="before the first day")
            )
    return tuple(kept)


def _day(path: str, stated: dict[str, Operation], fields: Fields) -> str | None:
    """ISO dates compare as text."""
    found = (
        stated[path].value if path in stated else fields[path]["value"] if path in fields else None
    )
    return found if isinstance(found, str) else None
