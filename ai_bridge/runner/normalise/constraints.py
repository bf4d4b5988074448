"""Whether a typed value meets its field's own rules, and the reason when it does not."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.protocols import Validator

from ai_bridge.intake import IntakeField
from ai_bridge.intake.formats import FORMATS
from ai_bridge.intake.kinds import annotation
from ai_bridge.intake.patterns import MAX_PATTERN_INPUT
from ai_bridge.runner.normalise.day_making import add
from ai_bridge.runner.normalise.part_days import is_birth
from ai_bridge.runner.normalise.per_field import once_a_field
from ai_bridge.runner.normalise.types import Context, Refusal, Value

_RELATIVE = re.compile(r"(?:today|now)? ?(?P<sign>[+-]) ?(?P<count>\d{1,5}) ?(?P<unit>\w+)")
_REASONS = {
    "minimum": "less than {limit}",
    "exclusiveMinimum": "not more than {limit}",
    "maximum": "more than {limit}",
    "exclusiveMaximum": "not less than {limit}",
    "minLength": "shorter than {limit} characters",
    "maxLength": "longer than {limit} characters",
    "minItems": "fewer than {limit}",
    "maxItems": "more than {limit}",
    "enum": "not one of the options",
    "const": "not one of the options",
    "oneOf": "not one of the options",
    "anyOf": "not one of the options",
    "pattern": "not in the form asked for",
    "uniqueItems": "the same twice",
}


@once_a_field
def _validator(field: IntakeField) -> Validator:
    return Draft202012Validator(field.schema, format_checker=FORMATS)


def meet_constraints(field: IntakeField, value: Any, context: Context) -> Value | Refusal:
    """The value, when a stock validator and the field's date limits allow it."""
    if isinstance(value, str) and "pattern" in field.schema and len(value) > MAX_PATTERN_INPUT:
        return Refusal(f"longer than {MAX_PATTERN_INPUT} characters")
    error = best_match(_validator(field).iter_errors(value))
    if error is not None:
        return Refusal(_reason(error))
    return _within_dates(field, value, context) or Value(value)


def _reason(error: ValidationError) -> str:
    known = _REASONS.get(str(error.validator))
    return known.format(limit=error.validator_value) if known else "not valid"


def _within_dates(field: IntakeField, value: Any, context: Context) -> Refusal | None:
    stated: Mapping[str, Any] = annotation(field.schema)
    if field.kind not in ("date", "datetime") or not isinstance(value, str):
        return None
    day = date.fromisoformat(value[:10])
    first, last = limit_day(stated.get("not_before"), context), last_day(field, context)
    if first and day < first:
        return Refusal("past" if day < context.now.date() else f"before {first.isoformat()}")
    if last and day > last:
        if last == context.now.date():
            return Refusal("future")
        return Refusal(f"after {last.isoformat()}")
    return None


def last_day(field: IntakeField, context: Context) -> date | None:
    """The latest day that the field takes: nobody is born tomorrow, whatever the template says."""
    stated = limit_day(annotation(field.schema).get("not_after"), context)
    if not is_birth(field):
        return stated
    today = context.now.date()
    return min(stated, today) if stated else today


def limit_day(stated: Any, context: Context) -> date | None:
    """The day that `not_before` or `not_after` names, relative ones from the visitor's today."""
    if not isinstance(stated, str):
        return None
    today = context.now.date()
    named = {"today": 0, "now": 0, "tomorrow": 1, "yesterday": -1}.get(stated)
    if named is not None:
        return add(today, named, "days")
    relative = _RELATIVE.fullmatch(stated)
    if relative:
        count = int(relative["count"]) * (-1 if relative["sign"] == "-" else 1)
        return (
            today if relative["unit"][:2] in ("ho", "mi") else add(today, count, relative["unit"])
        )
    try:
        return datetime.fromisoformat(stated).date()
    except ValueError:
        return None
