"""What goes out comes back the same, and what does not is named beforehand."""

from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ai_bridge.intake import TemplateInvalid, compile_template
from ai_bridge.intake.kinds import annotation, kind_of
from ai_bridge.intake_exchange import (
    EXPORTERS,
    ExchangeError,
    export_response,
    export_template,
    import_template,
)
from ai_bridge.intake_exchange.exporters.fhir_response import export_fhir_response
from ai_bridge.intake_gallery import TRADES, gallery_template
from tests.exchange.outlines import Fact, facts, kinds

# What each format has no word for, and the kind that comes back instead.
BECOMES: dict[str, dict[str, str]] = {
    "json-schema": {},
    "json-schema-plain": {"name": "text", "phone": "text", "time": "text", "money": "number"},
    "rjsf": {},
    "surveyjs": {"duration": "text"},
    "fhir": {},
    "fhir-r5": {},
}


def expected(target: str, fact: Fact) -> Fact:
    kind, title, is_required, options, visible = fact
    is_plain = target == "json-schema-plain"
    # Labels are annotations too; without them an option is called by its value.
    labels = tuple((value, humble(value)) for value, _ in options) if is_plain else options
    return BECOMES[target].get(kind, kind), title, is_required, labels, visible


def humble(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.replace("_", " ").replace("-", " ")


@cache
def returned(name: str, target: str) -> tuple[dict[str, Fact], dict[str, Fact]]:
    template = gallery_template(name)
    back = import_template(export_template(template, target).document)
    assert back.problems == ()
    assert back.losses == ()
    return facts(template), facts(back.template)


@pytest.mark.parametrize("target", EXPORTERS)
@pytest.mark.parametrize("name", TRADES)
def test_a_round_trip_keeps_kinds_titles_requirements_options_and_conditions(
    name: str, target: str
) -> None:
    before, after = returned(name, target)
    assert list(after) == list(before)
    for path, fact in before.items():
        wanted = expected(target, fact)
        # Money that is an object is known by its two parts.
        is_object = fact[0] == "money" and after[path][0] == "money"
        assert after[path][1:] == wanted[1:], path
        assert is_object or after[path][0] == wanted[0], path


@pytest.mark.parametrize("target", EXPORTERS)
@pytest.mark.parametrize("name", TRADES)
def test_a_kind_that_does_not_come_back_is_named_at_export(name: str, target: str) -> None:
    before, after = returned(name, target)
    losses = export_template(gallery_template(name), target).losses
    changed = {path for path, fact in before.items() if after[path][0] != fact[0]}
    if target == "json-schema-plain":
        assert len(losses) == 1
    else:
        assert changed <= {loss.what.split("`")[1] for loss in losses if "of kind" in loss.what}


def test_a_template_goes_out_as_json_schema_unchanged() -> None:
    template = gallery_template("insurance-claim")
    assert export_template(template, "json-schema").document == template
    assert import_template(template).template == template


@pytest.mark.parametrize(
    ("values", "is_good"),
    [
        ({"name": "Ann", "company": "X", "needs": ["api"]}, False),
        ({"team_size": "251+"}, False),
    ],
)
def test_a_plain_schema_accepts_the_same_documents(values: Any, is_good: bool) -> None:
    template = gallery_template("software-demo")
    plain = export_template(template, "json-schema-plain").document
    assert "x-intake" not in str(plain)
    whole = {
        "company": "Acme",
        "problem": "Requests get lost",
        "name": "Ann Lee",
        "email": "ann@example.org",
        "team_size": "51-250",
        "needs": ["api", "sso"],
        "security_review": True,
        "slot": "2026-05-14T15:00:00Z",
    }
    for schema in (template, plain):
        assert Draft202012Validator(schema).is_valid(whole)
        assert Draft202012Validator(schema).is_valid(values) is is_good
        assert not Draft202012Validator(schema).is_valid(whole | {"team_size": "1-10"})


def test_a_survey_shows_choices_conditions_and_consent_in_its_own_words() -> None:
    survey = export_template(gallery_template("legal-intake"), "surveyjs").document
    elements = {item["name"]: item for item in survey["pages"][0]["elements"]}
    assert elements["deadline"]["visibleIf"] == "{deadline_known} = true"
    assert elements["deadline"]["isRequired"] is True
    assert elements["phone"]["inputType"] == "tel"
    assert elements["matter"]["choices"][0] == {"value": "employment", "text": "Employment"}
    assert elements["privacy"]["validators"][0]["expression"] == "{privacy} = true"


def test_a_questionnaire_names_questions_conditions_and_kinds() -> None:
    found = export_template(gallery_template("home-services"), "fhir").document
    items = {item["linkId"]: item for item in found["item"]}
    assert items["trade"]["type"] == "choice"
    assert items["trade"]["answerOption"][0] == {
        "valueCoding": {"code": "plumbing", "display": "Plumbing"}
    }
    assert items["water_off"]["enableBehavior"] == "all"
    assert {"question": "trade", "operator": "=", "answerCoding": {"code": "plumbing"}} in items[
        "water_off"
    ]["enableWhen"]
    # `!=` wants an answer in FHIR, and a template's condition holds without one too.
    assert items["visit"]["enableWhen"] == [
        {"question": "emergency", "operator": "!=", "answerBoolean": True},
        {"question": "emergency", "operator": "exists", "answerBoolean": False},
    ]
    assert items["visit"]["enableBehavior"] == "any"
    address = {item["linkId"] for item in items["address"]["item"]}
    assert address == {"address.street", "address.city", "address.zip"}
    again = export_template(gallery_template("home-services"), "fhir-r5").document
    assert {item["type"] for item in again["item"]} & {"choice", "coding"} == {"coding"}


def test_a_response_answers_the_questionnaire_that_was_exported() -> None:
    template = gallery_template("event-booking")
    values = {
        "occasion": "wedding",
        "day": "2026-09-12",
        "begins": "15:00",
        "lasts": "PT8H",
        "guests": 80,
        "meal": "buffet",
        "diets": ["vegan", "halal"],
        "music": True,
        "budget": {"amount": 9000, "currency": "EUR"},
        "host": {"name": "Ann Lee", "email": "ann@example.org"},
    }
    assert compile_template(template).problems_of(values) == ()
    found = export_response(template, values)
    assert found.losses == ()
    assert found.document["status"] == "completed"
    answers = {item["linkId"]: item for item in found.document["item"]}
    assert answers["occasion"]["answer"] == [
        {"valueCoding": {"code": "wedding", "display": "Wedding"}}
    ]
    assert [answer["valueCoding"]["code"] for answer in answers["diets"]["answer"]] == [
        "vegan",
        "halal",
    ]
    assert answers["guests"]["answer"] == [{"valueInteger": 80}]
    assert answers["day"]["answer"] == [{"valueDate": "2026-09-12"}]
    assert answers["budget"]["answer"][0]["valueQuantity"]["code"] == "EUR"
    assert answers["host"]["item"][1] == {
        "linkId": "host.email",
        "text": "Where shall we send the offer?",
        "answer": [{"valueString": "ann@example.org"}],
    }
    questionnaire = export_template(template, "fhir").document
    assert found.document["questionnaire"] == questionnaire["url"]
    asked = {item["linkId"] for item in questionnaire["item"]}
    assert answers.keys() <= asked


def test_a_response_says_when_it_is_not_complete_and_what_it_does_not_know() -> None:
    found = export_response(gallery_template("complaint"), {"name": "Ann Lee", "shoe": 42})
    assert found.document["status"] == "in-progress"
    assert [loss.pointer for loss in found.losses] == ["/shoe"]


def test_a_questionnaire_keeps_the_ids_and_codes_it_came_with() -> None:
    source = {
        "resourceType": "Questionnaire",
        "url": "http://example.org/Questionnaire/bp",
        "title": "Blood pressure",
        "item": [
            {
                "linkId": "1",
                "type": "group",
                "text": "Measurement",
                "item": [
                    {
                        "linkId": "1.1",
                        "type": "integer",
                        "text": "Upper value",
                        "required": True,
                        "code": [{"system": "http://loinc.org", "code": "8480-6"}],
                    },
                    {
                        "linkId": "1.2",
                        "type": "choice",
                        "text": "Arm",
                        "answerOption": [
                            {"valueCoding": {"system": "urn:arms", "code": "L", "display": "Left"}}
                        ],
                    },
                ],
            }
        ],
    }
    template = import_template(source).template
    assert export_template(template, "fhir").document["url"] == source["url"]
    again = export_template(template, "fhir").document["item"][0]
    assert [item["linkId"] for item in (again, *again["item"])] == ["1", "1.1", "1.2"]
    assert again["item"][0]["code"] == [{"system": "http://loinc.org", "code": "8480-6"}]
    response = export_response(template, {"measurement": {"upper_value": 120, "arm": "L"}})
    assert response.document["questionnaire"] == source["url"]
    inner = response.document["item"][0]["item"]
    assert inner[0]["linkId"] == "1.1"
    assert inner[1]["answer"] == [
        {"valueCoding": {"system": "urn:arms", "code": "L", "display": "Left"}}
    ]


def test_a_condition_that_a_format_cannot_say_is_named() -> None:
    template = {
        "type": "object",
        "properties": {"code": {"type": "string"}, "more": {"type": "string"}},
        "required": ["code"],
        "if": {"properties": {"code": {"pattern": "^X"}}, "required": ["code"]},
        "then": {"required": ["more"]},
        "else": {"properties": {"more": False}},
    }
    for target in ("surveyjs", "fhir", "fhir-r5"):
        losses = export_template(template, target).losses
        assert [loss.pointer for loss in losses] == ["/properties/more"], target
    assert export_template(template, "rjsf").losses == ()


def test_a_template_with_problems_and_an_unknown_format_are_refused() -> None:
    with pytest.raises(TemplateInvalid):
        export_template({"type": "object"}, "fhir")
    with pytest.raises(ExchangeError, match="surveyjs"):
        export_template(gallery_template("complaint"), "spreadsheet")
    with pytest.raises(ExchangeError, match="JSON object"):
        export_response(gallery_template("complaint"), [1])


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


def test_options_named_the_way_of_json_schema_keep_their_names() -> None:
    sizes = [{"const": "s", "title": "Small"}, {"const": "l", "title": "Large"}]
    template = {
        "type": "object",
        "properties": {
            "size": {"type": "string", "oneOf": sizes},
            "sizes": {"type": "array", "items": {"oneOf": sizes}},
        },
    }
    for target in ("surveyjs", "fhir", "rjsf", "json-schema-plain"):
        back = facts(import_template(export_template(template, target).document).template)
        assert back["size"][3] == (("s", "Small"), ("l", "Large")), target
        assert back["sizes"][3] == (("s", "Small"), ("l", "Large")), target
