"""Finds the line on which the part of a JSON text that a pointer names begins."""

import json
from collections.abc import Iterator

_decoder = json.JSONDecoder()
_SPACE = " \t\r\n"


def line_of(text: str, pointer: str) -> int:
    """The 1-based line of the named part, or of its nearest parent. The text must be JSON."""
    begins = value = _skip(text, 0)
    for part in pointer.split("/")[1:]:
        member = next((found for found in _members(text, value) if found[0] == part), None)
        if member is None:
            break
        _, begins, value = member
    return text.count("\n", 0, begins) + 1


def _members(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Each member of the object or list at this place: pointer part, where it and its value begin.

    A member of an object begins at its key. Anything else has no members.
    """
    if text[at] not in "{[":
        return
    is_object = text[at] == "{"
    index = 0
    at = _skip(text, at + 1)
    while text[at] not in "}]":
        name, value = _key(text, at) if is_object else (str(index), at)
        yield name, at, value
        _, end = _decoder.raw_decode(text, value)
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at
        index += 1


def _key(text: str, at: int) -> tuple[str, int]:
    key, end = _decoder.raw_decode(text, at)
    colon = _skip(text, end)
    return key.replace("~", "~0").replace("/", "~1"), _skip(text, colon + 1)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at
