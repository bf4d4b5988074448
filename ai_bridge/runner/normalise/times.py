"""Times of day as people write them: `half past four`, `7ish`, `18:30`, `noon`."""

import re

from ai_bridge.runner.normalise.day_words import CARDINALS
from ai_bridge.runner.normalise.texts import lower
from ai_bridge.runner.normalise.types import Found, longest_first

_WORD = "|".join(sorted(CARDINALS, key=len, reverse=True))
_HOUR_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_HALF = r"(?P<half> ?[ap]\.?m\b\.?| ?[ap]\b(?!\.?\w))"
_PART = (
    r"(?:,? (?:in the|at|this|the|tomorrow|o'?clock in the|o'?clock at) ?"
    r"(?P<part>morning|afternoon|evening|night|midday)| (?P<part2>tonight|tonite))"
)
_BEFORE = (
    r"(?:(?P<lead>morning|afternoon|evening|night|tonight),?(?: at| around| about| by)? (?:at )?)?"
)
_END = rf"(?:{_HALF})?(?: ?o'? ?clock)?(?:{_PART})?"
_MINUTE_WORD = (
    "five|ten|fifteen|twenty|twenty five|twenty-five|thirty|forty|forty five|forty-five|fifty"
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
            rf"{_BEFORE}\b(?P<minute>quarter|half|[0-5]?\d|{_WORD})(?: minutes?| mins?)? "
            rf"(?P<side>past|after|to|till|til|before|of) (?P<hour>2[0-3]|1\d|0?[1-9]|"
            rf"{_HOUR_WORD})\b{_END}"
        ),
        rf"\b(?P<hour>{_HOUR_WORD}) (?P<minute>{_MINUTE_WORD}|o[h']? (?:{_HOUR_WORD}))\b{_END}",
        rf"\bhalf (?P<hour>{_HOUR_WORD}|1[0-2]|[1-9])\b(?P<minute>)(?P<side>){_END}",
        r"\b(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d) ?(?:hours|hrs|h)\b",
    )
]
_NAMED = re.compile(r"\b(?P<named>noon|midday|mid-day|midnight)\b")
_BARE = re.compile(
    rf"\b(?:at|by|around|about|@|after|before|until|till) (?:about |around )?"
    rf"(?P<hour>2[0-3]|1\d|0?[1-9]|{_HOUR_WORD})"
    r"(?:ish)?\b(?![:/.,-]?\d| ?(?:am|pm|%|\w+st\b)| (?:\w{3,}s|person|people|room|star|"
    r"night|day|week|bed|of|each|main|the|different)\b)"
)
MAX_FOUND = 50
NAMED_HOURS = {"noon": 12, "midday": 12, "mid-day": 12, "midnight": 0}


def find_times(text: str, bare: bool = False) -> list[Found]:
    """Times in the order of the text, as `(hour, minute)`; with `bare`, also `at 7`.

    `note` is `half` when the reading could be either half of the day.
    """
    lowered = lower(text)
    found: list[Found] = []
    for match in _NAMED.finditer(lowered):
        found.append(Found(*match.span(), (NAMED_HOURS[match["named"]], 0)))
    for pattern in _PATTERNS:
        for match in pattern.finditer(lowered):
            item = _read(match)
            if item and len(found) < MAX_FOUND:
                found.append(item)
    if bare:
        for match in _BARE.finditer(lowered):
            hour = _number(match["hour"])
            found.append(Found(*match.span("hour"), _settle(hour, 0, "", ""), note="half"))
    return longest_first(found)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else CARDINALS.get(text, 0)


def _read(match: re.Match[str]) -> Found | None:
    groups = match.groupdict()
    hour, minute = _number(match["hour"]), _minute(groups.get("minute"), match.group())
    if groups.get("side") is None or groups["side"] in ("past", "after", ""):
        pass
    elif minute:
        hour, minute = (hour - 1) % 24 or (12 if hour == 1 else 0), 60 - minute
    half = (groups.get("half") or "").strip()[:1]
    part = groups.get("part") or groups.get("part2") or groups.get("lead") or ""
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
        hour = hour + 12 if 5 <= hour < 12 else hour
    elif (half == "a" or part == "morning") and hour == 12:
        hour = 0
    return hour, minute
