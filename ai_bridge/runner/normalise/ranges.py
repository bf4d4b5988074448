"""Stretches of days: `from the 3rd to the 7th of March`, `3 nights from Friday`, `next week`."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from ai_bridge.runner.normalise.dates import find_dates
from ai_bridge.runner.normalise.day_making import (
    add,
    coming,
    last_of_month,
    make_day,
    month_after,
    nth_weekday,
)
from ai_bridge.runner.normalise.day_patterns import (
    ANY_MONTH,
    COUNT,
    ORDINAL,
    count_of,
    day_number,
)
from ai_bridge.runner.normalise.day_words import MONTHS, any_of
from ai_bridge.runner.normalise.texts import lower
from ai_bridge.runner.normalise.types import Context, Found, Refusal


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends, each with its own words; the value of an end is a `date`.

    Where one phrase gives both, as `next week` does, both ends have its place.
    """

    start: Found
    end: Found


_TO = r"(?:to|until|till|til|through|thru|up to|and|-|–|—|&)"
_LINK = re.compile(rf",? ?(?:(?:and )?(?:back|returning|leaving|ending) (?:on )?|{_TO} ?)(?:the )?")
_DAY = rf"(?:{ORDINAL}|\d{{1,2}})"
_GAP = rf" ?{_TO} ?(?:the )?"
_MONTH = rf"(?P<month>{any_of(MONTHS)})\b\.?"
# One end says the month for both: "March 3-7", "the 3rd to the 7th of March".
_SHARED = (
    re.compile(rf"\b{_MONTH} (?:the )?(?P<first>{_DAY}){_GAP}(?P<last>{_DAY})\b(?!:|/|\d)"
               r"(?:,? (?P<year>(?:19|20)\d\d))?"),
    re.compile(rf"\b(?P<first>{_DAY}){_GAP}(?P<last>{_DAY}) (?:of )?{_MONTH}"
               r"(?:,? (?P<year>(?:19|20)\d\d))?"),
    re.compile(rf"\b(?P<first>{ORDINAL}){_GAP}(?P<last>{_DAY})\b(?P<month>)(?P<year>)"),
)  # fmt: skip
_STAY = re.compile(rf"\b(?P<count>{COUNT}) (?P<unit>nights?|days?|weeks?|months?)\b")
_WEEK = re.compile(
    r"\b(?P<which>this|next|the following|the coming|last) (?P<unit>week|weekend|month|year)\b|"
    r"\b(?:the|over the) (?P<weekend>weekend)\b"
)
_WEEK_OF_MONTH = re.compile(
    rf"\b(?P<nth>first|second|third|fourth|last) week (?:of|in) {ANY_MONTH}"
)
_HALF = re.compile(
    rf"\b(?P<part>beginning|start|early|middle|mid|late|end)(?: of| in)?[ -](?:the )?{ANY_MONTH}"
)
_WHOLE_MONTH = re.compile(rf"\b(?:in|during|all of|the whole of|throughout) {ANY_MONTH}")
_FROM = re.compile(r"\b(?:from|starting|beginning|since|arriving|after|leaving)(?: on)?(?: the)? $")
_UNTIL = re.compile(r"\b(?:until|till|til|to|by|through|before|ending)(?: on)?(?: the)? $")
_NTH = {"first": 0, "second": 7, "third": 14, "fourth": 21}
_PARTS = {"beginning": (1, 10), "start": (1, 10), "early": (1, 10), "middle": (11, 20),
          "mid": (11, 20), "late": (21, 31), "end": (21, 31)}  # fmt: skip
_BETWEEN = re.compile(r"\bbetween(?: the)? $")
# A stretch that long was hardly meant: its ends were mixed up.
MAX_DAYS = 300
NOTHING = Refusal("not a range of days")


def read_range(text: str, now: datetime, region: str) -> Range | Refusal:
    """The first stretch of days in a text, the visitor's `now` and region given.

    Both ends count. The reason of a refusal is `the start is missing`, `the end is missing`, `ends
    before it begins`, `ambiguous ...`, or that there is none.
    """
    lowered, context = lower(text), Context(now, region=region)
    shared = _shared(lowered, now.date())
    if shared:
        return shared
    days = [item for item in find_dates(text, context) if item.note != "period"]
    unclear = next((item.value for item in days if isinstance(item.value, Refusal)), None)
    if unclear:
        return unclear
    paired = _paired(lowered, days)
    if paired:
        return paired
    stay = _stay(lowered, days)
    return stay or _period(lowered, now.date()) or _one_end(lowered, days)


def _shared(text: str, today: date) -> Range | Refusal | None:
    for pattern in _SHARED:
        match = pattern.search(text)
        if not match:
            continue
        first, last = day_number(match["first"]), day_number(match["last"])
        month = MONTHS[match["month"]] if match["month"] else 0
        if _lists(text, match.start("first"), text[match.end("first") : match.start("last")]):
            continue
        start = _numbered(first, month, match["year"], today)
        end = start and _on_or_after(start, last)
        if start is None or end is None:
            continue
        if end < start or (month and last < first):
            return Refusal("ends before it begins")
        return Range(Found(*_place(match, "first"), start), Found(*_place(match, "last"), end))
    return None


def _place(match: re.Match[str], name: str) -> tuple[int, int]:
    """The words of one end, with the month where it stands beside it."""
    start, end = match.span(name)
    beside = match.start("month") < start if name == "first" else match.start("month") > start
    if not match["month"] or not beside:
        return start, end
    return (match.start(), end) if name == "first" else (start, match.end())


def _numbered(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return make_day(int(year), month, day)
    if month:
        return coming(month, day, today)
    return next(
        (
            found
            for months in range(3)
            if (found := make_day(*month_after(today, months), day)) and found >= today
        ),
        None,
    )


def _on_or_after(start: date, day: int) -> date | None:
    here = make_day(start.year, start.month, day)
    return here if here and here >= start else make_day(*month_after(start, 1), day)


def _paired(text: str, days: list[Found]) -> Range | Refusal | None:
    """Two days that belong together, the later of which may lie in the next week, month or year."""
    for one, other in pairwise(days):
        gap = text[one.end : other.start]
        if not _LINK.fullmatch(gap.lstrip()) or _lists(text, one.start, gap):
            continue
        end = _later(one, other)
        if end is None or not 0 <= (end - one.value).days <= MAX_DAYS:
            return Refusal("ends before it begins")
        return Range(one, Found(other.start, other.end, end))
    return None


def _lists(text: str, start: int, gap: str) -> bool:
    """`the 3rd and the 7th` are two days, `between the 3rd and the 7th` is a stretch."""
    is_and = gap.strip().removesuffix(" the") in ("and", "&")
    return is_and and not _BETWEEN.search(text, max(0, start - 14), start)


def _later(one: Found, other: Found) -> date | None:
    """The second day as it is meant after the first: `28 December to 3 January`."""
    start, end = one.value, other.value
    if end >= start:
        return end if isinstance(end, date) else None
    if other.note == "year":
        return coming(end.month, end.day, start)
    if other.note == "month":
        return _on_or_after(start, end.day)
    is_weekday = (start - end).days < 7
    return end + timedelta(days=7) if is_weekday else None


def _stay(text: str, days: list[Found]) -> Range | None:
    """`3 nights from Friday`, `Friday for a week`: the first day and how long."""
    if len(days) != 1:
        return None
    day = days[0]
    for match in _STAY.finditer(text):
        if match.start() < day.end and day.start < match.end():
            continue
        count, unit = count_of(match["count"]), match["unit"]
        if unit.startswith("night"):
            end = add(day.value, count, "days")
        elif unit.startswith("day"):
            end = add(day.value, count - 1, "days")
        else:
            end = add(day.value, count, unit)
        if end:
            return Range(day, Found(*match.span(), end))
    return None


def _period(text: str, today: date) -> Range | None:
    """A week, a weekend, a month or a part of one."""
    for pattern, read in (
        (_WEEK_OF_MONTH, _week_of_month),
        (_HALF, _part_of_month),
        (_WEEK, _week),
        (_WHOLE_MONTH, _month),
    ):
        match = pattern.search(text)
        ends = read(match, today) if match else None
        if match and ends:
            return Range(*(Found(match.start(), match.end(), end, note="period") for end in ends))
    return None


def _week(match: re.Match[str], today: date) -> tuple[date, date] | None:
    unit = match["unit"] or match["weekend"]
    ahead = {"this": 0, "last": -1}.get(match["which"] or "this", 1)
    monday = today - timedelta(days=today.weekday())
    if unit == "week":
        first = monday + timedelta(days=7 * ahead)
        return max(first, today) if not ahead else first, first + timedelta(days=6)
    if unit == "weekend":
        saturday = monday + timedelta(days=5 + 7 * ahead)
        return saturday, saturday + timedelta(days=1)
    if unit == "year":
        year = today.year + ahead
        return date(year, 1, 1) if ahead else today, date(year, 12, 31)
    year, month = month_after(today, ahead)
    first = date(year, month, 1)
    return max(first, today) if not ahead else first, last_of_month(year, month)


def _named_month(match: re.Match[str], today: date) -> tuple[int, int]:
    if match["near"]:
        ahead = "next" in match["near"] or match["near"].endswith(("following", "coming"))
        return month_after(today, 1 if ahead else 0)
    month = MONTHS[match["month"]]
    year = int(match["year"]) if match["year"] else today.year + (month < today.month)
    return year, month


def _month(match: re.Match[str], today: date) -> tuple[date, date]:
    year, month = _named_month(match, today)
    first = date(year, month, 1)
    is_this = (year, month) == (today.year, today.month)
    return today if is_this else first, last_of_month(year, month)


def _part_of_month(match: re.Match[str], today: date) -> tuple[date, date]:
    year, month = _named_month(match, today)
    first, last = _PARTS[match["part"]]
    end = last_of_month(year, month)
    return date(year, month, first), min(end, date(year, month, min(last, end.day)))


def _week_of_month(match: re.Match[str], today: date) -> tuple[date, date] | None:
    year, month = _named_month(match, today)
    if match["nth"] == "last":
        end = last_of_month(year, month)
        return end - timedelta(days=6), end
    monday = nth_weekday(year, month, 0, 1)
    if monday is None:
        return None
    first = monday + timedelta(days=_NTH[match["nth"]])
    return first, first + timedelta(days=6)


def _one_end(text: str, days: list[Found]) -> Refusal:
    if not days:
        return NOTHING
    before = text[max(0, days[0].start - 20) : days[0].start]
    is_end = bool(_UNTIL.search(before)) and not _FROM.search(before)
    return Refusal("the start is missing" if is_end else "the end is missing")
