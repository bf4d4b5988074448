"""Tell regular expressions that match in bounded time from those that can run for ever."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

# The standard library's own parser of patterns; its names are private and have no types.
_constants: Any = import_module("re._constants")
_parser: Any = import_module("re._parser")

# A visitor's value that meets a pattern is at most this long, so that the worst allowed pattern
# (three open-ended repeats) still takes milliseconds.
MAX_PATTERN_INPUT = 128
MAX_OPEN_REPEATS = 3
MANY = 64
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)


def pattern_fault(pattern: str) -> str | None:
    """Why this pattern is refused, or None when it is safe to run on visitors' text."""
    if len(pattern) > 500:
        return "The pattern is longer than 500 characters."
    try:
        parsed = _parser.parse(pattern)
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"The pattern cannot be read: {error}."
    return _fault(parsed)


def _fault(parsed: Any) -> str | None:
    tokens = list(_tokens(parsed, 0))
    if any(op is _constants.GROUPREF for op, _, _ in tokens):
        return "The pattern refers back to a group, which can take unbounded time."
    repeats = [(depth, argument) for op, argument, depth in tokens if op in _REPEATS]
    if any(depth > 0 for depth, _ in repeats):
        return "The pattern repeats a part that itself repeats, which can take unbounded time."
    if sum(argument[1] > MANY for _, argument in repeats) > MAX_OPEN_REPEATS:
        return f"The pattern has more than {MAX_OPEN_REPEATS} open-ended repeats."
    if any(
        argument[1] > 1 and any(op is _constants.BRANCH for op, _, _ in _tokens(argument[2], 0))
        for _, argument in repeats
    ):
        return "The pattern repeats a choice between parts, which can take unbounded time."
    return None


def _tokens(parsed: Any, depth: int) -> Iterator[tuple[Any, Any, int]]:
    """Every token with the number of variable repeats (of more than one round) around it."""
    for op, argument in parsed:
        yield op, argument, depth
        if op in _REPEATS:
            low, high, body = argument
            inside = depth + (1 if high > 1 and high != low else 0)
            yield from _tokens(body, inside)
        else:
            for body in _bodies(op, argument):
                yield from _tokens(body, depth)


def _bodies(op: Any, argument: Any) -> Iterator[Any]:
    if op is _constants.SUBPATTERN:
        yield argument[3]
    elif op is _constants.BRANCH:
        yield from argument[1]
    elif op in (_constants.ASSERT, _constants.ASSERT_NOT):
        yield argument[1]
    elif op is _constants.ATOMIC_GROUP:
        yield argument
