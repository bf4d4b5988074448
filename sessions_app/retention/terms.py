"""How long a template lets each of its fields be kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from ai_bridge.intake import Intake
from ai_bridge.intake.repeats import item_path, without_indexes


@dataclass(frozen=True)
class Terms:
    """`days` of every field, by its path without indexes; 0 is for ever.

    `periods` are the different ones, shortest first: none when nothing is ever erased.
    """

    days: Mapping[str, int]

    @property
    def periods(self) -> tuple[int, ...]:
        return tuple(sorted({days for days in self.days.values() if days}))

    def days_of(self, path: str) -> int:
        """A path that the template does not know was made of words, and goes as they do."""
        return self.days.get(without_indexes(path), min(self.periods, default=0))


def terms_of(intake: Intake) -> Terms:
    whole = _grown_fully(intake)
    return Terms({without_indexes(field.path): field.retain_days for field in whole.fields})


def _grown_fully(intake: Intake) -> Intake:
    """With one item of everything that repeats, also inside of items."""
    while True:
        grown = intake.grown(item_path(path, 0) for path in intake.repeats)
        if grown.repeats.keys() == intake.repeats.keys():
            return grown
        intake = grown
