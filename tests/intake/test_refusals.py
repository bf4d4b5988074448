"""A bad template is refused with every problem, its place and its mend, and in bounded time."""

from typing import Any

import pytest

from ai_bridge.intake import TemplateInvalid, check_template, compile_template
from ai_bridge.intake.patterns import pattern_fault
from tests.intake.roof import ROOF


def _with(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields}


def _pointers(document: Any) -> set[str]:
    return {problem.pointer for problem in check_template(document)}


def test_a_good_template_has_no_problems() -> None:
    assert check_template(ROOF) == ()


def test_every_problem_is_reported_at_once_with_its_mend() -> None:
    document = _with(
        a={"type": "string", "x-intake": {"knd": "name"}},
        b={"$ref": "https://example.com/b.json"},
        c={"type": "string", "pattern": "(a+)+"},
        d={"type": "integer", "x-intake": {"kind": "email"}},
        e={"enum": ["x"], "x-intake": {"labels": {"y": "Why"}}},
    ) | {"required": ["nope"]}
    problems = check_template(document)
    assert {problem.pointer for problem in problems} >= {
        "/properties/a/x-intake",
        "/properties/b/$ref",
        "/properties/c/pattern",
        "/properties/d/x-intake/kind",
        "/properties/e/x-intake/labels/y",
        "/required",
    }
    assert all(problem.detail and problem.mend for problem in problems)


@pytest.mark.parametrize("document", [None, [], "text", 3, True])
def test_what_is_no_object_is_refused(document: Any) -> None:
    assert _pointers(document) == {""}


def test_a_remote_reference_is_refused_and_a_circle_ends() -> None:
    remote = _with(a={"$ref": "http://127.0.0.1:9/never.json"})
    (problem,) = check_template(remote)
    assert problem.pointer == "/properties/a/$ref"
    assert "never fetched" in problem.detail
    dynamic = _with(a={"type": "string", "$dynamicRef": "http://127.0.0.1:9/never.json"})
    assert _pointers(dynamic) == {"/properties/a/$dynamicRef"}
    circle = _with(a={"$ref": "#/$defs/a"}) | {
        "$defs": {"a": {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}}}
    }
    assert any("refers to itself" in problem.detail for problem in check_template(circle))


@pytest.mark.parametrize("number", [1e30, 2**63, -(2**63) - 1, float("inf"), float("nan")])
def test_a_number_that_programs_read_differently_is_refused(number: float) -> None:
    assert _pointers(_with(a={"type": "number", "maximum": number})) == {"/properties/a/maximum"}
    # As generators of schemas write the ends of a whole number of 64 bits.
    ends = {"minimum": -(2**63), "maximum": 2**63 - 1}
    assert check_template(_with(a={"type": "integer", **ends})) == ()


def test_references_that_multiply_are_refused() -> None:
    links: dict[str, Any] = {"d0": {"type": "string"}}
    for level in range(1, 12):
        inner = {f"f{n}": {"$ref": f"#/$defs/d{level - 1}"} for n in range(10)}
        links[f"d{level}"] = {"type": "object", "properties": inner}
    document = _with(a={"$ref": "#/$defs/d11"}) | {"$defs": links}
    assert check_template(document)


def test_five_thousand_fields_are_refused_with_one_clear_problem() -> None:
    problems = check_template(_with(**{f"f{n}": {"type": "string"} for n in range(5000)}))
    assert [problem.pointer for problem in problems] == ["/properties"]
    assert "200 fields" in problems[0].detail


def test_too_large_and_too_deep_templates_are_refused() -> None:
    assert _pointers(_with(a={"type": "string", "description": "x" * 300_000})) == {""}
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(2_000):
        deep = {"type": "object", "properties": {"a": deep}}
    assert "levels deep" in check_template(deep)[0].detail


@pytest.mark.parametrize("text", ["nul \x00", "half \ud800"])
def test_characters_that_no_database_takes_are_refused(text: str) -> None:
    assert _pointers(_with(a={"type": "string", "title": text})) == {"/properties/a/title"}


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*b", "(.*)*", "(a*)*b", "a*a*a*a*a*b", r"(\w+\s?)*$", r"(a)\1", "("]
)
def test_a_pattern_that_may_run_for_ever_is_refused(pattern: str) -> None:
    assert pattern_fault(pattern)


@pytest.mark.parametrize(
    "pattern", [r"^[A-Z]{2}\d{4}$", r"^\d{3}(-\d{4})?$", r"^\S+@\S+$", "^[a-z]+$"]
)
def test_an_ordinary_pattern_is_taken(pattern: str) -> None:
    assert pattern_fault(pattern) is None


def test_an_unsafe_pattern_inside_a_condition_is_refused_too() -> None:
    document = _with(a={"type": "string"}) | {
        "if": {"properties": {"a": {"pattern": "(x+x+)+y"}}},
        "then": {"required": ["a"]},
    }
    assert "/if/properties/a/pattern" in _pointers(document)


def test_compiling_a_bad_template_raises_with_its_problems() -> None:
    with pytest.raises(TemplateInvalid) as caught:
        compile_template(_with(a={"type": "strin"}))
    assert any(problem.pointer == "/properties/a/type" for problem in caught.value.problems)
