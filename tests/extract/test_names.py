"""Names as people give them, in one field or in two, and what is none."""

from datetime import datetime
from typing import Any

import pytest

from ai_bridge.intake import compile_template
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.extract.types import Utterance
from tests.extract.questions import answer

NOW = datetime(2026, 11, 21, 10)  # noqa: DTZ001 - the visitor's local time
NAME = {"type": "string", "x-intake": {"kind": "name"}}
FORM = compile_template({"type": "object", "properties": {"first_name": NAME, "last_name": NAME}})


def _said(text: str, asking: str | None = None) -> dict[str, Any]:
    found = RuleExtractor().read(Utterance(text, FORM, {}, NOW, region="US", asking=asking))
    return {item.path: item.value for item in found.operations if item.accepted}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ann Lee", "Ann Lee"),
        ("ann lee", "Ann Lee"),
        ("it's for Ann Lee", "Ann Lee"),
        ("I am called Arla Posis", "Arla Posis"),
        ("my parents named me Ashlea", "Ashlea"),
        ("this is miss Carla Delpit and I booked", "Carla Delpit"),
        ("jane doe here", "Jane Doe"),
        ("Jane Doe here, hi", "Jane Doe"),
        ("put it under the name of Dora Tangren", "Dora Tangren"),
    ],
)
def test_a_name_is_taken_from_what_leads_up_to_it(text: str, name: str) -> None:
    assert answer("name", text) == name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("my surname is Stinehour", {"last_name": "Stinehour"}),
        ("My second name is Stinehour", {"last_name": "Stinehour"}),
        ("my first name is ann", {"first_name": "Ann"}),
        ("Cancel the table on Friday for Penny Schlabach",
         {"first_name": "Penny", "last_name": "Schlabach"}),
        ("the Lois Swoager booking", {"first_name": "Lois", "last_name": "Swoager"}),
    ],
)  # fmt: skip
def test_a_part_of_a_name_goes_to_its_own_field(text: str, parts: dict[str, str]) -> None:
    assert _said(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Can I book a table?",
        "Table for Fri, August 24th please.",
        "Table for April 5",
        "the booking",
    ],
)
def test_what_stands_beside_a_booking_need_not_be_a_name(text: str) -> None:
    assert _said(text) == {}


@pytest.mark.parametrize("text", ["blah blah", "asdf", "test test", "fucking idiot"])
def test_nonsense_is_no_name(text: str) -> None:
    assert answer("name", text) is None
