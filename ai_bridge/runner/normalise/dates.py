"""Dates as people write them, read against the visitor's own day and region."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from ai_bridge.runner.normalise import numbered_days, relative_days
from ai_bridge.runner.normalise.day_patterns import SPAN, Reading
from ai_bridge.runner.normalise.day_words import CARDINALS, ORDINALS, WEEKDAYS, any_of
from ai_bridge.runner.normalise.nearby import matches, near
from ai_bridge.runner.normalise.relative_days import moved
from ai_bridge.runner.normalise.texts import lower
from ai_bridge.runner.normalise.types import Context, Found, Refusal, both_ends, longest_first


def _patterns() -> list[tuple[re.Pattern[str], Reading, str, frozenset[str]]]:
    listed = numbered_days.listed() + relative_days.listed()
    return [(re.compile(pattern), reading, note, cues) for pattern, reading, note, cues in listed]


_PATTERNS = _patterns()
# Words that are days only in the right company: "sun", "sat", "second".
_LOOSE = re.compile(rf"(?:the )?(?:{any_of(ORDINALS)}|sat|sun|mon|wed)", re.IGNORECASE)
_PLACED = re.compile(r"\b(?:on|by|for|this|next|until|till|from|to|the) $")
# "One may ask" names no first of May.
_MAY = re.compile(rf"(?:{any_of(CARDINALS)}) (?:may|march|mar|sun)\b.*|may (?:one|a)\b")
# What comes before a day and moves it: "2 weeks from", "the day after". "For four days from the
# first" tells how long and from when.
_MOVES = re.compile(
    rf"(?<!\bfor )(?<!\bbe )\b(?P<span>(?:the )?day|{SPAN}) "
    r"(?P<side>from|after|before|since|prior to)(?: the)? $"
)
_BESIDE = re.compile(r",? (?:on )?(?:the )?")
# Of each pattern; a longer calendar's middle is not read.
MAX_FOUND = 60
MAX_LEAD = 70


def find_dates(text: str, context: Context) -> list[Found]:
    """Dates in the order of the text; a value is a `date`, or a Refusal for what is no one day.

    `note` is `year` when the year was not said, `month` when only a day of the month was, `weekday`
    when only that was, `period` for a week, a month or "as soon as possible".
    """
    lowered = lower(text)
    found = longest_first(_simple(lowered, context))
    found = longest_first(found + _with_weekday(lowered, found))
    found = longest_first(found + _moved(lowered, found))
    return [replace(item, note=_KEPT.get(item.note, item.note)) for item in found]


_KEPT = {"offset": ""}


def _simple(lowered: str, context: Context) -> list[Found]:
    found: list[Found] = []
    for pattern, reading, note, cues in _PATTERNS:
        listed = list(matches(pattern, lowered, near(lowered, cues)))
        for match in both_ends(listed, MAX_FOUND):
            value = reading(match, context)
            if value is None or _is_loose(match, lowered):
                continue
            said = match.groupdict()
            has_year = any(said.get(name) for name in ("year", "year4", "short", "spoken"))
            start, end = _trim(lowered, *match.span())
            if note == "weekday" and lowered.endswith("since ", 0, start):
                value = _gone_by(value, context)
            is_told = (note == "year" and has_year) or _AHEAD.match(said.get("before") or "")
            found.append(Found(start, end, value, note="" if is_told else note))
    return found


# Who says so means no day gone by.
_AHEAD = re.compile(r"(?:this |the )?(?:next|coming|upcoming|following)\b")


def _gone_by(value: date | Refusal, context: Context) -> date | Refusal:
    """`Since Tuesday` is the last one."""
    if isinstance(value, date) and value > context.now.date():
        return value - timedelta(days=7)
    return value


def _with_weekday(text: str, found: list[Found]) -> list[Found]:
    """`Monday two weeks from now`: the Monday of that week."""
    joined = []
    for one, other in pairwise(found):
        notes = {one.note, other.note}
        if notes != {"weekday", "offset"} or not _BESIDE.fullmatch(text, one.end, other.start):
            continue
        weekday, base = (one, other) if one.note == "weekday" else (other, one)
        ahead = weekday.value.weekday() - base.value.weekday()
        in_weeks = "week" in text[base.start : base.end]
        day = base.value + timedelta(days=ahead if in_weeks else ahead % 7)
        joined.append(Found(one.start, other.end, day))
    return joined


def _moved(text: str, found: list[Found]) -> list[Found]:
    """`2 weeks from January 15`, `the day after Christmas`."""
    joined = []
    for item in found:
        match = _MOVES.search(text, max(0, item.start - MAX_LEAD), item.start)
        if not match or not isinstance(item.value, date):
            continue
        sign = -1 if match["side"] in ("before", "prior to") else 1
        span = (
            "a day" if match["span"].endswith("day") and "the" in match["span"] else match["span"]
        )
        day = moved(item.value, "a day" if span == "day" else span, sign)
        if day:
            joined.append(Found(match.start(), item.end, day))
    return joined


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1] in " ,.":
        end -= 1
    if text.startswith("the ", start):
        start += 4
    return start, end


def _is_loose(match: re.Match[str], text: str) -> bool:
    said = match.group().strip()
    if _MAY.fullmatch(said):
        return True
    # "Wed" is a day when it is all that was said.
    if not _LOOSE.fullmatch(said) or (said in WEEKDAYS and said == text.strip(" .,!")):
        return False
    return not _PLACED.search(
        text[max(0, match.start() - 6) : match.start()] + " "[: match.start()]
    )
