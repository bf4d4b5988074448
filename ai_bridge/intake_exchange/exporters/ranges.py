"""A range of days where a format has none: two dates, of which the last is not before the first."""

from dataclasses import replace

from ai_bridge.intake.kinds import annotation
from ai_bridge.intake_exchange.outline import Part

_LIMITS = ("not_before", "not_after")


def children_of(part: Part) -> tuple[Part, ...]:
    """The parts inside; both ends of a range with the limits that are said of the whole."""
    if part.kind != "date_range":
        return part.parts
    limits = {key: part.hints[key] for key in _LIMITS if key in part.hints}
    return tuple(
        replace(end, schema={**end.schema, "x-intake": {**limits, **annotation(end.schema)}})
        for end in part.parts
    )
