"""Each kind is normalised to one JSON value, or refused with the reason."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ai_bridge.intake import compile_template
from ai_bridge.runner.normalise import Context, Refusal, Value, normalise
from ai_bridge.runner.normalise.durations import find_durations

# A Friday.
US = Context(datetime(2019, 3, 1, 9, tzinfo=UTC), region="US")
GB = Context(US.now, region="GB")


def _result(schema: dict[str, Any], raw: Any, context: Context = US) -> Value | Refusal:
    intake = compile_template({"type": "object", "properties": {"it": schema}})
    return normalise(intake.fields[0], raw, context)


def _kind(name: str, **rules: Any) -> dict[str, Any]:
    return {"type": "string", "x-intake": {"kind": name, **rules}}


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("two hours", "PT2H"),
        ("an hour and a half", "PT1H30M"),
        ("1 hour 30 minutes", "PT1H30M"),
        ("half an hour", "PT30M"),
        ("2 weeks", "P2W"),
        ("90 min", "PT1H30M"),
        ("3 days", "P3D"),
    ],
)
def test_durations_become_iso_8601(text: str, duration: str) -> None:
    assert [item.value for item in find_durations(text)] == [duration]


@pytest.mark.parametrize(
    ("schema", "raw", "value"),
    [
        (_kind("phone"), "(415) 555-2671", "+14155552671"),
        (_kind("phone"), "0044 20 7946 0958", "+442079460958"),
        (_kind("url"), "example.com/a", "https://example.com/a"),
        (_kind("time"), "half past four", "04:30"),
        (_kind("time"), "7", "07:00"),
        ({"type": "string", "format": "time"}, "5 pm", "17:00:00+00:00"),
        (
            {"type": "string", "format": "date-time"},
            "tomorrow at 5 pm",
            "2019-03-02T17:00:00+00:00",
        ),
        ({"type": "integer"}, "forty two", 42),
        ({"type": "integer"}, 3.0, 3),
        ({"type": "boolean"}, "nope", False),
        ({"type": "boolean"}, "I don't mind", True),
        ({"enum": ["a_b", "c"]}, "A B", "a_b"),
        ({"enum": [1, 2]}, "2", 2),
        ({"type": "array", "items": {"enum": ["tea", "milk"]}}, "milk and tea", ["tea", "milk"]),
        (_kind("name"), "ann-marie o'neil", "Ann-Marie O'neil"),
        ({"type": "string"}, "  a\u202e b ", "a b"),
    ],
)
def test_a_kind_stores_one_form(schema: dict[str, Any], raw: Any, value: Any) -> None:
    assert _result(schema, raw) == Value(value)


@pytest.mark.parametrize(
    ("schema", "raw", "reason"),
    [
        (
            {"type": "string", "format": "date", "x-intake": {"not_before": "today"}},
            "2019-02-28",
            "past",
        ),
        (
            {"type": "string", "format": "date", "x-intake": {"not_after": "-18 years"}},
            "2010-01-01",
            "after 2001-03-01",
        ),
        ({"type": "integer", "maximum": 5}, "6", "more than 5"),
        ({"type": "integer"}, "2.5", "not a whole number"),
        ({"type": "integer"}, True, "not valid"),
        ({"type": "string", "maxLength": 3}, "four", "longer than 3 characters"),
        ({"type": "string", "pattern": "^[0-9]+$"}, "x", "not in the form asked for"),
        ({"type": "string", "pattern": "^[0-9]+$"}, "1" * 200, "longer than 128 characters"),
        ({"enum": ["a", "b"]}, "zebra", "not one of the options"),
        ({"type": "boolean", "const": True}, "no", "not agreed"),
        ({"type": "boolean", "const": True}, False, "not agreed"),
        (_kind("phone"), "12", "not a phone number"),
        ({"type": "string", "format": "email"}, "ann@", "not an e-mail address"),
        (_kind("name"), "<script>", "not a name"),
        ({"type": "string"}, "", "empty"),
        ({"type": "string"}, "x" * 2001, "longer than 2000 characters"),
        ({"type": "integer"}, "3 or 4", "more than one: 3, 4"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_the_reason(
    schema: dict[str, Any], raw: Any, reason: str
) -> None:
    assert _result(schema, raw) == Refusal(reason)


def test_a_birthday_without_a_year_is_not_put_in_the_future() -> None:
    schema = {"type": "string", "format": "date", "x-intake": {"not_after": "today"}}
    assert _result(schema, "March 14th") == Value("2018-03-14")


def test_money_as_an_object_needs_a_currency_that_is_known() -> None:
    parts = {"amount": {"type": "number"}, "currency": {"enum": ["USD", "EUR"]}}
    schema = {"type": "object", "properties": parts, "x-intake": {"kind": "money"}}
    assert _result(schema, "500 euros") == Value({"amount": 500, "currency": "EUR"})
    assert _result(schema, "500") == Value({"amount": 500, "currency": "USD"})
    assert _result(schema, "500", GB) == Refusal("which currency")
