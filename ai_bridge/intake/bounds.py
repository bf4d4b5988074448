"""Limits that every template is held to before anything else reads it."""

import json
import math
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from ai_bridge.intake.problems import Problem, point

MAX_BYTES = 256 * 1024
MAX_DEPTH = 8
MAX_FIELDS = 200
# One object level of a template costs two levels of JSON (`properties`, then the field's name),
# and a branch of a condition two more; deeper nesting than this is never a form.
MAX_JSON_DEPTH = 48
# Beyond 64 bits programs read different numbers from the same JSON (RFC 8259, section 6): one
# writes 1e30, the database gives back thirty-one digits, and a third refuses those.
MAX_NUMBER = 2**63 - 1

Located = tuple[tuple[str | int, ...], Any]


def canonical_json(value: Any) -> str:
    """Sorted keys, no spaces: equal documents give equal text."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def template_hash(document: Any) -> str:
    """The name of a template version: `sha256:` and the hash of its JSON without spaces.

    Keys count in the order they are written: it is the order of the questions.
    """
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return "sha256:" + sha256(text.encode()).hexdigest()


def holds_huge_number(document: Any) -> bool:
    """Whether some number in it is beyond 64 bits, however deep."""
    stack = [document]
    while stack:
        value = stack.pop()
        if _is_huge(value):
            return True
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    return False


def _is_huge(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and not -MAX_NUMBER - 1 <= value <= MAX_NUMBER


def bound_problems(document: Any) -> tuple[Problem, ...]:
    """Problems that make the document unsafe to look at any closer. Never recurses."""
    problems: list[Problem] = []
    for where, value in _walk(document):
        if len(where) > MAX_JSON_DEPTH:
            return (_too_deep(where),)
        problems.extend(_bad_scalar(where, value))
    if problems:
        return tuple(problems)
    if sum(_count_named(where) for where, _ in _walk(document)) > 4 * MAX_FIELDS:
        return (too_many_fields(),)
    size = len(canonical_json(document).encode())
    if size > MAX_BYTES:
        return (
            Problem(
                "",
                f"The template is {size:,} bytes long; the limit is {MAX_BYTES:,}.",
                "Shorten its texts or split it into two templates.",
            ),
        )
    return ()


def too_many_fields() -> Problem:
    return Problem(
        "/properties",
        f"The template has more than {MAX_FIELDS} fields.",
        "Keep what you really need to ask, or split it into several templates.",
    )


def _count_named(where: tuple[str | int, ...]) -> bool:
    """Whether this place is an entry of some `properties`; cheap, and never too low.

    A condition names fields that it does not ask for.
    """
    return len(where) > 1 and where[-2] == "properties" and not _is_in_condition(where)


def _is_in_condition(where: tuple[str | int, ...]) -> bool:
    """Under an `if` that is a keyword, and not a field of that name."""
    is_named = False
    for step in where:
        if step == "if" and not is_named:
            return True
        is_named = step in ("properties", "dependentSchemas", "$defs") and not is_named
    return False


def _walk(document: Any) -> Iterator[Located]:
    stack: list[Located] = [((), document)]
    while stack:
        where, value = stack.pop()
        yield where, value
        if len(where) > MAX_JSON_DEPTH:
            return
        if isinstance(value, dict):
            for key in value:
                yield (*where, "name of", str(key)), str(key)
            stack.extend(((*where, str(key)), item) for key, item in value.items())
        elif isinstance(value, list | tuple):
            stack.extend(((*where, index), item) for index, item in enumerate(value))


def _bad_scalar(where: tuple[str | int, ...], value: Any) -> Iterator[Problem]:
    if isinstance(value, str):
        if "\x00" in value:
            yield Problem(
                _safe(where), "The text holds the character U+0000.", "Remove that character."
            )
        if any("\ud800" <= character <= "\udfff" for character in value):
            yield Problem(
                _safe(where),
                "The text holds half of a surrogate pair.",
                "Write the character whole.",
            )
    elif isinstance(value, float) and not math.isfinite(value):
        yield Problem(_safe(where), "The number is not finite.", "Write an ordinary number.")
    elif _is_huge(value):
        yield Problem(
            _safe(where),
            "The number is so large that programs read it differently.",
            f"Write one up to {MAX_NUMBER:,}, or leave the bound out.",
        )
    elif not isinstance(value, str | int | float | bool | dict | list | tuple | None):
        yield Problem(_safe(where), "The value is not JSON.", "Use JSON types only.")


def _safe(where: tuple[str | int, ...]) -> str:
    return point(*where).encode("utf-8", "backslashreplace").decode().replace("\x00", "\\u0000")


def _too_deep(where: tuple[str | int, ...]) -> Problem:
    return Problem(
        _safe(where[:12]),
        f"The template is nested more than {MAX_JSON_DEPTH} levels deep.",
        f"Nest objects at most {MAX_DEPTH} levels.",
    )
