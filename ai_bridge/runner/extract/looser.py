"""Options that are meant without being named: by a word's root, or by a number in a range."""

import re
from typing import Any

from ai_bridge.runner.extract.lexicon import COMMON, CONCEPTS, stem
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.normalise import Found
from ai_bridge.runner.normalise.choices import MAX_NAMED, phrases_of
from ai_bridge.runner.normalise.numbers import find_numbers
from ai_bridge.runner.normalise.types import both_ends

# Roots shorter than this are shared by words that have nothing in common.
ROOT = 5
BEGINNING = 3
MAX_WORDS = 40
MAX_SHORT = 60
_RANGE = re.compile(r"(?P<low>\d{1,6})(?:(?P<open>\+)|\s*[-–]\s*(?P<high>\d{1,6}))")
_GENERIC = frozenset({"other", "others", "none", "no", "yes"})
HOURS = 12
_SPANS = frozenset({"minute", "hour", "day", "week", "month", "year"})
_NO_CONCEPT: frozenset[str] = frozenset()


def unless_generic(found: list[Found], text: str) -> list[Found]:
    """`the other side` picks no option called `other`, except when that was the question."""
    return [item for item in found if text[item.start : item.end].lower() not in _GENERIC]


def looser_options(reading: Reading, profile: Profile, asked: bool) -> list[Found]:
    """`a cleaner` for cleaning; `about 120` for 51 to 250, where that was asked."""
    by_root = _by_root(reading, profile) or (_begun(reading, profile) if asked else [])
    ranges = {option: _RANGE.fullmatch(str(option)) for option in profile.field.options}
    if by_root or not asked or not all(ranges.values()):
        return by_root
    return _in_ranges(reading, {option: found for option, found in ranges.items() if found})


def _by_root(reading: Reading, profile: Profile) -> list[Found]:
    roots = {
        stem(phrase): option
        for phrase, option in phrases_of(profile.field)
        if " " not in phrase and len(stem(phrase)) >= ROOT and phrase not in _GENERIC
    }
    said = reading.message.roots
    places = sorted((*place, root) for root in said.keys() & roots.keys() for place in said[root])
    return [
        Found(start, end, roots[root])
        for start, end, root in both_ends(places, MAX_NAMED)
        if reading.text[start:end].lower() not in COMMON and reading.tells(start)
    ]


def _begun(reading: Reading, profile: Profile) -> list[Found]:
    """`the bil`: the beginning of one option's name, and of no other's."""
    found = []
    phrases = phrases_of(profile.field)
    for start, end, word in reading.message.words[:MAX_WORDS]:
        if len(word) < BEGINNING or word in COMMON or not reading.tells(start):
            continue
        meant = {option for phrase, option in phrases if phrase.startswith(word)}
        if len(meant) == 1:
            found.append(Found(start, end, meant.pop(), note="fuzzy"))
    return found


def _in_ranges(reading: Reading, ranges: dict[Any, re.Match[str]]) -> list[Found]:
    numbers = [
        item.found
        for item in reading.message.findings
        if item.family == "number" and reading.tells(item.found.start)
    ]
    if not numbers and len(reading.text) <= MAX_SHORT:
        # "About 12" reads as a time of day as well.
        numbers = [item for item in find_numbers(reading.text) if reading.tells(item.start)]
    # `Two weeks` are no twosome.
    numbers = [item for item in numbers if CONCEPTS.get(item.unit, _NO_CONCEPT).isdisjoint(_SPANS)]
    if len(numbers) == 2:
        return _between(numbers[0], numbers[1], ranges)
    return [
        Found(item.start, item.end, option)
        for item in numbers[:1]
        for option, found in ranges.items()
        if int(found["low"]) <= item.value <= int(found["high"] or 10**9)
    ]


def _between(one: Found, two: Found, ranges: dict[Any, re.Match[str]]) -> list[Found]:
    """`between 12 and 4` is 12 to 16 on a clock of twelve hours; `20-30` lies in 11 to 50."""
    on_clock = [
        Found(one.start, two.end, option)
        for option, found in ranges.items()
        if found["high"]
        and (one.value - int(found["low"])) % HOURS == 0
        and (two.value - int(found["high"])) % HOURS == 0
    ]
    return on_clock or [
        Found(one.start, two.end, option)
        for option, found in ranges.items()
        if int(found["low"]) <= one.value <= two.value <= int(found["high"] or 10**9)
    ]
