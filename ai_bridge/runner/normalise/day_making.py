"""Days by arithmetic: the coming one, so many months on, the second Tuesday."""

import calendar
from datetime import date, timedelta

# "40" is 1940 rather than a day so far ahead.
MAX_AHEAD = 20


def make_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def full_year(said: str, today: date) -> int:
    """The year that two digits mean; four stand for themselves."""
    value = int(said)
    if len(said) > 2:
        return value
    this_century = today.year - today.year % 100 + value
    return this_century if this_century <= today.year + MAX_AHEAD else this_century - 100


def coming(month: int, day: int, today: date) -> date | None:
    """The next such day, today included; 29 February may be years away."""
    for year in range(today.year, today.year + 9):
        found = make_day(year, month, day)
        if found and found >= today:
            return found
    return None


def month_after(today: date, months: int) -> tuple[int, int]:
    """Year and month, so many months on."""
    index = today.year * 12 + today.month - 1 + months
    return index // 12, index % 12 + 1


def add(base: date, count: int, unit: str) -> date | None:
    """`base` moved by a count of days, weeks, months or years; the last day of shorter months."""
    days = {"d": 1, "w": 7, "f": 14}.get(unit[0])
    try:
        if days:
            return base + timedelta(days=days * count)
        year, month = month_after(base, count * (12 if unit[0] == "y" else 1))
        return date(year, month, min(base.day, calendar.monthrange(year, month)[1]))
    except (OverflowError, ValueError):
        return None


def last_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The first, second ... such weekday of a month; -1 is the last. None when there is none."""
    if nth < 0:
        last = last_of_month(year, month)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    return found if found.month == month else None
