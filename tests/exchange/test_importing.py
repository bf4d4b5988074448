"""Each format becomes a draft that asks the same, and what it cannot is named."""

from typing import Any

import pytest

from ai_bridge.intake import compile_template
from ai_bridge.intake_exchange import ExchangeError, import_template, recognise
from tests.exchange.outlines import SAMPLES, brought, facts, kinds, lost, sample

FORMATS = {
    "example": "example",
    "fhir-r4": "fhir",
    "fhir-r5": "fhir",
    "google-forms": "google-forms",
    "json-forms": "json-forms",
    "json-schema-draft04": "json-schema",
    "json-schema-generated": "json-schema",
    "rjsf": "rjsf",
    "surveyjs": "surveyjs",
    "typeform": "typeform",
}


def asked(name: str, **values: Any) -> frozenset[str]:
    """The fields of the draft that may be asked for while these answers stand."""
    found = compile_template(brought(name).template)
    return found.applicable({path.replace("__", "."): value for path, value in values.items()})


def required(name: str, **values: Any) -> set[str]:
    return set(compile_template(brought(name).template).required(values))


def test_every_format_has_a_sample() -> None:
    assert set(FORMATS) == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_format_is_recognised(name: str) -> None:
    assert recognise(sample(name)) == FORMATS[name]
    assert brought(name).format == FORMATS[name]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_draft_is_a_good_template(name: str) -> None:
    assert brought(name).problems == ()


@pytest.mark.parametrize("name", SAMPLES)
def test_every_loss_says_where_what_why_and_what_to_do(name: str) -> None:
    for loss in brought(name).losses:
        assert loss.pointer == "" or loss.pointer.startswith("/")
        assert all(text.endswith(".") for text in (loss.what, loss.why, loss.mend)), loss


def test_an_example_gives_types_by_its_values_and_kinds_by_its_names() -> None:
    assert kinds(brought("example").template) == {
        "customer": "object",
        "customer.full_name": "name",
        "customer.email": "email",
        "customer.phone": "phone",
        "customer.homepage": "url",
        "party_size": "integer",
        "date": "date",
        "arrival": "time",
        "created": "datetime",
        "outdoor": "boolean",
        "deposit": "number",
        "budget": "money",
        "tags": "list",
        "dishes": "group",
        "dishes[].name": "name",
        "dishes[].count": "integer",
        "remark": "text",
        "first_choice": "text",
    }
    assert lost(brought("example")) == {"", "/budget", "/remark", "/extras", "/first choice"}


def test_an_old_json_schema_is_read_in_todays_words() -> None:
    template = brought("json-schema-draft04").template
    assert template["properties"]["age"] == {
        "type": "integer",
        "maximum": 130,
        "exclusiveMinimum": 0,
    }
    assert kinds(template)["partner.given"] == "text"
    assert template["dependentRequired"] == {"partner": ["iban"]}
    assert template["required"] == ["member", "plan", "field_2nd_contact"]


def test_what_an_old_json_schema_says_and_nobody_can_be_asked_is_named() -> None:
    assert lost(brought("json-schema-draft04")) == {
        "/properties/sponsor/$ref",
        "/properties/sponsor",
        "/properties/2nd contact",
        "/properties/iban/pattern",
        "/properties/photo",
        "/properties/mixed/type",
        "/properties/meta",
        "/properties/pair",
        "/patternProperties",
        "/required",
    }


def test_a_remote_reference_is_refused_and_never_fetched() -> None:
    found = brought("json-schema-draft04")
    reasons = [loss.what for loss in found.losses if loss.pointer == "/properties/sponsor/$ref"]
    assert "never fetched" in reasons[0]
    assert found.template["properties"]["sponsor"] == {"type": "string"}


def test_wrappings_of_generated_schemas_are_taken_off() -> None:
    assert kinds(brought("json-schema-generated").template) == {
        "subject": "text",
        "priority": "choice",
        "site": "object",
        "site.street": "text",
        "site.zip": "text",
        "due": "date",
        "attempts": "integer",
        "amount": "number",
        "locked": "boolean",
    }
    assert lost(brought("json-schema-generated")) == {"/properties/amount/anyOf"}
    assert "due" in required("json-schema-generated", priority="high")
    assert "due" not in required("json-schema-generated", priority="low")


def test_rjsf_brings_order_labels_and_hints() -> None:
    found = brought("rjsf")
    fields = compile_template(found.template).fields
    assert [field.path for field in fields][:2] == ["sender", "size"]
    assert [field.path for field in fields][-1] == "note"
    by_path = {field.path: field for field in fields}
    assert (by_path["sender"].kind, by_path["mobile"].kind) == ("name", "phone")
    assert by_path["size"].label("m") == "Medium"
    assert by_path["sender"].help == "As on the doorbell"
    assert by_path["note"].title == "Remark"
    assert by_path["source"].hidden
    assert by_path["pin"].mask == "full"
    assert lost(found) == {"/schema/properties/label", "/uiSchema/fragile/ui:widget"}


def test_rjsf_brings_conditions() -> None:
    assert "weight" in asked("rjsf", size="l")
    assert "weight" not in asked("rjsf", size="s")


def test_json_forms_brings_rules_of_layouts_and_nested_controls() -> None:
    assert "battery" in asked("json-forms", electric=True)
    assert "battery" not in asked("json-forms", electric=False)
    assert "battery" in required("json-forms", electric=True)
    assert "loyal" in asked("json-forms", visits=3)
    assert "loyal" not in asked("json-forms", visits=2)
    assert "owner.parent" not in asked("json-forms", owner__adult=True)
    assert "owner.parent" in asked("json-forms", owner__adult=False)
    assert lost(brought("json-forms")) == {
        "/uischema/elements/0/elements/0",
        "/uischema/elements/1/elements/5/rule",
        "/uischema/elements/1/elements/6",
    }


def test_json_forms_brings_labels_and_the_order_of_the_layout() -> None:
    fields = compile_template(brought("json-forms").template).fields
    assert fields[0].path == "owner.name"
    assert {field.path: field.title for field in fields}["battery"] == "Which battery?"


def test_surveyjs_brings_types_choices_and_limits() -> None:
    found = facts(brought("surveyjs").template)
    assert {path: fact[0] for path, fact in found.items()} == {
        "full_name": "name",
        "email": "email",
        "phone": "phone",
        "moving_day": "date",
        "home": "choice",
        "floor": "integer",
        "lift": "boolean",
        "heavy": "choices",
        "piano_notes": "text",
        "destination": "object",
        "destination.street": "text",
        "destination.city": "text",
        "budget": "money",
        "branch": "text",
        "hurry": "integer",
        "code": "text",
        "terms": "consent",
    }
    assert found["home"][3] == (
        ("house", "house"),
        ("flat", "A flat"),
        ("storage", "Storage unit"),
    )
    moving_day = brought("surveyjs").template["properties"]["moving_day"]
    assert moving_day["x-intake"] == {"not_before": "today"}


def test_surveyjs_brings_conditions_and_what_they_require() -> None:
    assert {"floor", "lift", "piano_notes"}.isdisjoint(asked("surveyjs", home="house"))
    assert "floor" in required("surveyjs", home="flat")
    assert "lift" not in asked("surveyjs", home="flat", floor=1)
    assert "lift" in asked("surveyjs", home="flat", floor=2)
    assert "piano_notes" in asked("surveyjs", heavy=["safe", "piano"])
    assert "piano_notes" not in asked("surveyjs", heavy=["safe"])


def test_what_surveyjs_cannot_bring_is_named() -> None:
    assert lost(brought("surveyjs")) == {
        "/pages/0/elements/0",
        "/pages/0/elements/5/showOtherItem",
        "/pages/1/elements/4",
        "/pages/1/elements/5/choicesByUrl",
        "/pages/1/elements/7/visibleIf",
    }


def test_typeform_jumps_become_conditions() -> None:
    table, gift = {"guests", "food"}, {"gift_card"}
    assert table <= asked("typeform", tasting="Private table")
    assert table.isdisjoint(asked("typeform", tasting="Cellar tour"))
    assert gift <= asked("typeform", tasting="Gift card")
    assert gift.isdisjoint(asked("typeform", tasting="Private table"))
    assert "day" in asked("typeform", tasting="Private table")
    assert "day" not in asked("typeform", tasting="Gift card")
    assert {"site", "name"} <= asked("typeform", tasting="Gift card")


def test_typeform_brings_screens_hidden_fields_and_consent() -> None:
    found = brought("typeform")
    assert found.template["x-intake"] == {
        "greeting": "Come and taste our wine",
        "closing": "See you soon!",
    }
    assert found.template["properties"]["campaign"]["x-intake"]["hidden"] is True
    assert kinds(found.template)["i_am_over_18"] == "consent"
    assert lost(found) == {
        "/fields/6/properties/allow_other_choice",
        "/fields/8",
        "/logic/2/actions/0",
        "/logic/2/actions/1",
    }


def test_sections_of_a_google_form_become_conditions() -> None:
    assert "badge" in required("google-forms", child_swim="Yes")
    assert "badge" not in asked("google-forms", child_swim="No")
    assert "allergies" in asked("google-forms", child_swim="No")
    assert kinds(brought("google-forms").template)["days.monday"] == "choice"
    assert lost(brought("google-forms")) == {
        "/items/4/questionItem/question/choiceQuestion/options/2",
        "/items/10/questionItem/question",
        "/items/11",
    }


def test_fhir_r4_brings_groups_codes_and_conditions() -> None:
    found = brought("fhir-r4")
    birth = found.template["properties"]["about"]["properties"]["date_birth"]
    assert birth["x-fhir"]["code"] == [{"system": "http://loinc.org", "code": "21112-8"}]
    assert birth["x-intake"] == {"not_before": "1900-01-01"}
    assert "week_pregnancy" in required("fhir-r4", pregnant="Y")
    assert "week_pregnancy" not in asked("fhir-r4", pregnant="U")
    vaccinated = "yellow_fever_vaccination"
    assert vaccinated in asked("fhir-r4", going=["asia", "africa"])
    assert vaccinated in asked("fhir-r4", pregnant="Y", week_pregnancy=21)
    assert vaccinated not in asked("fhir-r4", going=["asia"])
    assert lost(found) == {"/item/0", "/item/6", "/item/7", "/item/8/answerValueSet", "/item/9"}


def test_fhir_r5_brings_codings_and_repeating_groups_with_their_own_conditions() -> None:
    found = facts(brought("fhir-r5").template)
    assert found["smoker"][3][2] == ("former", "I used to")
    assert found["medication"][0] == "group"
    items = brought("fhir-r5").template["properties"]["medication"]["items"]
    assert items["required"] == ["drug"]
    assert items["allOf"][0]["else"] == {"properties": {"times": False}}


@pytest.mark.parametrize(
    "source",
    [None, [], {}, 1, "text", {"resourceType": "Patient"}, {"a": {}}],
)
def test_what_holds_nothing_to_ask_for_is_refused_with_the_reason(source: Any) -> None:
    with pytest.raises(ExchangeError, match=r"\. "):
        import_template(source)


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ExchangeError, match="surveyjs"):
        import_template({"a": 1}, "spreadsheet")


def test_two_questions_of_one_name_become_two_fields() -> None:
    questions = [{"type": "text", "name": "a b"}, {"type": "text", "name": "a-b!"}]
    found = import_template({"elements": questions})
    assert len(found.template["properties"]) == 2
    assert found.problems == ()


def test_what_a_survey_computes_and_checks_is_named() -> None:
    element = {
        "type": "dropdown",
        "name": "a",
        "choices": ["x"],
        "enableIf": "{b} = 1",
        "validators": [{"type": "expression", "expression": "{a} <> {b}"}],
    }
    found = import_template({"elements": [element], "triggers": [{"type": "complete"}]})
    assert lost(found) == {"/elements/0/enableIf", "/elements/0/validators/0", "/triggers/0"}


def test_an_expression_of_a_questionnaire_is_named() -> None:
    rule = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
    item = {"linkId": "bmi", "type": "decimal", "text": "BMI", "extension": [{"url": rule}]}
    found = import_template({"resourceType": "Questionnaire", "item": [item]})
    assert [loss.what for loss in found.losses] == ["`calculatedExpression` was left out."]
