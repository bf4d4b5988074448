"""Words that belong to another field than the one that was asked for go where they belong."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import chatsaas.demo
from ai_bridge.intake import compile_template
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.extract.types import Extraction, Utterance

TEMPLATES = Path(chatsaas.demo.__file__).parent / "templates"
ROOF, DENTIST = (
    compile_template(json.loads((TEMPLATES / name).read_text()))
    for name in ("roof-quote.json", "new-patient.json")
)
# A Saturday.
NOW = datetime(2026, 11, 21, 10)  # noqa: DTZ001 - the visitor's local time
NEW_ROOF = {"service": "new_roof"}


def read(text: str, asking: str | None, standing: dict[str, Any], region: str = "US") -> Extraction:
    intake = ROOF if region == "US" else DENTIST
    return RuleExtractor().read(
        Utterance(text, intake, standing, NOW, region=region, asking=asking)
    )


def filled(found: Extraction) -> dict[str, Any]:
    return {item.path: item.value for item in found.operations if item.accepted}


@pytest.mark.parametrize(
    ("text", "asking", "standing", "values"),
    [
        ("around $18,000", "budget", NEW_ROOF, {"budget": 18000}),
        ("$18k", "budget", NEW_ROOF, {"budget": 18000}),
        ("9000 dollars", "budget", NEW_ROOF, {"budget": 9000}),
        (
            "Actually, make that 3 storeys",
            "budget",
            {**NEW_ROOF, "property.storeys": 2},
            {"property.storeys": 3},
        ),
        ("2 floors", "visit", {"property.storeys": 3}, {"property.storeys": 2}),
        ("8 Quarry Lane", "name", {}, {"property.street": "8 Quarry Lane"}),
        ("8 quarry lane", "name", {}, {"property.street": "8 quarry lane"}),
        (
            "14 Alder Street, Springfield",
            "service",
            {},
            {"property.street": "14 Alder Street", "property.city": "Springfield"},
        ),
        ("actually make it the 16 March", "property.street", {"visit": "2026-12-01"},
         {"visit": "2027-03-16"}),
        ("December 5th", "property.street", {}, {"visit": "2026-12-05"}),
        ("no, it's for a new roof, budget 9000", "name", {},
         {"service": "new_roof", "budget": 9000}),
        ("sorry, Salem", "property.storeys", {"property.city": "Boston"},
         {"property.city": "Salem"}),
        ("Ann Leigh", None, {"name": "Ann Lee"}, {"name": "Ann Leigh"}),
        ("hi im dana whitfield and my roof is leeking", "name", {},
         {"name": "Dana Whitfield", "service": "repair"}),
        ("I want my roof fixed", "name", {}, {"service": "repair"}),
        ("Cancel", "name", {}, {}),
        ("stop", "property.street", {}, {}),
        ("I already told you", "insurer", {"service": "repair", "insurance_claim": True}, {}),
    ],
)  # fmt: skip
def test_a_value_goes_to_the_field_that_it_belongs_to(
    text: str, asking: str | None, standing: dict[str, Any], values: dict[str, Any]
) -> None:
    assert filled(read(text, asking, standing)) == values


@pytest.mark.parametrize(
    ("text", "region", "values"),
    [
        ("555 0142, area code 212, so (212) 555-0142", "US", {"phone": "+12125550142"}),
        ("order 123 456 7890, call (212) 555-0142", "US", {"phone": "+12125550142"}),
        ("12/03/1984", "GB", {"date_of_birth": "1984-03-12"}),
        ("born on 3/4/1985", "GB", {"date_of_birth": "1985-04-03"}),
        ("tuesday would suit me", "GB", {"appointment": "2026-11-24"}),
    ],
)
def test_of_two_readings_the_one_that_can_hold_is_taken(
    text: str, region: str, values: dict[str, Any]
) -> None:
    assert filled(read(text, "phone" if region == "US" else "name", {}, region)) == values


def test_a_number_without_its_area_code_is_refused() -> None:
    (operation,) = read("7946 0958", "contact.phone", {}, "GB").operations
    assert (operation.accepted, operation.reason) == (False, "not a phone number")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Why do you need my phone number?", "phone"),
        ("why my e-mail?", "email"),
        ("why do you ask for the city", "property.city"),
        ("why?", ""),
        ("the storeys are wrong", "property.storeys"),
    ],
)
def test_a_question_tells_which_field_it_is_about(text: str, path: str) -> None:
    assert read(text, "name", {}).about == path


@pytest.mark.parametrize(
    "text",
    ["no", "no thanks", "nope", "none", "I don't have one", "i dont have a phone", "n/a"],
)
def test_a_bare_no_declines_what_wants_more_than_yes_or_no(text: str) -> None:
    (operation,) = read(text, "phone", {}).operations
    assert (operation.op, operation.path) == ("decline", "phone")
