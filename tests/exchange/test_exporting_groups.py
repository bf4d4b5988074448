"""Values of several parts, ranges and lists, go out as the format has them and come back."""

from typing import Any

import pytest

from ai_bridge.intake import compile_template
from ai_bridge.intake.kinds import annotation, kind_of
from ai_bridge.intake_exchange import EXPORTERS, export_response, export_template, import_template
from ai_bridge.intake_exchange.exporters.fhir_response import export_fhir_response
from ai_bridge.intake_gallery import gallery_template
from tests.exchange.outlines import facts, kinds


def test_repeating_groups_go_out_and_come_back_with_their_own_conditions() -> None:
    flag = {"properties": {"daily": {"const": True}}, "required": ["daily"]}
    items = {
        "type": "object",
        "properties": {
            "drug": {"type": "string", "title": "Drug"},
            "daily": {"type": "boolean", "title": "Daily"},
            "times": {"type": "integer", "title": "Times"},
            "sure": {"type": "boolean", "const": True, "title": "Sure"},
        },
        "required": ["drug", "sure"],
        "allOf": [
            {"if": flag, "then": {"required": ["times"]}, "else": {"properties": {"times": False}}}
        ],
    }
    medication = {"type": "array", "title": "Medication", "maxItems": 4, "items": items}
    template = {"type": "object", "properties": {"medication": medication}}
    for target in ("rjsf", "surveyjs", "fhir", "fhir-r5"):
        document, losses = EXPORTERS[target](template)
        assert losses == (), target
        back = import_template(document)
        assert back.losses == (), target
        assert facts(back.template) == facts(template), target
        assert back.template["properties"]["medication"]["maxItems"] == 4, target


STAY: dict[str, Any] = {
    "type": "object",
    "title": "Stay",
    "properties": {
        "in": {"type": "string", "format": "date", "title": "Arrival"},
        "out": {"type": "string", "format": "date", "title": "Departure"},
    },
    "required": ["in", "out"],
    "x-intake": {"kind": "date_range", "not_before": "today", "not_after": "2027-12-31"},
}
TRIP: dict[str, Any] = {
    "type": "object",
    "properties": {
        "stay": STAY,
        "pets": {"type": "boolean", "title": "Pets"},
        "trips": {
            "type": "array",
            "title": "Trips",
            "items": {
                "type": "object",
                "properties": {"to": {"type": "string", "title": "To"}, "when": STAY},
                "required": ["to", "when"],
            },
        },
    },
    "required": ["stay"],
}


@pytest.mark.parametrize("target", ["surveyjs", "fhir", "fhir-r5"])
def test_a_range_goes_out_as_two_dates_in_order_and_comes_back_as_a_range(target: str) -> None:
    document, losses = EXPORTERS[target](TRIP)
    assert not any("of kind" in loss.what for loss in losses)
    back = import_template(document)
    assert (back.losses, back.problems) == ((), ())
    assert facts(back.template) == facts(TRIP)
    days = compile_template(back.template).by_path
    assert (days["stay.in"].range_end, days["stay.out"].partner) == ("start", "stay.in")
    limits = annotation(back.template["properties"]["stay"]["properties"]["out"])
    assert limits["not_after"] == "2027-12-31"


def test_two_dates_without_an_order_are_two_dates() -> None:
    template = {**TRIP, "properties": {"stay": {**STAY, "x-intake": {}}}}
    for target in ("surveyjs", "fhir"):
        back = import_template(EXPORTERS[target](template)[0])
        assert facts(back.template)["stay"][0] == "object", target


def test_a_form_orders_the_days_of_a_range() -> None:
    survey = export_template(TRIP, "surveyjs").document["pages"][0]["elements"]
    stay, trips = survey[0], survey[2]["templateElements"][1]
    assert [end["inputType"] for end in stay["elements"]] == ["date", "date"]
    assert [stay["elements"][1]["validators"][0]["expression"],
            trips["elements"][1]["validators"][0]["expression"]] == [
        "{stay.in} empty or {stay.out} >= {stay.in}",
        "{panel.when.in} empty or {panel.when.out} >= {panel.when.in}",
    ]  # fmt: skip
    item = export_template(TRIP, "fhir").document["item"][0]
    assert (item["type"], [end["type"] for end in item["item"]]) == ("group", ["date", "date"])
    (rule,) = (one for one in item["extension"] if one["url"].endswith("-constraint"))
    assert "linkId='stay.in'" in str(rule)
    values = {"stay": {"in": "2026-05-01", "out": "2026-05-04"}}
    (answered,) = export_response(TRIP, values).document["item"]
    assert [end["answer"] for end in answered["item"]] == [
        [{"valueDate": "2026-05-01"}], [{"valueDate": "2026-05-04"}]
    ]  # fmt: skip


def test_a_rule_of_a_questionnaire_that_is_not_ours_is_named() -> None:
    document = export_template(TRIP, "fhir").document
    rule = document["item"][0]["extension"][1]["extension"]
    rule[0]["valueId"] = "three-nights"
    assert [loss.pointer for loss in import_template(document).losses] == ["/item/0"]


def test_lists_keep_the_kind_of_their_items_in_a_questionnaire() -> None:
    days = {"type": "array", "items": {"type": "string", "format": "date"}}
    guests = {"type": "array", "items": {"type": "string", "x-intake": {"kind": "name"}}}
    template = {"type": "object", "properties": {"days": days, "guests": guests}}
    back = import_template(export_template(template, "fhir").document).template
    items = [back["properties"][name]["items"] for name in ("days", "guests")]
    assert [kind_of(item) for item in items] == ["date", "name"]
    response = export_response(template, {"days": ["2026-05-01"]}).document
    assert response["item"][0]["answer"] == [{"valueDate": "2026-05-01"}]


def test_a_browser_is_told_of_addresses_and_money() -> None:
    template = {
        "type": "object",
        "properties": {
            "home": {"type": "string", "x-intake": {"kind": "address"}},
            "rent": {"type": "number", "x-intake": {"kind": "money"}},
            "stay": STAY,
        },
    }
    document, losses = EXPORTERS["rjsf"](template)
    assert [loss.pointer for loss in losses if "of kind" in loss.what] == ["/properties/stay"]
    back = kinds(import_template(document).template)
    assert (back["home"], back["rent"], back["stay"]) == ("address", "money", "object")


def test_each_round_of_a_repeating_group_is_answered_by_its_own_item() -> None:
    values = {"medication": [{"name": "A", "how_often": "daily"}, {"name": "B"}]}
    document, losses = export_fhir_response(gallery_template("clinic-history"), values)
    assert losses == ()
    assert [item["linkId"] for item in document["item"]] == ["medication", "medication"]
    assert [item["item"][0]["answer"][0]["valueString"] for item in document["item"]] == ["A", "B"]
