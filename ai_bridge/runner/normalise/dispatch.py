"""One door for messages, edits in the form, prefill and staff corrections."""

from collections.abc import Callable
from typing import Any

from ai_bridge.intake import IntakeField
from ai_bridge.runner.normalise.choices import find_options, read_boolean
from ai_bridge.runner.normalise.constraints import meet_constraints
from ai_bridge.runner.normalise.contacts import find_emails, find_phones, find_urls
from ai_bridge.runner.normalise.dates import find_dates
from ai_bridge.runner.normalise.durations import find_durations
from ai_bridge.runner.normalise.money import find_money
from ai_bridge.runner.normalise.texts import MAX_TEXT, clean_name, clean_text
from ai_bridge.runner.normalise.times import find_times
from ai_bridge.runner.normalise.typed import join_datetime, settle
from ai_bridge.runner.normalise.types import NAMED, Context, Found, Refusal, Value

Finder = Callable[[str, Context], list[Found]]

FINDERS: dict[str, Finder] = {
    "email": lambda text, context: find_emails(text),
    "phone": find_phones,
    "url": lambda text, context: find_urls(text),
    # "$18k" answers a question for a number as well as "18000" does.
    "integer": lambda text, context: find_money(text, context.region),
    "number": lambda text, context: find_money(text, context.region),
    "money": lambda text, context: find_money(text, context.region),
    "date": find_dates,
    "time": lambda text, context: find_times(text, now=context.now),
    "duration": lambda text, context: find_durations(text),
}
# Above this a float no longer holds every whole number.
MAX_NUMBER = 1e15
NOT_FOUND = {
    "email": "not an e-mail address",
    "phone": "not a phone number",
    "url": "not a web address",
    "integer": "not a number",
    "number": "not a number",
    "money": "not an amount",
    "date": "not a date",
    "time": "not a time",
    "datetime": "not a date and time",
    "duration": "not a length of time",
    "boolean": "neither yes nor no",
    "consent": "neither yes nor no",
    "choice": "not one of the options",
    "choices": "not one of the options",
    "name": "not a name",
}


def normalise(field: IntakeField, raw: Any, context: Context) -> Value | Refusal:
    """The JSON value to store for `raw`, a string as a person writes it or JSON from a form.

    Never raises on what a person may send; the refusal's reason drives the next question.
    """
    if not isinstance(raw, str):
        return _from_json(field, raw, context)
    text = raw.strip()[: MAX_TEXT + 1]
    if not text:
        return Refusal("empty")
    if len(text) > MAX_TEXT:
        return Refusal(f"longer than {MAX_TEXT} characters")
    if field.kind in FINDERS:
        return _from_finder(field, text, context)
    return _READERS.get(field.kind, _text)(field, text, context)


def _from_json(field: IntakeField, raw: Any, context: Context) -> Value | Refusal:
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if field.kind in ("integer", "number", "money") and is_number and abs(raw) < MAX_NUMBER:
        return settle(field, Found(0, 0, raw), context)
    if field.kind == "consent" and raw is not True:
        return Refusal("not agreed")
    return meet_constraints(field, raw, context)


def _from_finder(field: IntakeField, text: str, context: Context) -> Value | Refusal:
    found = FINDERS[field.kind](text, context)
    if field.kind == "time" and not found:
        found = find_times(f"at {text}", bare=True)
    if not found:
        return Refusal(NOT_FOUND[field.kind])
    readings = {str(item.value) for item in found}
    if len(readings) > 1:
        return Refusal(NAMED + ", ".join(text_of(text, item) for item in found[:3]))
    return settle(field, found[0], context)


def text_of(text: str, found: Found) -> str:
    return text[found.start : found.end]


def _boolean(field: IntakeField, text: str, context: Context) -> Value | Refusal:
    answer = {"true": True, "false": False}.get(text.lower(), read_boolean(text))
    if answer is None:
        return Refusal(NOT_FOUND[field.kind])
    if field.kind == "consent" and not answer:
        return Refusal("not agreed")
    return meet_constraints(field, answer, context)


def _choice(field: IntakeField, text: str, context: Context) -> Value | Refusal:
    exact = [option for option in field.options if str(option) == text]
    found = [item.value for item in find_options(field, text)]
    options = list(dict.fromkeys(exact or found))
    if not options:
        return Refusal(NOT_FOUND["choice"])
    if len(options) > 1:
        return Refusal(NAMED + ", ".join(field.label(option) for option in options[:3]))
    return meet_constraints(field, options[0], context)


def _choices(field: IntakeField, text: str, context: Context) -> Value | Refusal:
    found = {item.value for item in find_options(field, text)}
    chosen = [option for option in field.options if option in found]
    return meet_constraints(field, chosen, context) if chosen else Refusal(NOT_FOUND["choices"])


def _datetime(field: IntakeField, text: str, context: Context) -> Value | Refusal:
    days, times = find_dates(text, context), find_times(text, bare=True, now=context.now)
    if not days or not times:
        missing = "date" if not days else "time"
        return Refusal(f"the {missing} is missing" if days or times else NOT_FOUND["datetime"])
    if isinstance(days[0].value, Refusal):
        return days[0].value
    return meet_constraints(field, join_datetime(field, days[0].value, times[0], context), context)


def _name(field: IntakeField, text: str, context: Context) -> Value | Refusal:
    name = clean_name(text)
    return meet_constraints(field, name, context) if name else Refusal(NOT_FOUND["name"])


def _text(field: IntakeField, text: str, context: Context) -> Value | Refusal:
    cleaned = clean_text(text)
    if "pattern" in field.schema:
        return _in_form(field, cleaned, context)
    return meet_constraints(field, cleaned, context) if cleaned else Refusal("empty")


def _in_form(field: IntakeField, text: str, context: Context) -> Value | Refusal:
    """As typed, or in capitals, or without the blanks that people put in for reading."""
    result: Value | Refusal = Refusal("empty")
    joined = text.replace(" ", "")
    for form in dict.fromkeys((text, text.upper(), joined, joined.upper())):
        result = meet_constraints(field, form, context)
        if isinstance(result, Value):
            break
    return result


_READERS = {
    "boolean": _boolean,
    "consent": _boolean,
    "choice": _choice,
    "choices": _choices,
    "datetime": _datetime,
    "name": _name,
}
