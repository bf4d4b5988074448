"""Half of what was asked for: a month without its day, a day without its hour.

What was said waits as the reason of a refusal, and the next message gives the rest.
"""

import re
from dataclasses import replace
from datetime import date

from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.hours import part_of_day
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.scoring import ANSWERED
from ai_bridge.runner.normalise import Found, Refusal, Value
from ai_bridge.runner.normalise.constraints import meet_constraints
from ai_bridge.runner.normalise.part_days import is_birth, part_of, read_part
from ai_bridge.runner.normalise.times import find_times
from ai_bridge.runner.normalise.typed import DAWN, join_datetime, settle

MAX_BARE = 12
_AT = "at "
_NO_TIME = "the time is missing"
_NO_DAY = "the day is missing"
_DAY = re.compile(rf"{_NO_TIME}: (?P<day>\d{{4}}-\d\d-\d\d)(?: [a-z ]+)?")
_CLOCK = re.compile(rf"{_NO_DAY}: (?P<hour>\d\d):(?P<minute>\d\d)")


def propose_part(reading: Reading, profile: Profile) -> Proposal | None:
    """`April`, and after it `the 14th`: together they make a day, alone none is made up."""
    today = reading.context.now.date()
    said, known = read_part(reading.text, today), part_of(reading.utterance.pending)
    if said is None or (known is None and said.day):
        return None
    joined = known.with_more(said) if known else said
    day = joined.whole(today, needs_year=is_birth(profile.field))
    start = len(reading.text) - len(reading.text.lstrip())
    end = len(reading.text.rstrip())
    result: Value | Refusal = Refusal(joined.reason)
    if day:
        found = Found(start, end, day, note="" if joined.year else "year")
        result = settle(profile.field, found, reading.context)
    elif joined.year and joined.month and joined.day:
        result = Refusal("not a date")
    return Proposal(profile, start, end, result, ANSWERED)


def missing_time(day: Found, text: str) -> Refusal:
    """Remembers the day, and the part of it that the text names."""
    return Refusal(f"{_NO_TIME}: {day.value.isoformat()} {part_of_day(text)}".rstrip())


def missing_day(clock: Found) -> Refusal:
    """Remembers the hour, one before dawn as that of the afternoon."""
    hour, minute = clock.value
    hour += 12 if clock.note == "half" and 0 < hour < DAWN else 0
    return Refusal(f"{_NO_DAY}: {hour:02d}:{minute:02d}")


def pending_day(reading: Reading) -> Found | None:
    found = _DAY.fullmatch(reading.utterance.pending)
    return Found(0, 0, date.fromisoformat(found["day"])) if found else None


def pending_clock(reading: Reading) -> Found | None:
    found = _CLOCK.fullmatch(reading.utterance.pending)
    return Found(0, 0, (int(found["hour"]), int(found["minute"]))) if found else None


def bare_clock(reading: Reading) -> list[Found]:
    """`3` alone is an hour, where only the hour is missing."""
    text = reading.text.strip(" .!")
    if pending_day(reading) is None or len(text) > MAX_BARE:
        return []
    start = reading.text.find(text)
    found = find_times(f"{_AT}{text}", bare=True)
    return [replace(found[0], start=start, end=start + len(text))] if found else []


def join_parts(
    reading: Reading, profile: Profile, day: Found, clock: Found
) -> tuple[int, int, Value | Refusal]:
    """Where the words of this message stand, and the moment that they make with what was known."""
    said = [item for item in (day, clock) if item.end]
    value = join_datetime(profile.field, day.value, clock, reading.context)
    result = meet_constraints(profile.field, value, reading.context)
    return min(item.start for item in said), max(item.end for item in said), result
