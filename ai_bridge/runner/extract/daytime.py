"""The half of the day that an hour is in, where it was said without: by cues, or by asking back."""

import re
from dataclasses import replace
from datetime import date
from typing import Literal

from ai_bridge.intake import IntakeField
from ai_bridge.runner.extract.lexicon import words_of
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.normalise import Found, Refusal
from ai_bridge.runner.normalise.texts import lower
from ai_bridge.runner.normalise.typed import DAWN, is_by_day
from ai_bridge.runner.normalise.types import NAMED, words

Part = Literal["morning", "afternoon", "evening", "table", "day"]

_CUE = re.compile(
    r"(?<!good )\b(?:(?P<morning>morning|breakfast|brunch|before work|early)|"
    r"(?P<afternoon>afternoon|lunch(?:time)?|tea ?time|after school)|"
    r"(?P<evening>evening|dinner|supper|tonight|tonite|nightcap|after work|"
    r"end of (?:the )?(?:work(?:ing)? )?day|p\.?m)|"
    r"(?P<table>table|restaurant|party|drinks|cocktails|concert))\b"
)
_BOOKED = frozenset(words("booking reservation reserve reserved book booked"))
# Words of what lies behind: it may have happened at any hour.
_PAST = frozenset(words("happened loss accident incident crash theft occurred noticed damage"))
_NIGHT = 12
# A table from this hour on may be for breakfast.
_BREAKFAST = 10
# An hour before this one is in the second half of the day.
_LATER_BELOW: dict[Part, int] = {
    "morning": 0,
    "day": DAWN,
    "afternoon": 8,
    "table": _BREAKFAST,
    "evening": _NIGHT,
}
REACH = 100


def in_its_half(reading: Reading, profile: Profile, found: Found) -> Found:
    """The hour by the clock of 24; a refusal that names both hours where nothing tells which.

    As `7` before a dinner is 19:00, `7` in answer to "at what time?" may be either.
    """
    if found.note != "half" or isinstance(found.value, Refusal):
        return found
    hour, minute = found.value
    if not 0 < hour < _NIGHT or reading.text[found.start : found.start + 1] == "0":
        return replace(found, note="")
    is_later = _is_later(reading, profile, found, hour)
    if is_later is None:
        return replace(
            found, value=Refusal(NAMED + ", ".join(in_both_halves(hour, minute))), note=""
        )
    return replace(found, value=(hour + _NIGHT if is_later else hour, minute), note="")


def _is_later(reading: Reading, profile: Profile, found: Found, hour: int) -> bool | None:
    """Whether it is in the second half of the day; None where nothing tells."""
    if part := _part(reading, profile, found):
        return hour < _LATER_BELOW[part]
    if (standing := _standing(reading, profile)) is not None:
        # `Can we do 7:30`, instead of 19:00.
        return abs(hour + _NIGHT - standing) < abs(hour - standing)
    if hour >= _BREAKFAST:
        return False
    # Who means three at night says so, unless something happened then.
    return None if hour >= DAWN or _lies_behind(reading, profile.field) else True


def _part(reading: Reading, profile: Profile, found: Found) -> Part | None:
    """By the nearest word that tells, then by what waits, then by the field's own words."""
    start = max(0, found.start - REACH)
    near = list(_CUE.finditer(lower(reading.text[start : found.end + REACH])))
    if near:
        here = found.start - start
        return _named(min(near, key=lambda cue: abs(cue.start() - here)))
    waits = reading.utterance.pending
    if not waits.startswith(NAMED) and (cue := _CUE.search(waits)):
        return _named(cue)
    return _of_field(profile.field) or _of_booking(reading, profile.field)


def _standing(reading: Reading, profile: Profile) -> int | None:
    """The hour that this field has now."""
    held = reading.utterance.values.get(profile.field.path)
    return int(held[:2]) if profile.field.kind == "time" and isinstance(held, str) else None


def _named(cue: re.Match[str]) -> Part:
    return cue.lastgroup  # type: ignore[return-value]  # the groups are called so


def _of_field(field: IntakeField) -> Part | None:
    if cue := _CUE.search(_words_of_field(field)):
        return _named(cue)
    # A moment, a day with its hour, is what people agree to meet at.
    return "day" if field.kind == "datetime" or is_by_day(field) else None


def _of_booking(reading: Reading, field: IntakeField) -> Part | None:
    """`Book for 4 at 8` counts people: it is for a table."""
    counts_people = any("people" in item.concepts for item in reading.profiles)
    said = {*words_of(_words_of_field(field)), *(word for _, _, word in reading.message.words)}
    return "table" if counts_people and not _BOOKED.isdisjoint(said) else None


def _words_of_field(field: IntakeField) -> str:
    return f"{field.title} {field.name.replace('_', ' ')} {field.description} {field.ask}".lower()


def _lies_behind(reading: Reading, field: IntakeField) -> bool:
    if not _PAST.isdisjoint(words_of(_words_of_field(field))):
        return True
    days = (item.found.value for item in reading.message.findings if item.family == "date")
    return any(isinstance(day, date) and day < reading.context.now.date() for day in days)


_FORMER = re.compile(r"\b(?:a\.?m|morning|early|breakfast)\b", re.IGNORECASE)
_LATTER = re.compile(r"\b(?:p\.?m|afternoon|evening|night|tonight|dinner|late)\b", re.IGNORECASE)


def half_chosen(text: str) -> int:
    """1 for `in the morning`, 2 for `evening please`; 0 where neither is said, or an hour is."""
    if any(letter.isdecimal() for letter in text):
        return 0
    return 1 if _FORMER.search(text) else 2 if _LATTER.search(text) else 0


def in_both_halves(hour: int, minute: int) -> tuple[str, str]:
    """In words that read back as the hour of either half."""
    said = f"{hour}:{minute:02d}" if minute else str(hour)
    return f"{said} in the morning", f"{said} in the {'afternoon' if hour < DAWN else 'evening'}"
