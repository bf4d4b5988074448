"""Dates as people write them, read against the visitor's own day and region."""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from ai_bridge.runner.normalise.number_words import ONES, TENS
from ai_bridge.runner.normalise.types import Context, Found, Refusal, longest_first, words

# Where people write the month first.
MONTH_FIRST = frozenset({"US", "PH", "PR", "GU", "VI", "AS", "FM", "MH", "PW", "CA", "BZ"})
_MONTH_NAMES = words(
    "january february march april may june july august september october november december"
)
MONTHS = {name: index for index, name in enumerate(_MONTH_NAMES, start=1)}
MONTHS |= {name[:3]: index for name, index in MONTHS.items()} | {"sept": 9}
MONTHS |= {"febuary": 2, "feburary": 2, "agust": 8, "septmber": 9, "setember": 9, "novemeber": 11}
_DAY_NAMES = words("monday tuesday wednesday thursday friday saturday sunday")
WEEKDAYS = {name: index for index, name in enumerate(_DAY_NAMES)}
WEEKDAYS |= {name[:3]: index for name, index in WEEKDAYS.items()}
WEEKDAYS |= {
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
    "wensday": 2,
    "wednsday": 2,
    "thrusday": 3,
}
WEEKDAYS |= {"saterday": 5, "tuseday": 1, "wednesay": 2, "firday": 4}
_ORDINAL_WORDS = words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINALS = {word: index for index, word in enumerate(_ORDINAL_WORDS, start=1)}
ORDINALS |= {"thirtieth": 30, "twelveth": 12}
ORDINALS |= {
    f"{tens}{dash}{word}": base + ORDINALS[word]
    for tens, base in (("twenty", 20), ("thirty", 30))
    for dash in (" ", "-")
    for word in _ORDINAL_WORDS[:9]
    if base + ORDINALS[word] <= 31
}
CARDINALS = {word: value for word, value in ONES.items() if value}
CARDINALS |= {
    f"{tens}{dash}{word}": TENS[tens] + value
    for tens in ("twenty", "thirty")
    for dash in (" ", "-")
    for word, value in ONES.items()
    if 0 < value < 10
} | {"twenty": 20, "thirty": 30}


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_MONTH = rf"(?P<month>{_any(MONTHS)})\b\.?"
_WEEKDAY = rf"(?P<weekday>{_any(WEEKDAYS)})"
_ORD = rf"(?:\d{{1,2}} ?(?:st|nd|rd|th)|{_any(ORDINALS)})"
_DAY = rf"(?P<day>{_ORD}|\d{{1,2}}|{_any(CARDINALS)})"
_YEAR = r"(?:,? (?:of )?(?P<year>(?:19|20)\d\d)\b|,? ?'(?P<short>\d\d)\b)?"
_SPAN_UNIT = r"(?P<unit>days?|weeks?|months?|years?|fortnights?)"
_COUNT = rf"(?P<count>\d{{1,3}}|an?|a couple of|couple of|{_any(CARDINALS)})"
_LEAD = rf"(?:(?:{_any(WEEKDAYS)})s?,? (?:the )?)?"

Reading = Callable[[re.Match[str], Context], "date | Refusal | None"]


def _day_number(text: str) -> int:
    digits = re.match(r"\d+", text)
    if digits:
        return int(digits.group())
    return ORDINALS.get(text) or CARDINALS.get(text, 0)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _stated_year(match: re.Match[str]) -> int | None:
    if match["year"]:
        return int(match["year"])
    return _full_year(match["short"]) if match["short"] else None


def _full_year(two_digits: str) -> int:
    value = int(two_digits)
    if len(two_digits) > 2:
        return value
    return 2000 + value if value < 50 else 1900 + value


def _coming(month: int, day: int, today: date) -> date | None:
    """The next such day, today included; 29 February may be years away."""
    for year in range(today.year, today.year + 9):
        found = _make(year, month, day)
        if found and found >= today:
            return found
    return None


def _month_day(match: re.Match[str], context: Context) -> date | None:
    month, day, year = MONTHS[match["month"]], _day_number(match["day"]), _stated_year(match)
    return _make(year, month, day) if year else _coming(month, day, context.now.date())


def _iso(match: re.Match[str], context: Context) -> date | None:
    return _make(int(match["year"]), int(match["month"]), int(match["day"]))


def _numeric(match: re.Match[str], context: Context) -> date | Refusal | None:
    one, two = int(match["one"]), int(match["two"])
    month_first = context.region.upper() in MONTH_FIRST
    if one > 12 or match["mark"] == ".":
        month_first = False
    elif two > 12:
        month_first = True
    elif one != two and not context.region:
        return Refusal(f"ambiguous {match.group()}")
    month, day = (one, two) if month_first else (two, one)
    if match["year"]:
        return _make(_full_year(match["year"]), month, day)
    return _coming(month, day, context.now.date())


def _day_of_month(match: re.Match[str], context: Context) -> date | None:
    today, day = context.now.date(), _day_number(match["day"])
    which = match["which"] or ""
    if "next" in which or "following" in which:
        year, month = _shift(today, 1)
        return _make(year, month, day)
    if which:
        return _make(today.year, today.month, day)
    for months in range(3):
        year, month = _shift(today, months)
        found = _make(year, month, day)
        if found and found >= today:
            return found
    return None


def _shift(today: date, months: int) -> tuple[int, int]:
    index = today.year * 12 + today.month - 1 + months
    return index // 12, index % 12 + 1


def _weekday(match: re.Match[str], context: Context) -> date:
    today, wanted = context.now.date(), WEEKDAYS[match["weekday"]]
    frame = " ".join(filter(None, (match["before"], match["after"])))
    monday = today - timedelta(days=today.weekday())
    if "next week" in frame or "following week" in frame:
        return monday + timedelta(days=7 + wanted)
    if "this week" in frame:
        return monday + timedelta(days=wanted)
    if "last" in frame or "past" in frame:
        return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)
    ahead = (wanted - today.weekday()) % 7
    if ahead == 0 and "this" not in frame:
        ahead = 7
    if "week from" in frame or "week on" in frame or frame.endswith("week"):
        ahead += 14 if "two" in frame or "2" in frame else 7
    return today + timedelta(days=ahead)


_NAMED_DAYS = {
    "today": 0, "tonight": 0, "tonite": 0, "this morning": 0, "this afternoon": 0,
    "this evening": 0, "tomorrow": 1, "tommorow": 1, "tomorow": 1, "tommorrow": 1, "tmrw": 1,
    "tomorrow night": 1, "day after tomorrow": 2, "yesterday": -1, "last night": -1,
    "day before yesterday": -2,
}  # fmt: skip


def _named(match: re.Match[str], context: Context) -> date:
    return context.now.date() + timedelta(days=_NAMED_DAYS[match["named"]])


def _offset(match: re.Match[str], context: Context) -> date | None:
    raw = match["count"]
    count = int(raw) if raw.isdecimal() else CARDINALS.get(raw, 2 if "couple" in raw else 1)
    base = context.now.date() + timedelta(days=1 if (match["base"] or "") == "tomorrow" else 0)
    return add(base, -count if match["ago"] else count, match["unit"])


def add(base: date, count: int, unit: str) -> date | None:
    """`base` moved by a count of days, weeks, months or years; the last day of shorter months."""
    days = {"d": 1, "w": 7, "f": 14}.get(unit[0])
    try:
        if days:
            return base + timedelta(days=days * count)
        year, month = _shift(base, count * (12 if unit[0] == "y" else 1))
        return date(year, month, min(base.day, calendar.monthrange(year, month)[1]))
    except (OverflowError, ValueError):
        return None


_HOLIDAYS = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25),
    "boxing day": (12, 26), "new year's eve": (12, 31), "new years eve": (12, 31),
    "new year's day": (1, 1), "new years day": (1, 1), "valentine's day": (2, 14),
    "valentines day": (2, 14), "halloween": (10, 31), "independence day": (7, 4),
}  # fmt: skip


def _holiday(match: re.Match[str], context: Context) -> date | None:
    return _coming(*_HOLIDAYS[match["holiday"]], context.now.date())


def _period(match: re.Match[str], context: Context) -> date | None:
    """`next week` and `next month` as a day: the same day then."""
    return add(context.now.date(), 1, match["unit"])


Listed = list[tuple[str, Reading, str]]


def _by_calendar() -> Listed:
    """Days named by their number, with or without month and year."""
    return [
        (r"(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)", _iso, ""),
        (
            (
                r"(?<![\d/.-])(?P<one>\d{1,2})(?P<mark>[/.-])(?P<two>\d{1,2})"
                r"(?P=mark)(?P<year>(?:19|20)?\d\d)(?![\d/])"
            ),
            _numeric,
            "",
        ),
        (
            r"(?<![\d/.$-])(?P<one>\d{1,2})(?P<mark>/)(?P<two>\d{1,2})(?P<year>)(?![\d/])",
            _numeric,
            "year",
        ),
        (rf"\b{_LEAD}{_MONTH} ?(?:the )?{_DAY}\b(?!:| ?(?:am|pm)\b){_YEAR}", _month_day, "year"),
        (rf"\b{_LEAD}{_DAY} ?(?:day )?(?:of )?{_MONTH}{_YEAR}", _month_day, "year"),
        (
            (
                rf"\b{_LEAD}(?:the )?(?P<day>{_ORD})\b(?! (?:floor|time|one|street|avenue|st\b))"
                r"(?P<which>,? (?:of |in )?(?:this|the|next|the next|following|current) month)?"
            ),
            _day_of_month,
            "month",
        ),
    ]


def _by_today() -> Listed:
    """Days named by their distance from today, by weekday or by feast."""
    before = (
        r"(?:(?P<before>this coming|the coming|next coming|coming|this|next week(?: on)?|"
        r"this week(?: on)?|next|upcoming|the following|last|past|(?:a|1|one|2|two) "
        r"weeks? (?:from|on))"
        r",? )?"
    )
    after = r"(?:,? (?P<after>(?:of |in )?(?:the )?(?:next|this|following) week|week\b(?! of)))?"
    return [
        (rf"\b{before}{_WEEKDAY}\b{after}", _weekday, ""),
        (rf"\b(?P<named>{'|'.join(sorted(_NAMED_DAYS, key=len, reverse=True))})\b", _named, ""),
        (
            (
                rf"\b(?:in |within )?{_COUNT} {_SPAN_UNIT}(?:' time)?"
                r"(?: (?P<ago>ago|back|earlier)|(?: from| after)? ?(?P<base>now|today|tomorrow)|"
                r" later)\b"
            ),
            _offset,
            "",
        ),
        (rf"\bin {_COUNT} {_SPAN_UNIT}(?P<ago>)(?P<base>)\b(?:'? time)?", _offset, ""),
        (
            rf"\b(?P<holiday>{'|'.join(sorted(_HOLIDAYS, key=len, reverse=True))})\b",
            _holiday,
            "year",
        ),
        (r"\bnext (?P<unit>week|month|year)\b", _period, "period"),
    ]


def _patterns() -> list[tuple[re.Pattern[str], Reading, str]]:
    listed = _by_calendar() + _by_today()
    return [(re.compile(pattern), reading, note) for pattern, reading, note in listed]


_PATTERNS = _patterns()
# Words that are months or days only in the right company: "may I", "sun", "sat", "second".
_LOOSE = re.compile(r"(?:the )?(?:second|first|third|sat|sun|mon|wed)", re.IGNORECASE)
_PLACED = re.compile(r"\b(?:on|by|for|this|next|until|till|from|the) $", re.IGNORECASE)
MAX_FOUND = 50


def find_dates(text: str, context: Context) -> list[Found]:
    """Dates in the order of the text; a value is a `date`, or a Refusal for an ambiguous one.

    `note` is `year` when the year was not said, `month` when only a day of the month was.
    """
    lowered = lower(text)
    found: list[Found] = []
    for pattern, reading, note in _PATTERNS:
        for match in pattern.finditer(lowered):
            value = reading(match, context)
            if value is None or _is_loose(match, lowered):
                continue
            said = match.groupdict().get("year") or match.groupdict().get("short")
            start, end = _trim(lowered, *match.span())
            found.append(Found(start, end, value, note="" if note == "year" and said else note))
            if len(found) > MAX_FOUND:
                return longest_first(found)
    return longest_first(found)


def lower(text: str) -> str:
    """Lower case that keeps every offset (some letters grow when lowered)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(item.lower() if len(item.lower()) == 1 else item for item in text)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1] in " ,.":
        end -= 1
    if text.startswith("the ", start):
        start += 4
    return start, end


def _is_loose(match: re.Match[str], text: str) -> bool:
    if not _LOOSE.fullmatch(match.group().strip()):
        return False
    return not _PLACED.search(
        text[max(0, match.start() - 6) : match.start()] + " "[: match.start()]
    )
