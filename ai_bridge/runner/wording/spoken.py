"""Values in words: a date is said back as people say it, so that it can be corrected."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from ai_bridge.intake import IntakeField
from ai_bridge.runner.normalise.money import SIGNS

_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)
_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
_NEAR_DAYS = 400
_SIGNS = {currency: sign for sign, currency in SIGNS.items()}
# Where a clock of twelve hours is what people read most easily.
_TWELVE_HOUR_REGIONS = frozenset({"US", "CA", "AU", "NZ", "PH", "IN"})


def spoken(field: IntakeField, value: Any, region: str, today: date) -> str:
    """The value as a visitor would read it; never empty."""
    if isinstance(value, list):
        return join_words([spoken(field, item, region, today) for item in value])
    label = label_of(field, value)
    if label:
        return label
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if field.kind == "money":
        return _money(value, region)
    if isinstance(value, int | float):
        return str(value) if _is_year(field) else _number(value)
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if part not in (None, ""))
    return _text(field.kind, str(value), region, today)


_YEARS = (1000, 2999)


def _is_year(field: IntakeField) -> bool:
    """Whether the number is one of a calendar: nobody writes a comma into it."""
    least, most = field.schema.get("minimum", 0), field.schema.get("maximum", _YEARS[1] + 1)
    is_named = "year" in f"{field.title} {field.name.replace('_', ' ')}".lower().split()
    return field.kind == "integer" and (is_named or (_YEARS[0] <= least and most <= _YEARS[1]))


def label_of(field: IntakeField, value: Any) -> str:
    """What a button for this option says; empty when the field has no such option."""
    known = (*field.options, *(field.labels or ()))
    if not any(option == value and type(option) is type(value) for option in known):
        return ""
    if isinstance(value, bool) and value not in (field.labels or {}):
        return ""
    label = field.label(value)
    return label[:1].upper() + label[1:] if label.islower() else label


def title_of(field: IntakeField) -> str:
    """The field's name inside a sentence: "Preferred day" becomes "preferred day"."""
    first, _, rest = field.title.partition(" ")
    if first[1:].islower() or len(first) == 1:
        return f"{first.lower()} {rest}".strip()
    return field.title


def full_title(field: IntakeField) -> str:
    """As a label before a colon; the end of a range is named with the range."""
    title = f"{field.range_title}, {field.title}" if field.range_end else field.title
    return sentence_case(title)


def is_or_are(title: str) -> str:
    """`Guests are`, `address is`."""
    last = title.lower().rstrip()
    return "are" if last.endswith("s") and not last.endswith(("ss", "us", "is")) else "is"


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def join_words(words: list[str], last: str = "and") -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _text(kind: str, value: str, region: str, today: date) -> str:
    try:
        match kind:
            case "date":
                return day_in_words(date.fromisoformat(value), today)
            case "phone":
                return _phone(value, region)
            case "time":
                return _time(time.fromisoformat(value), region)
            case "datetime":
                moment = datetime.fromisoformat(value)
                return f"{day_in_words(moment.date(), today)} at {_time(moment.time(), region)}"
            case "duration":
                return _duration(value)
    except ValueError:
        # A template may keep another form than ours; then it is said as it is stored.
        return value
    return value


def day_in_words(day: date, today: date) -> str:
    """With its weekday when it is near enough for one to matter."""
    weekday = f"{day:%A} " if abs((day - today).days) <= _NEAR_DAYS else ""
    return f"{weekday}{day.day} {day:%B} {day.year}"


def _phone(value: str, region: str) -> str:
    """As people write it at home; with the country's code for a number from elsewhere."""
    import phonenumbers

    try:
        number = phonenumbers.parse(value, region.upper() or None)
    except phonenumbers.NumberParseException:
        return value
    is_home = phonenumbers.country_code_for_region(region.upper()) == number.country_code
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if is_home else form.INTERNATIONAL)


def _time(moment: time, region: str) -> str:
    if region.upper() not in _TWELVE_HOUR_REGIONS:
        return f"{moment:%H:%M}"
    half = "am" if moment.hour < 12 else "pm"
    minutes = f":{moment:%M}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes} {half}"


def _duration(value: str) -> str:
    found = _DURATION.fullmatch(value)
    counts = [] if found is None else zip(found.groups(), _UNITS, strict=True)
    parts = [
        f"{int(count)} {unit}{'' if int(count) == 1 else 's'}" for count, unit in counts if count
    ]
    return join_words(parts) or value


# Where `$` alone is not the dollar of the United States.
_OTHER_DOLLARS = frozenset({"CA", "AU", "NZ", "SG", "HK"})


def _money(value: Any, region: str) -> str:
    """`$2,500`, `£1,250.50`; other currencies by their code after the amount."""
    if not isinstance(value, Mapping):
        return _number(value)
    amount, currency = value.get("amount"), str(value.get("currency", ""))
    if amount is None:
        return currency
    is_plain = currency != "USD" or region.upper() not in _OTHER_DOLLARS
    if sign := _SIGNS.get(currency) if is_plain else None:
        return f"{sign}{_amount(amount)}"
    return f"{_amount(amount)} {currency}".strip()


def _amount(value: Any) -> str:
    is_broken = isinstance(value, float) and not value.is_integer()
    return f"{value:,.2f}" if is_broken else _number(value)


def _number(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{value:,}" if isinstance(value, int | float) else str(value)
