"""A good template says which fields there are, when each applies, and what document they make."""

from typing import Any

import pytest

from ai_bridge.intake import Intake, compile_template, template_hash
from tests.intake.roof import ROOF


@pytest.fixture
def roof() -> Intake:
    return compile_template(ROOF)


def _object(**rules: Any) -> dict[str, Any]:
    return {"type": "object", **rules}


TEXT = {"type": "string"}


def test_kinds_follow_from_type_format_options_and_annotation(roof: Intake) -> None:
    kinds = {field.path: field.kind for field in roof.fields}
    assert kinds["name"] == "name"
    assert kinds["email"] == "email"
    assert kinds["service"] == "choice"
    assert kinds["visit"] == "date"
    assert kinds["insured"] == "boolean"
    assert kinds["address.city"] == "text"
    assert kinds["budget"] == "money"
    assert kinds["agree"] == "consent"


def test_fields_keep_the_written_order_and_order_overrides_it() -> None:
    intake = compile_template(
        _object(properties={"a": TEXT, "b": TEXT, "c": TEXT | {"x-intake": {"order": 1}}})
    )
    assert [field.path for field in intake.fields] == ["c", "a", "b"]


def test_a_field_that_only_a_branch_requires_applies_only_while_the_branch_holds(
    roof: Intake,
) -> None:
    assert "budget" not in roof.applicable({"service": "repair"})
    assert "budget" in roof.applicable({"service": "new_roof"})
    assert "budget" in roof.required({"service": "new_roof"})


def test_a_value_whose_condition_stopped_holding_is_left_out_of_the_document(roof: Intake) -> None:
    values = {"service": "repair", "budget": {"amount": 3, "currency": "USD"}}
    assert roof.to_document(values) == {"service": "repair"}


def test_a_chain_of_conditions_falls_together() -> None:
    intake = compile_template(
        _object(
            properties={"a": {"type": "boolean"}, "b": {"type": "boolean"}, "c": TEXT},
            allOf=[
                {
                    "if": {"properties": {"a": {"const": True}}, "required": ["a"]},
                    "then": {"required": ["b"]},
                },
                {
                    "if": {"properties": {"b": {"const": True}}, "required": ["b"]},
                    "then": {"required": ["c"]},
                },
            ],
        )
    )
    values = {"a": True, "b": True, "c": "x"}
    assert intake.required(values) == ("b", "c")
    assert intake.to_document(values | {"a": False}) == {"a": False}


def test_else_and_fields_declared_in_a_branch_apply_when_the_condition_fails() -> None:
    intake = compile_template(
        _object(
            properties={"member": {"type": "boolean"}},
            **{
                "if": {"properties": {"member": {"const": True}}, "required": ["member"]},
                "then": {"properties": {"number": TEXT}, "required": ["number"]},
                "else": {"properties": {"referrer": TEXT}},
            },
        )
    )
    assert intake.applicable({"member": True}) == {"member", "number"}
    assert intake.required({"member": True}) == ("number",)
    assert intake.applicable({"member": False}) == {"member", "referrer"}


def test_dependent_required_and_dependent_schemas_wait_for_their_trigger() -> None:
    intake = compile_template(
        _object(
            properties={"card": TEXT, "billing": TEXT},
            dependentRequired={"card": ["billing"]},
            dependentSchemas={"billing": {"properties": {"vat": TEXT}, "required": ["vat"]}},
        )
    )
    assert intake.applicable({}) == {"card"}
    assert intake.required({"card": "1", "billing": "x"}) == ("billing", "vat")


def test_fields_that_depend_on_each_other_can_both_be_asked_for() -> None:
    intake = compile_template(
        _object(properties={"a": TEXT, "b": TEXT}, dependentRequired={"a": ["b"], "b": ["a"]})
    )
    assert intake.applicable({}) == {"a", "b"}
    assert intake.required({"a": "x"}) == ("b",)


def test_an_optional_object_asks_for_its_required_parts_once_one_part_is_there(
    roof: Intake,
) -> None:
    assert "address.city" not in roof.required({})
    assert "address.city" in roof.required({"address.zip": "94107"})


def test_the_document_is_nested_and_leaves_out_absent_and_empty_values(roof: Intake) -> None:
    values = {"address.city": "Bern", "address.zip": "94107", "notes": None}
    assert roof.to_document(values) == {"address": {"city": "Bern", "zip": "94107"}}


def test_a_document_is_judged_by_a_stock_validator_with_formats(roof: Intake) -> None:
    found = roof.problems_of({"name": "Ann", "service": "repair", "email": "nonsense"})
    assert [problem.pointer for problem in found] == ["/email"]
    missing = roof.problems_of({"name": "Ann", "service": "repair"})
    assert [problem.pointer for problem in missing] == ["/email"]


def test_the_hash_names_a_version_by_its_content_and_its_order_of_questions() -> None:
    assert template_hash({"a": 1, "b": 2}) == template_hash({"a": 1, "b": 2})
    assert template_hash({"a": 1, "b": 2}) != template_hash({"b": 2, "a": 1})
    assert template_hash({"a": 1}) != template_hash({"a": 2})
    assert template_hash({}).startswith("sha256:")


def test_local_references_are_put_in_place() -> None:
    intake = compile_template(
        _object(
            properties={"home": {"$ref": "#/$defs/place"}, "work": {"$ref": "#/$defs/place"}},
            **{"$defs": {"place": _object(properties={"city": TEXT}, required=["city"])}},
        )
    )
    assert [field.path for field in intake.fields] == ["home.city", "work.city"]
