"""Times of day as people write them: `half past four`, `7ish`, `18:30`, `noon`."""

import re
from datetime import datetime, timedelta

from ai_bridge.runner.normalise.day_words import CARDINALS, any_of
from ai_bridge.runner.normalise.nearby import (
    DIGITS,
    MAX_PLACES,
    begun,
    matches,
    near,
    starts_of,
)
from ai_bridge.runner.normalise.texts import lower
from ai_bridge.runner.normalise.types import Found, both_ends, longest_first, words

_HOUR_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_HALF = r"(?P<half> ?[ap]\.?m\b\.?| ?[ap]\b(?!\.?\w))"
_DAY_PART = r"(?P<part>morning|afternoon|evening|night|midday)\b"
_PART = (
    rf"(?:,? (?:in the|at|this|the|tomorrow|o'?clock in the|o'?clock at) ?{_DAY_PART}|"
    r" (?P<part2>tonight|tonite))"
)
# Right after minutes the small words may be left out: "8:00 evening".
_ANY_PART = rf"(?:{_PART}|,? (?P<part3>morning|afternoon|evening|night)\b)"
_BEFORE = (
    r"(?:(?P<lead>morning|afternoon|evening|night|tonight),?(?: at| around| about| by)? (?:at )?)?"
)
_END = rf"(?:{_HALF})?(?: ?ish\b)?(?: ?o'? ?clock)?(?:{_ANY_PART})?"
_MINUTE_WORD = (
    "five|ten|fifteen|twenty|twenty five|twenty-five|thirty|forty|forty five|forty-five|fifty"
)
# "Two to four people" and "5 to 23 January" are no times of day.
_PAST = r"quarter|half|five|ten|fifteen|twenty|twenty[ -]five|5|10|15|20|25"
_NO_COUNT = (
    r"(?! ?(?:[a-z]{3,}s\b|people|adult|child|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
)

_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        (
            rf"{_BEFORE}(?<![\d:.$])\b(?P<hour>[01]?\d|2[0-4]) ?[:h] ?(?P<minute>[0-5]\d)"
            rf"(?::[0-5]\d)?(?![\d:]){_END}"
        ),
        (
            rf"{_BEFORE}(?<![\d:.$])\b(?P<hour>[01]?\d|2[0-3])[.\-, "
            rf"](?P<minute>[0-5]\d)(?:{_HALF})(?:{_PART})?"
        ),
        rf"(?<![\d:.$])\b(?P<hour>1[0-2]|0?[1-9]|{_HOUR_WORD})(?:{_HALF})(?:{_PART})?",
        (
            rf"(?<![\d:.$])\b(?P<hour>[01]?\d|2[0-3]|{_HOUR_WORD})(?:ish)? ?o'? "
            rf"?clock(?:{_HALF})?(?:{_PART})?"
        ),
        rf"(?<![\d:.$])\b(?P<hour>1[0-2]|0?[1-9]|{_HOUR_WORD})(?:ish)?(?:{_PART})",
        (
            rf"\b(?P<lead>morning|afternoon|evening|night)(?: at| around)? (?P<hour>1[0-2]|"
            rf"0?[1-9]|{_HOUR_WORD})\b(?!\w| ?[:./-]\d)"
        ),
        (
            rf"(?<!from )(?<!between ){_BEFORE}\b(?:(?P<minute>{_PAST})|"
            rf"(?P<minutes>[0-5]?\d|{any_of(CARDINALS)}) (?:minutes?|mins?)) "
            rf"(?P<side>past|after|to|till|til|before|of) (?P<hour>2[0-3]|1\d|0?[1-9]|"
            rf"{_HOUR_WORD})\b{_NO_COUNT}{_END}"
        ),
        rf"(?<![\d:.$])\b(?P<hour>1[0-2]|0?[1-9])(?P<minute>[0-5]\d)(?:{_HALF})",
        rf"(?<![\d:.$])\b(?P<hour>[01]?\d|2[0-3])[ .](?P<minute>[0-5]\d)(?:{_ANY_PART})",
        r"(?<!in )(?<!for )\b(?P<hour>1[3-9]|2[0-3]) ?(?:hrs?|h)\b",
        r"(?<![\d:.$])\b(?P<hour>1[0-2]|[1-9]) ?ish\b",
        rf"\b(?P<hour>{_HOUR_WORD}) (?P<minute>{_MINUTE_WORD}|o[h']? (?:{_HOUR_WORD}))\b{_END}",
        rf"\bhalf (?P<hour>{_HOUR_WORD}|1[0-2]|[1-9])\b(?P<minute>)(?P<side>){_END}",
        r"\b(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d) ?(?:hours|hrs|h)\b",
    )
]
_NAMED = re.compile(r"\b(?P<named>noon|midday|mid-day|midnight|mid night)\b")
_AT = re.compile(
    r"\b(?:at|by|around|about|@|after|before|until|till) "
    r"(?P<clock>(?P<hour>[01]?\d|2[0-3])(?:[. ]|(?<=\d\d))(?P<minute>[0-5]\d))\b"
    r"(?![.:/\d]| ?(?:%|percent|dollars?|euros?|pounds?))"
)
_LENGTH = rf"(?P<count>half an|an?|\d{{1,2}}|(?:a )?couple(?: of)?|{any_of(CARDINALS)})"
_FROM_NOW = re.compile(
    rf"\b(?:(?:in|within) )?{_LENGTH} (?P<unit>hours?|hrs?|minutes?|mins?)(?P<more> and a half)?"
    rf"(?P<side> from now| ago|'? time)?\b"
)
_BARE = re.compile(
    rf"\b(?:at|by|around|about|@|after|before|until|till) (?:about |around )?"
    rf"(?P<hour>2[0-3]|1\d|0?[1-9]|{_HOUR_WORD})"
    r"(?:ish)?\b(?![:/.,-]?\d| ?(?:am|pm|%|\w+st\b)| (?:\w{3,}s|person|people|room|star|"
    r"night|day|week|bed|of|each|main|the|different)\b)"
)
# Of each pattern; a longer timetable's middle is not read.
MAX_FOUND = 60
_CLOCK_CUES = frozenset({DIGITS, *_HOUR_WORD.split("|")})
# All that a time of day begins with.
_BEGINNINGS = (
    _CLOCK_CUES
    | {re.split("[ -]", word)[0] for word in CARDINALS}
    | {*words("quarter half morning afternoon evening night tonight")}
)
_NAMED_CUES = frozenset({"noon", "midday", "mid", "midnight"})
_LENGTH_CUES = frozenset(words("hour hours hr hrs minute minutes min mins"))
NAMED_HOURS = {"noon": 12, "midday": 12, "mid-day": 12, "midnight": 0, "mid night": 0}


def find_times(text: str, bare: bool = False, now: datetime | None = None) -> list[Found]:
    """Times in the order of the text, as `(hour, minute)`; with `bare`, also `at 7` and `at 1830`.

    With the visitor's `now`, also `in 2 hours`.

    `note` is `half` when the reading could be either half of the day.
    """
    lowered = lower(text)
    found: list[Found] = []
    starts = both_ends(starts_of(lowered, _BEGINNINGS), MAX_PLACES)
    for match in matches(_NAMED, lowered, near(lowered, _NAMED_CUES)):
        found.append(Found(*match.span(), (NAMED_HOURS[match["named"]], 0)))
    for pattern in _PATTERNS:
        for match in both_ends(list(begun(pattern, lowered, starts)), MAX_FOUND):
            item = _read(match)
            if item:
                found.append(item)
    if bare:
        found += _bare(lowered)
    if now:
        found += _from_now(lowered, now)
    return longest_first(found)


def _bare(text: str) -> list[Found]:
    found = []
    clocks = near(text, _CLOCK_CUES)
    for match in both_ends(list(matches(_BARE, text, clocks)), MAX_FOUND):
        hour = _number(match["hour"])
        found.append(Found(*match.span("hour"), _settle(hour, 0, "", ""), note="half"))
    for match in both_ends(list(matches(_AT, text, clocks)), MAX_FOUND):
        hour, minute = int(match["hour"]), int(match["minute"])
        note = "half" if 0 < hour <= 12 else ""
        found.append(Found(*match.span("clock"), (hour, minute), note=note))
    return found


def _from_now(text: str, now: datetime) -> list[Found]:
    found = []
    for match in matches(_FROM_NOW, text, near(text, _LENGTH_CUES)):
        said, side = match["count"], match["side"] or ""
        if not (match.group().startswith(("in ", "within ")) or side.endswith(("now", "ago"))):
            continue
        count = 0.5 if said == "half an" else 2 if "couple" in said else _number(said) or 1
        count += 0.5 if match["more"] else 0
        length = timedelta(**{"hours" if match["unit"][0] == "h" else "minutes": count})
        moment = now - length if side.endswith("ago") else now + length
        found.append(Found(*match.span(), (moment.hour, moment.minute)))
    return found


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else CARDINALS.get(text, 0)


def _read(match: re.Match[str]) -> Found | None:
    groups = match.groupdict()
    said = groups.get("minute") or groups.get("minutes")
    hour, minute = _number(match["hour"]), _minute(said, match.group())
    if groups.get("side") is None or groups["side"] in ("past", "after", ""):
        pass
    elif minute:
        hour, minute = (hour - 1) % 24 or (12 if hour == 1 else 0), 60 - minute
    half = (groups.get("half") or "").strip()[:1]
    part = next(filter(None, map(groups.get, ("part", "part2", "part3", "lead"))), "")
    if hour > 24 or minute > 59 or (half and (hour > 12 and half == "a")):
        return None
    value = _settle(hour, minute, half, part)
    unsure = not half and not part and 0 < hour <= 12
    start, end = match.span()
    while text_at(match, end - 1) in " ,":
        end -= 1
    return Found(start, end, value, note="half" if unsure else "")


def text_at(match: re.Match[str], index: int) -> str:
    return match.string[index] if match.start() <= index < match.end() else "."


def _minute(said: str | None, whole: str) -> int:
    if not said:
        return 30 if whole.startswith("half") else 0
    if said == "quarter":
        return 15
    if said == "half":
        return 30
    if said.startswith("o") and " " in said:
        return CARDINALS.get(said.split(" ", 1)[1], 0)
    return _number(said)


def _settle(hour: int, minute: int, half: str, part: str) -> tuple[int, int]:
    """The hour by the clock of 24 hours. Without a hint the hour stands as it was said."""
    hour %= 24
    if half == "p" or (not half and part in ("afternoon", "evening", "tonight", "tonite")):
        hour = hour + 12 if hour < 12 else hour
    elif not half and part == "night":
        hour = hour + 12 if 5 <= hour < 12 else hour % 12 if hour == 12 else hour
    elif (half == "a" or part == "morning") and hour == 12:
        hour = 0
    return hour, minute
