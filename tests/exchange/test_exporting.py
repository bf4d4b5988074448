"""What goes out comes back the same, and what does not is named beforehand."""

from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ai_bridge.intake import TemplateInvalid, compile_template
from ai_bridge.intake_exchange import (
    EXPORTERS,
    ExchangeError,
    export_response,
    export_template,
    import_template,
)
from ai_bridge.intake_gallery import TRADES, gallery_template
from tests.exchange.outlines import Fact, facts

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
