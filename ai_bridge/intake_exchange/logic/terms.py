"""Conditions on answers as small trees, kept as short as truth tables can show."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

Operator = Literal["=", ">", ">=", "<", "<=", "contains", "given"]
MAX_TESTS = 8


@dataclass(frozen=True, slots=True)
class Test:
    """An answer compared with a value. Without an answer every test is false."""

    path: str
    operator: Operator
    value: Any = None


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class No:
    part: "Condition"


Condition = Test | Every | Some | No
ALWAYS: Condition = Every(())
NEVER: Condition = Some(())


def every(*parts: Condition) -> Condition:
    flat = [item for part in parts for item in (part.parts if isinstance(part, Every) else (part,))]
    if NEVER in flat:
        return NEVER
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else Every(kept)


def some(*parts: Condition) -> Condition:
    flat = [item for part in parts for item in (part.parts if isinstance(part, Some) else (part,))]
    if ALWAYS in flat:
        return ALWAYS
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else Some(kept)


def no(part: Condition) -> Condition:
    if isinstance(part, No):
        return part.part
    if part == ALWAYS:
        return NEVER
    return ALWAYS if part == NEVER else No(part)


def tests_of(condition: Condition) -> Iterator[Test]:
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, No):
        yield from tests_of(condition.part)
    else:
        for part in condition.parts:
            yield from tests_of(part)


def size_of(condition: Condition) -> int:
    """How many tests it writes out, repeated ones counted again."""
    return sum(1 for _ in tests_of(condition))


def same(one: Condition, other: Condition) -> bool:
    """Whether both hold in the same cases, as far as up to eight different tests can tell."""
    if one == other:
        return True
    tests = tuple(dict.fromkeys((*tests_of(one), *tests_of(other))))
    if len(tests) > MAX_TESTS:
        return False
    rows = product((True, False), repeat=len(tests))
    cases = (dict(zip(tests, row, strict=True)) for row in rows)
    return all(_holds(one, case) == _holds(other, case) for case in cases if not _is_absurd(case))


def _is_absurd(case: Mapping[Test, bool]) -> bool:
    """One answer cannot equal two values, and no test holds without an answer."""
    equal = [test.path for test, holds in case.items() if holds and test.operator == "="]
    answered = {test.path for test, holds in case.items() if holds}
    missing = {test.path for test, holds in case.items() if not holds and test.operator == "given"}
    return len(equal) > len(set(equal)) or bool(answered & missing)


def shortest(condition: Condition, known: Iterable[Condition] = ()) -> Condition:
    """A known condition or a single test that says the same, or else the condition itself."""
    tests = tuple(dict.fromkeys(tests_of(condition)))
    for shorter in (ALWAYS, NEVER, *known, *tests, *map(no, tests)):
        if set(tests_of(shorter)) <= set(tests) and same(condition, shorter):
            return shorter
    return condition


def _holds(condition: Condition, case: Mapping[Test, bool]) -> bool:
    if isinstance(condition, Test):
        return case[condition]
    if isinstance(condition, No):
        return not _holds(condition.part, case)
    if isinstance(condition, Every):
        return all(_holds(part, case) for part in condition.parts)
    return any(_holds(part, case) for part in condition.parts)
