"""Jumps from question to question as the condition under which each one is reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ai_bridge.intake_exchange.logic.terms import (
    ALWAYS,
    Condition,
    Every,
    No,
    Test,
    every,
    no,
    shortest,
    size_of,
    some,
)

# A longer condition helps nobody who reads the draft.
MAX_SIZE = 24


@dataclass(frozen=True, slots=True)
class Jump:
    """Taken after a step while the condition holds. `target` is a later step's index."""

    condition: Condition
    target: int


def reached(count: int, jumps: Mapping[int, Sequence[Jump]]) -> list[Condition | None]:
    """For each of `count` steps, when it is reached; None when that takes too long to say.

    The first jump that holds is taken.
    """
    incoming: list[list[Condition]] = [[] for _ in range(count + 1)]
    incoming[0].append(ALWAYS)
    found: list[Condition | None] = []
    known: dict[Condition, None] = {}
    for step in range(count):
        stated = some(*incoming[step])
        here = shortest(stated, known) if size_of(stated) <= MAX_SIZE else None
        found.append(here)
        known.setdefault(here or ALWAYS)
        left = here or ALWAYS
        for jump in jumps.get(step, ()):
            incoming[jump.target].append(_tidy(every(left, jump.condition)))
            left = every(left, no(jump.condition))
        incoming[step + 1].append(_tidy(left))
    return found


def _tidy(condition: Condition) -> Condition:
    """One answer cannot be two values: `a = x` makes `a is not y` needless."""
    if not isinstance(condition, Every):
        return condition
    equal = {
        part.path: part.value
        for part in condition.parts
        if isinstance(part, Test) and part.operator == "="
    }
    return every(*(part for part in condition.parts if not _is_needless(part, equal)))


def _is_needless(part: Condition, equal: Mapping[str, object]) -> bool:
    test = part.part if isinstance(part, No) else None
    return (
        isinstance(test, Test)
        and test.operator == "="
        and test.path in equal
        and equal[test.path] != test.value
    )
