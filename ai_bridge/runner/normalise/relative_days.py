"""Days named by their distance from today, by weekday or by feast; and periods, which are none."""

import re
from datetime import date, timedelta

from dateutil.easter import easter

from ai_bridge.runner.normalise.day_making import (
    add,
    coming,
    last_of_month,
    month_after,
    nth_weekday,
)
from ai_bridge.runner.normalise.day_patterns import (
    ANY_MONTH,
    COUNT,
    SPAN,
    WEEKDAY,
    Listed,
    count_of,
    steps_of,
)
from ai_bridge.runner.normalise.day_words import MONTHS, WEEKDAYS, any_of
from ai_bridge.runner.normalise.nearby import cues_of
from ai_bridge.runner.normalise.types import Context, Refusal, words

_NAMED = {
    "today": 0, "tonight": 0, "tonite": 0, "this morning": 0, "this afternoon": 0,
    "this evening": 0, "tomorrow": 1, "tommorow": 1, "tomorow": 1, "tommorrow": 1, "tmrw": 1,
    "tmr": 1, "tomorrow night": 1, "day after tomorrow": 2, "overmorrow": 2, "yesterday": -1,
    "last night": -1, "day before yesterday": -2,
}  # fmt: skip
_FEASTS: dict[str, str | tuple[int, ...]] = {
    "christmas eve": (12, 24), "xmas eve": (12, 24), "christmas day": (12, 25),
    "christmas": (12, 25), "xmas": (12, 25), "boxing day": (12, 26), "new year's eve": (12, 31),
    "new years eve": (12, 31), "new year's day": (1, 1), "new years day": (1, 1),
    "new year's": (1, 1), "new year": (1, 1), "valentine's day": (2, 14), "valentines day": (2, 14),
    "saint patrick's day": (3, 17), "saint patrick": (3, 17), "st patrick's day": (3, 17),
    "st. patrick's day": (3, 17), "workers' day": (5, 1), "may day": (5, 1),
    "juneteenth": (6, 19), "independence day": (7, 4), "fourth of july": (7, 4),
    "halloween": (10, 31), "veterans day": (11, 11), "easter": "easter", "easter sunday": "easter",
    "good friday": "good friday", "easter monday": "easter monday", "thanksgiving": (11, 3, 4),
    "thanksgiving day": (11, 3, 4), "mother's day": (5, 6, 2), "mothers day": (5, 6, 2),
    "father's day": (6, 6, 3), "fathers day": (6, 6, 3), "labor day": (9, 0, 1),
    "memorial day": (5, 0, -1),
}  # fmt: skip
_BY_EASTER = {"easter": 0, "good friday": -2, "easter monday": 1}
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
        "last": -1}  # fmt: skip
_BEFORE = (
    r"(?:(?P<before>this coming|the coming|next coming|coming|this past|this|"
    r"(?:next|last|this) week(?: on)?|next|upcoming|the following|following|last|past|"
    rf"{COUNT} weeks? (?:from|on|after)(?: next| this)?),? )?"
)
_AFTER = (
    r"(?:,? (?P<after>(?:of |in )?(?:the )?(?:next|this|last|following|coming) week|week\b(?! of)|"
    rf"in {COUNT} weeks?(?:' time| time)?|fortnight))?"
)
_VAGUE = (
    r"(?:some ?time |any ?time |any ?day |early |late |later )?(?:next|last|this|the following|"
    r"this coming|the past) (?:week|month|year|weekend|spring|summer|autumn|fall|winter)|"
    r"the weekend|over the weekend|later (?:this|next) (?:week|month|year)"
)
SOON = (
    r"asap|a\.s\.a\.p\.?|(?:as )?soon as (?:possible|you can|you are able)|immediately|"
    r"right away|straight ?away|the sooner the better|the (?:earliest|soonest|first) "
    r"(?:possible|available|you (?:can|have))(?: (?:date|day|time|slot|appointment))?"
)

_UNITS = frozenset(words("day days week weeks month months year years fortnight fortnights"))
_VAGUE_CUES = frozenset(words("week month year weekend spring summer autumn fall winter"))
_SOON_CUES = frozenset(
    words("asap p soon sooner soonest immediately away straightaway earliest first")
)


def listed() -> Listed:
    return [
        (rf"\b{_BEFORE}{WEEKDAY}\b{_AFTER}", _weekday, "weekday", cues_of(WEEKDAYS)),
        (rf"\b(?P<named>{any_of(_NAMED)})\b", _named, "", cues_of(_NAMED)),
        ((rf"\b(?:in |within )?(?P<span>{SPAN})(?:'s?|' time)?(?: (?P<ago>ago|back|earlier)|"
         r"(?: from| after)? ?(?P<base>now|today|tomorrow|tmrw|yesterday)|(?P<later> later))\b"),
         _offset, "offset", _UNITS),
        (rf"\b(?P<span>{SPAN}) before (?P<base>now|today|tomorrow|yesterday)\b(?P<ago>)", _before,
         "offset", _UNITS),
        (rf"\bin (?P<span>{SPAN})(?P<ago>)(?P<base>)\b(?:'? time)?", _offset, "offset", _UNITS),
        ((rf"\b(?P<feast>{any_of(_FEASTS)})(?! (?:party|dinner|tree|present|gift|card)s?\b)"
         r"(?:,? (?:of |in )?(?P<year>(?:19|20)\d\d|this year|next year))?\b"),
         _feast, "year", cues_of(_FEASTS)),
        (rf"\b(?P<nth>{any_of(_NTH)}) {WEEKDAY} (?:of|in) {ANY_MONTH}", _nth,
         "year", cues_of(WEEKDAYS)),
        (rf"\b(?:the )?(?:last day|end) of {ANY_MONTH}", _month_end,
         "year", cues_of((*MONTHS, "month"))),
        (r"\b(?:the )?end of (?:the|this|next) (?P<unit>year)\b", _year_end, "", _UNITS),
        (rf"\b(?:{_VAGUE})\b", _no_day, "period", _VAGUE_CUES),
        (rf"\b(?:{SOON})\b", _no_day, "period", _SOON_CUES),
    ]  # fmt: skip


def _weekday(match: re.Match[str], context: Context) -> date | None:
    today, wanted = context.now.date(), WEEKDAYS[match["weekday"]]
    frame = " ".join(filter(None, (match["before"], match["after"])))
    monday = today - timedelta(days=today.weekday())
    weeks = re.search(rf"({COUNT}) weeks?\b", frame)
    for said, days in (("next week", 7), ("following week", 7), ("coming week", 7),
                       ("last week", -7), ("this week", 0)):  # fmt: skip
        if said in frame:
            return monday + timedelta(days=days + wanted)
    if "following" in frame:
        return monday + timedelta(days=7 + wanted)
    if "last" in frame or "past" in frame:
        return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)
    ahead = (wanted - today.weekday()) % 7
    if ahead == 0 and "this" not in frame:
        ahead = 7
    ahead += 7 * count_of(weeks[1]) if weeks else 0
    ahead += 14 if frame.endswith("fortnight") else 7 if frame.endswith("week") else 0
    return today + timedelta(days=ahead)


def _named(match: re.Match[str], context: Context) -> date:
    return context.now.date() + timedelta(days=_NAMED[match["named"]])


def moved(base: date | None, span: str, sign: int) -> date | None:
    """`base` moved by `2 years and a month`, on or back."""
    for count, unit in steps_of(span):
        base = add(base, sign * count, unit) if base else None
    return base


def _offset(match: re.Match[str], context: Context) -> date | None:
    base = context.now.date() + timedelta(days=_NAMED.get(match["base"] or "", 0))
    return moved(base, match["span"], -1 if match["ago"] else 1)


def _before(match: re.Match[str], context: Context) -> date | None:
    base = context.now.date() + timedelta(days=_NAMED.get(match["base"], 0))
    return moved(base, match["span"], -1)


def _feast(match: re.Match[str], context: Context) -> date | None:
    today, stated = context.now.date(), match["year"] or ""
    rule = _FEASTS[match["feast"]]
    if stated:
        year = today.year + (stated == "next year")
        return _feast_of(rule, int(stated) if stated.isdecimal() else year)
    days = (_feast_of(rule, today.year + years) for years in range(3))
    return next((day for day in days if day and day >= today), None)


def _feast_of(rule: str | tuple[int, ...], year: int) -> date | None:
    if isinstance(rule, str):
        return easter(year) + timedelta(days=_BY_EASTER[rule])
    if len(rule) == 2:
        month, day = rule
        return date(year, month, day)
    month, weekday, nth = rule
    return nth_weekday(year, month, weekday, nth)


def _months(match: re.Match[str], context: Context) -> list[tuple[int, int]]:
    """The year and month that were named; without a year the next two of that name."""
    today = context.now.date()
    if match["near"]:
        ahead = "next" in match["near"] or match["near"].endswith(("following", "coming"))
        return [month_after(today, 1 if ahead else 0)]
    month = MONTHS[match["month"]]
    if match["year"]:
        return [(int(match["year"]), month)]
    return [(today.year, month), (today.year + 1, month)]


def _nth(match: re.Match[str], context: Context) -> date | None:
    today, months = context.now.date(), _months(match, context)
    nth, weekday = _NTH[match["nth"]], WEEKDAYS[match["weekday"]]
    found = [nth_weekday(year, month, weekday, nth) for year, month in months]
    return next((day for day in found if day and (day >= today or len(months) == 1)), None)


def _month_end(match: re.Match[str], context: Context) -> date | None:
    today, months = context.now.date(), _months(match, context)
    found = [last_of_month(year, month) for year, month in months]
    return next((day for day in found if day >= today or len(months) == 1), None)


def _year_end(match: re.Match[str], context: Context) -> date | None:
    return (
        coming(12, 31, context.now.date())
        if "next" not in match.group()
        else date(context.now.year + 1, 12, 31)
    )


def _no_day(match: re.Match[str], context: Context) -> Refusal:
    """A time that holds many days: which one has to be asked."""
    return Refusal("no one day")
