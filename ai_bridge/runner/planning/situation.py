"""Everything a decision may depend on, and the questions that the rules ask about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ai_bridge.contract import Input, MessageInput, Operation
from ai_bridge.intake import Intake, IntakeField
from ai_bridge.intake.repeats import items_in
from ai_bridge.runner.extract.types import SUPERSEDED, Signal
from ai_bridge.runner.state import Control, Fields, values_of

_GENERIC_REPROMPTS = 2


@dataclass(frozen=True)
class Situation:
    """The thread after `merge`: values that stand, this turn's operations and signals."""

    intake: Intake
    fields: Fields
    control: Control
    operations: tuple[Operation, ...]
    signals: frozenset[Signal]
    about: str
    restated: tuple[Operation, ...]
    input: Input
    applicable: frozenset[str]
    required: frozenset[str]

    @cached_property
    def values(self) -> dict[str, Any]:
        return values_of(self.fields)

    @property
    def is_message(self) -> bool:
        return isinstance(self.input, MessageInput)

    @property
    def text(self) -> str:
        """What the visitor wrote; empty for an input of another kind."""
        return self.input.text if isinstance(self.input, MessageInput) else ""

    @property
    def stated(self) -> tuple[Operation, ...]:
        """Accepted operations that gave a field its present value."""
        return tuple(
            operation
            for operation in self.operations
            if operation.accepted
            and operation.op in ("set", "correct", "add")
            and operation.path in self.fields
        )

    @property
    def cleared(self) -> tuple[Operation, ...]:
        """What lost its value: taken back, removed from a list, or needless by now."""
        return tuple(
            item for item in self.operations if item.accepted and item.op in ("clear", "remove")
        )

    @property
    def refused(self) -> tuple[Operation, ...]:
        """One for each field, and none for a field that got a value after all.

        What a model made up is not the visitor's mistake: it is on record and passed over here.
        """
        answered = {operation.path for operation in self.stated}
        first: dict[str, Operation] = {}
        for operation in self.operations:
            is_ours = operation.source == "model" or operation.reason == SUPERSEDED
            if not operation.accepted and not is_ours and operation.path not in answered:
                first.setdefault(operation.path, operation)
        return tuple(first.values())

    @property
    def declined(self) -> tuple[Operation, ...]:
        return tuple(
            item for item in self.operations if item.accepted and item.op in ("decline", "unknown")
        )

    @property
    def is_no_attempt(self) -> bool:
        """Nothing here was meant as an answer, or it was one to another question."""
        return not self.is_message or bool(self.stated or self.cleared or self.restated)

    def may_decline(self, path: str) -> bool:
        field = self.intake.field(path)
        return path not in self.required and (field is None or field.skip is not False)

    @cached_property
    def items(self) -> Mapping[str, tuple[int, ...]]:
        """Which items of each repeated field hold values."""
        return items_in(self.fields) if self.intake.repeats else {}

    def has_room(self, path: str) -> bool:
        """Whether a repeated field takes one more item; true of every other field."""
        repeat = self.intake.repeats.get(path)
        return repeat is None or len(self.items.get(path, ())) < repeat.most

    def open_fields(self, control: Control) -> tuple[IntakeField, ...]:
        """What is still to be asked, in asking order."""
        return tuple(
            field
            for field in self.intake.fields
            if field.path in self.applicable
            and field.path not in self.fields
            and not field.hidden
            and self.has_room(field.path)
            and (field.path not in control["declined"] or field.path in self.required)
        )

    def before(self, path: str | None) -> IntakeField | None:
        """The filled field asked before this one, for a visitor who wants to go back."""
        found = None
        for field in self.intake.fields:
            if field.path == path:
                break
            if field.path in self.fields and not field.hidden:
                found = field
        return found


def ladder_length(field: IntakeField) -> int:
    """How many times a question is asked in other words before something else is offered."""
    return max(len(field.reprompts), _GENERIC_REPROMPTS)
