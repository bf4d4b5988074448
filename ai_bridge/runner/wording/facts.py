"""What wording may look at besides the act itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ai_bridge.intake import Intake, IntakeField
from ai_bridge.runner.state import Control
from ai_bridge.runner.turn import Act
from ai_bridge.runner.wording.registers import register_of, wordings
from ai_bridge.runner.wording.spoken import spoken


@dataclass(frozen=True, slots=True)
class Facts:
    """The state after the turn, and the visitor's day and region."""

    intake: Intake
    values: Mapping[str, Any]
    control: Control
    region: str
    today: date
    required: frozenset[str] = frozenset()

    def said(self, field: IntakeField) -> str:
        """The value that stands, in words."""
        return spoken(field, self.values[field.path], self.region, self.today)

    def line(self, name: str) -> str:
        """A line in the words of the template's tone."""
        return self.in_turn(wordings(name, register_of(self.intake.settings.tone)))

    def in_turn(self, phrases: tuple[str, ...]) -> str:
        """One of these: another than in the turn before, and the same when it is replayed."""
        return phrases[self.control["turns"] % len(phrases)]


def field_of(act: Act, facts: Facts) -> IntakeField:
    field = facts.intake.field(act.path)
    if field is None:
        raise LookupError(f"The plan names a field that the template does not have: {act.path}")
    return field
