"""Days named by their number, with or without month and year."""

import re
from datetime import date

from ai_bridge.runner.normalise.day_making import coming, full_year, make_day, month_after
from ai_bridge.runner.normalise.day_patterns import (
    DAY,
    LEAD,
    MONTH,
    ORDINAL,
    WEEKDAY,
    YEAR,
    Listed,
    day_number,
)
from ai_bridge.runner.normalise.day_words import MONTH_FIRST, MONTHS, ORDINALS, WEEKDAYS
from ai_bridge.runner.normalise.nearby import DIGITS, JOINED, cues_of
from ai_bridge.runner.normalise.numbers import find_numbers
from ai_bridge.runner.normalise.types import Context, Refusal

_ISO = r"(?P<year>(?:19|20)\d\d)"
_NUMBERS = r"(?<![\d/.$€£-])(?P<one>\d{1,2})(?P<mark>[/.-])(?P<two>\d{1,2})"
# "The second floor" and "my first time" name no day.
_NO_DAY = (
    r"(?! (?:floor|time|one|street|avenue|st\b|ave\b|grade|place|option|choice|child|visit|"
    r"question|thing|name|person|half|part|chance|year|week|month|quarter|class|world|hand|party|"
    r"thought|class|generation|degree|edition|century|anniversary|birthday|row|line|attempt)\b)"
)
_DIGITS, _JOINED = frozenset({DIGITS}), frozenset({JOINED})
_MONTHS, _WEEKDAYS = cues_of(MONTHS), cues_of(WEEKDAYS)
_ORDINAL = _DIGITS | cues_of(ORDINALS)
_IN_MONTH = frozenset({"month"})
# A day and month match this weekday within so many months.
MONTHS_AHEAD = 12


def listed() -> Listed:
    return [
        (rf"(?<!\d){LEAD}{_ISO}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d)", _iso, "",
         _JOINED),
        ((rf"(?<!\d){_ISO} ?(?P<month>0[1-9]|1[0-2])(?P<gap> ?)"
         r"(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"), _iso, "", _DIGITS),
        (rf"{LEAD}{_NUMBERS}(?P=mark)(?P<year>(?:19|20)?\d\d)(?![\d/]|\.\d)", _numeric, "",
         _JOINED),
        ((rf"{LEAD}(?<![\d/.$€£-])(?P<one>\d{{1,2}})(?P<mark>/)(?P<two>\d{{1,2}})(?P<year>)"
         r"(?![\d/]|[.,]\d)"), _numeric, "year", _JOINED),
        (rf"\b{LEAD[:-1]}{_NUMBERS}(?P<year>)(?![\d/.-]|,\d)", _numeric, "year", _JOINED),
        ((rf"{LEAD}(?<![\d/.$€£-])(?P<one>\d{{1,2}})(?P<mark>\.)(?P<two>\d{{1,2}})\.(?P<year>)"
          r"(?!\d)"), _numeric, "year", _JOINED),
        ((r"\b(?P<which>(?:this|next|the next|the following) month)(?P<lead>),? (?:on )?(?:the )?"
          rf"(?P<day>{ORDINAL})\b"), _day_of_month, "month", _IN_MONTH),
        (rf"\b{LEAD}{MONTH}(?: ?(?:the )?|[-/]){DAY}\b(?!:| ?(?:am|pm|%)\b){YEAR}",
         _month_day, "year", _MONTHS),
        (rf"\b{LEAD}{DAY} ?(?:day )?(?:of |[-/])?{MONTH}(?:-(?P<year4>\d{{4}}))?{YEAR}",
         _month_day, "year", _MONTHS),
        (rf"\b{MONTH}-{_ISO}-{DAY}\b", _iso_named, "", _MONTHS),
        (rf"\b{_ISO}[-/ ]{MONTH}[-/ ]{DAY}\b", _iso_named, "", _MONTHS),
        ((rf"\b{LEAD}(?:the )?(?P<day>{ORDINAL})(?: day)?\b{_NO_DAY}(?P<which>,? (?:of |in )?"
         r"(?:this|the|next|the next|following|the following|current|the current) month)?"),
         _day_of_month, "month", _ORDINAL),
        ((r"(?<=\bthe )(?P<lead>)(?P<day>\d{1,2})\b(?P<which>)"
         r"(?=\W*$|[.,!?;](?!\d)| (?:instead|please|of this month|at\b))"), _day_of_month, "month",
         _DIGITS),
        ((rf"\b(?P<lead>{WEEKDAY}),? (?:the )?(?P<day>[12]?\d|3[01])\b(?P<which>)"
         r"(?=\W*$|[.,!?;](?!\d))"), _weekday_number, "month", _WEEKDAYS),
    ]  # fmt: skip


def _month_day(match: re.Match[str], context: Context) -> date | None:
    month, day = MONTHS[match["month"]], day_number(match["day"])
    year = _stated_year(match, context)
    return make_day(year, month, day) if year else coming(month, day, context.now.date())


def _stated_year(match: re.Match[str], context: Context) -> int | None:
    said = match.groupdict()
    if said.get("year") or said.get("year4"):
        return int(said.get("year4") or match["year"])
    if said["spoken"]:
        spoken = find_numbers(said["spoken"])
        return int(spoken[0].value) if spoken else 0
    return full_year(said["short"], context.now.date()) if said["short"] else None


def _iso(match: re.Match[str], context: Context) -> date | None:
    return make_day(int(match["year"]), int(match["month"]), int(match["day"]))


def _iso_named(match: re.Match[str], context: Context) -> date | None:
    return make_day(int(match["year"]), MONTHS[match["month"]], day_number(match["day"]))


def _numeric(match: re.Match[str], context: Context) -> date | Refusal | None:
    one, two = int(match["one"]), int(match["two"])
    month_first = context.region.upper() in MONTH_FIRST
    if match["lead"]:
        return _beside_weekday(match, context, month_first)
    if one > 12 or match["mark"] == ".":
        month_first = False
    elif two > 12:
        month_first = True
    elif one != two and not context.region:
        return Refusal(f"ambiguous {match.group()}")
    month, day = (one, two) if month_first else (two, one)
    return _numbered(match["year"], month, day, context)


def _numbered(year: str, month: int, day: int, context: Context) -> date | None:
    today = context.now.date()
    if year:
        return make_day(full_year(year, today), month, day)
    return coming(month, day, today)


def _beside_weekday(match: re.Match[str], context: Context, month_first: bool) -> date | None:
    """`Friday 7/6`: the weekday tells which of the two is the month."""
    one, two = int(match["one"]), int(match["two"])
    orders = [(one, two), (two, one)] if month_first else [(two, one), (one, two)]
    found = [_numbered(match["year"], month, day, context) for month, day in orders]
    wanted = WEEKDAYS[match["lead"]]
    fitting = [day for day in found if day and day.weekday() == wanted]
    return next(iter([*fitting, *filter(None, found)]), None)


def _day_of_month(match: re.Match[str], context: Context) -> date | Refusal | None:
    today, day = context.now.date(), day_number(match["day"])
    which = match["which"] or ""
    if "next" in which or "following" in which:
        return make_day(*month_after(today, 1), day)
    if which:
        return make_day(today.year, today.month, day)
    if match["lead"]:
        return _weekday_number(match, context) or Refusal(f"ambiguous {match.group().strip()}")
    return next(_days_ahead(today, day), None)


def _weekday_number(match: re.Match[str], context: Context) -> date | None:
    """`Monday 21`: the next 21st that is a Monday."""
    wanted, day = WEEKDAYS[match["lead"]], day_number(match["day"])
    found = _days_ahead(context.now.date(), day)
    return next((item for item in found if item.weekday() == wanted), None)


def _days_ahead(today: date, day: int) -> "filter[date]":
    months = (month_after(today, months) for months in range(MONTHS_AHEAD))
    made = (make_day(year, month, day) for year, month in months)
    return filter(lambda found: found is not None and found >= today, made)  # type: ignore[arg-type]
