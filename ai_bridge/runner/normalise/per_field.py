"""What is made of a field when it is needed first, and kept."""

from collections.abc import Callable
from typing import TypeVar

from ai_bridge.intake import IntakeField

Made = TypeVar("Made")
KEPT_FIELDS = 1_000


def once_a_field(make: Callable[[IntakeField], Made]) -> Callable[[IntakeField], Made]:
    """The same function, asked once for each field: comparing two of them costs more."""
    kept: dict[int, tuple[IntakeField, Made]] = {}

    def made_of(field: IntakeField) -> Made:
        known = kept.get(id(field))
        # An id is given again only after its field is gone, which it is not as long as it is kept.
        if known is None or known[0] is not field:
            if len(kept) >= KEPT_FIELDS:
                kept.clear()
            known = kept[id(field)] = (field, make(field))
        return known[1]

    return made_of
