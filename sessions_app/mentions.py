"""Finds where a text says a value, in whatever writing of it is known."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

_NUMBER = re.compile(r"\+?\d[\d\s().-]{4,}\d")
_TELLING_DIGITS = 6
# Languages without spaces write names inside of words; letters of ours end one.
_WORD = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])"


def writings(value: Any) -> Iterator[str]:
    """The texts that a JSON value holds, and how a reply would say its dates."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from writings(item)
    elif isinstance(value, list):
        for item in value:
            yield from writings(item)
    elif isinstance(value, str):
        yield value
        yield from _date_writings(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def mentions(
    secrets: Iterable[str], text: str, *, whole_words: bool = False
) -> Iterator[tuple[int, int]]:
    """Beginnings and ends of all places where the text says one of the secrets."""
    known = list(secrets)
    for secret in known:
        pattern = re.escape(secret)
        shape = _WORD.format(pattern) if whole_words else pattern
        for found in re.finditer(shape, text, re.IGNORECASE):
            yield found.span()
    endings = tuple(digits[-_TELLING_DIGITS:] for digits in map(_digits, known))
    endings = tuple(ending for ending in endings if len(ending) == _TELLING_DIGITS)
    for found in _NUMBER.finditer(text):
        if endings and _digits(found.group()).endswith(endings):
            yield found.span()


def replace_places(text: str, places: Iterable[tuple[int, int]], word: str) -> str:
    """The text with a word in each of these places; they may overlap."""
    kept, reached = "", 0
    for start, end in sorted(places):
        if start >= reached:
            kept += text[reached:start] + word
        reached = max(reached, end)
    return kept + text[reached:]


def _date_writings(value: str) -> Iterator[str]:
    """An assistant says a date in words."""
    try:
        day = date.fromisoformat(value[:10])
    except ValueError:
        return
    yield f"{day.day} {day:%B}"
    yield f"{day:%B} {day.day}"


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
