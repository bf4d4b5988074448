"""What every normaliser takes and gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Context:
    """The visitor's local time and where they are; no normaliser reads a clock or a global."""

    now: datetime
    locale: str = "en"
    region: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """The normalised JSON value."""

    value: Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no value could be stored: `past`, `ambiguous 03/04`, `not one of the options`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """Something typed that was found in a text: `text[start:end]` reads as `value`.

    `unit` is the word that says what it counts or measures (`nights`, `$`), `note` what the
    reading assumed (`year`, `half`: the year or the half of the day was not said).
    """

    start: int
    end: int
    value: Any
    unit: str = ""
    note: str = ""


# Before the values, in the reason of a refusal: one is wanted and several were named.
NAMED = "more than one: "
# Before the words for when: an hour is wanted, and only a part of the day was said.
PART_OF_DAY = "part of the day: "
# `Until late` has no length.
OPEN_END = "an open end"


def longest_first(found: list[Found]) -> list[Found]:
    """Drop whatever overlaps a longer reading; the rest in the order of the text."""
    kept: list[Found] = []
    taken: set[int] = set()
    for item in sorted(found, key=lambda item: (item.start - item.end, item.start)):
        if taken.isdisjoint(range(item.start, item.end)):
            taken.update(range(item.start, item.end))
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)


def both_ends(found: Sequence[Item], most: int) -> Sequence[Item]:
    """No more than so many: the first half of them and the last half."""
    half = most // 2
    return found if len(found) <= most else (*found[:half], *found[-half:])


def words(text: str) -> list[str]:
    """A word list that is written as prose."""
    return text.split()
