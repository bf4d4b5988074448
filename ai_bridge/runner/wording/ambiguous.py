"""A date that reads in two ways: both are offered, in words."""

import re
from datetime import date

from ai_bridge.contract import Choice
from ai_bridge.intake import IntakeField
from ai_bridge.runner.wording.facts import Facts

_NUMBERS = re.compile(r"ambiguous (\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2}|\d{4}))?")
# A 29 February may be this far away.
_YEARS_AHEAD = 9


def readings_of(field: IntakeField, facts: Facts) -> tuple[Choice, ...]:
    """Quick replies for "03/04": 3 April and 4 March. A button sends its label."""
    doubt = facts.control["doubt"]
    if doubt is None or doubt["path"] != field.path or field.kind != "date":
        return ()
    found = _NUMBERS.fullmatch(doubt["reason"])
    if found is None:
        return ()
    one, two, year = int(found[1]), int(found[2]), found[3]
    days = [_day(one, two, year, facts.today), _day(two, one, year, facts.today)]
    return tuple(
        Choice(value=day.isoformat(), label=f"{day.day} {day:%B} {day.year}") for day in days if day
    )


def _day(day: int, month: int, year: str | None, today: date) -> date | None:
    """Without a year the next such day; of two digits, those up to 49 are of this century."""
    if year:
        full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)
        return _date(full, month, day)
    days = (_date(today.year + ahead, month, day) for ahead in range(_YEARS_AHEAD))
    return next((found for found in days if found and found >= today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
