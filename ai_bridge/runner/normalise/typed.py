"""From something found in a text to the JSON value that one field stores."""

from datetime import date, datetime, time, timedelta
from typing import Any

from ai_bridge.intake import IntakeField
from ai_bridge.intake.kinds import json_type
from ai_bridge.runner.normalise.constraints import last_day, meet_constraints
from ai_bridge.runner.normalise.part_days import PartDay, is_birth
from ai_bridge.runner.normalise.types import Context, Found, Refusal, Value, words

_CURRENCY_OF_REGION = {"US": "USD", "GB": "GBP", "IN": "INR", "JP": "JPY", "CH": "CHF", "AU": "AUD"}
A_WEEK = timedelta(days=7)
A_YEAR_AHEAD = 330
# A bare hour before this one is in the afternoon.
DAWN = 7
_EURO = frozenset(words("AT BE DE ES FI FR IE IT NL PT GR LU SK SI EE LV LT CY MT HR"))


def settle(field: IntakeField, found: Found, context: Context) -> Value | Refusal:
    """The field's value for a typed finding, checked against the field's own rules."""
    value = found.value
    if isinstance(value, Refusal):
        return value
    if field.kind == "date" and isinstance(value, date):
        if found.note == "year" and is_birth(field):
            # Of a birth no year can be guessed.
            return Refusal(PartDay(0, value.month, value.day).reason)
        value = _turn_back(field, found, context).isoformat()
    elif field.kind == "time" and isinstance(value, tuple):
        value = _clock(field, _by_day(found) if is_by_day(field) else value, context)
    elif field.kind == "money":
        value = _money(field, found, context)
        if isinstance(value, Refusal):
            return value
    elif field.kind == "integer" and isinstance(value, float):
        if not value.is_integer():
            return Refusal("not a whole number")
        value = int(value)
    return meet_constraints(field, value, context)


def _turn_back(field: IntakeField, found: Found, context: Context) -> date:
    """A bare day or weekday is the coming one, unless the field only takes days gone by."""
    day: date = found.value
    last = last_day(field, context)
    if found.note == "weekday" and last and last < day <= last + A_WEEK:
        return day - A_WEEK
    if found.note != "year":
        return day
    if (day - context.now.date()).days > A_YEAR_AHEAD:
        # Gone by some days ago: nobody means next year's without saying so.
        day = _in_year(day, day.year - 1) or day
    if not last or day <= last:
        return day
    # Nine years hold a 29 February.
    gone_by = (_in_year(day, last.year - years) for years in range(9))
    return next((item for item in gone_by if item and item <= last), day)


def _in_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None


_BY_DAY = frozenset(
    words("begin begins start starts appointment visit meeting arrival delivery collection pickup")
)


def is_by_day(field: IntakeField) -> bool:
    """Whether the time is that of something that people do in daylight."""
    return not _BY_DAY.isdisjoint(f"{field.title} {field.name}".lower().replace("_", " ").split())


def _by_day(found: Found) -> tuple[int, int]:
    """Who means three at night says so."""
    hour, minute = found.value
    return (hour + 12 if found.note == "half" and 0 < hour < DAWN else hour), minute


def _clock(field: IntakeField, value: tuple[int, int], context: Context) -> str:
    hour, minute = value
    if field.schema.get("format") != "time":
        return f"{hour:02d}:{minute:02d}"
    zone = context.now.tzinfo
    moment = time(hour, minute, tzinfo=zone) if zone else time(hour, minute)
    whole = datetime.combine(context.now.date(), moment).isoformat()[11:]
    return whole if zone and context.now.utcoffset() is not None else f"{whole}Z"


def join_datetime(field: IntakeField, day: date, clock: Found, context: Context) -> str:
    """RFC 3339 in the visitor's own offset; UTC when it is not known."""
    hour, minute = _by_day(clock)
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=context.now.tzinfo)
    text = moment.isoformat()
    if field.schema.get("format") == "date-time" and moment.utcoffset() is None:
        return f"{text}Z"
    return text


def currencies(field: IntakeField) -> tuple[str, ...]:
    """The codes that a sum with a currency may be in; empty where any will do."""
    parts = field.schema.get("properties") or {}
    return tuple((parts.get("currency") or {}).get("enum") or ())


def _money(field: IntakeField, found: Found, context: Context) -> Any:
    if json_type(field.schema) != "object":
        if json_type(field.schema) == "integer" and float(found.value).is_integer():
            return int(found.value)
        return found.value
    allowed = currencies(field)
    region = context.region.upper()
    # "450k max" counts nothing that is money.
    said = found.unit if found.unit.isupper() else ""
    currency = said or _CURRENCY_OF_REGION.get(region) or ("EUR" if region in _EURO else "")
    if not said and allowed and currency not in allowed:
        currency = allowed[0] if len(allowed) == 1 else ""
    if not currency:
        return Refusal("which currency")
    return {"amount": found.value, "currency": currency}
