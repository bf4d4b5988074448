"""Hostile sources are read right or refused with the reason; no importer ever breaks."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from ai_bridge.intake import UnreadableJson, read_json
from ai_bridge.intake_exchange import (
    IMPORTERS,
    ExchangeError,
    Imported,
    export_template,
    import_template,
)
from tests.exchange.outlines import SAMPLES, brought, corpus, sample

# One of these takes the place of each part of each sample in turn.
JUNK: tuple[Any, ...] = (
    None, [], {}, "", 7, True, "x" * 300, [1, [2]], {"a": {"b": 1}}, "a\u202eb", -1.5, ["a", "a"],
    {"default": {}}, 10**30, [None], [{}],
)  # fmt: skip

Place = tuple[str | int, ...]


def attempt(source: Any, name: str = "") -> Imported | None:
    """The draft, or None when it was refused; anything else that is raised fails the test."""
    reason = ""
    try:
        return import_template(source, name)
    except ExchangeError as refusal:
        reason = str(refusal)
    assert reason.endswith(".")
    return None


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    yield here
    for key, item in pairs(value):
        yield from places(item, (*here, key))


def pairs(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def replaced(value: Any, place: Place, new: Any) -> Any:
    if not place:
        return new
    changed = value.copy()
    changed[place[0]] = replaced(value[place[0]], place[1:], new)
    return changed


@pytest.mark.parametrize("name", SAMPLES)
def test_no_part_of_a_source_can_break_its_importer(name: str) -> None:
    source, used = sample(name), brought(name).format
    turn = count()
    for place in places(source):
        junk = JUNK[next(turn) % len(JUNK)]
        attempt(replaced(source, place, junk), used)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("used", IMPORTERS)
def test_a_source_read_in_the_wrong_format_is_refused_or_makes_a_draft(
    name: str, used: str
) -> None:
    attempt(sample(name), used)


def test_schemas_of_the_public_suite_make_good_drafts_or_name_the_problem() -> None:
    groups = corpus("json-schema.json")
    found = [attempt(row["group"]["schema"], "json-schema") for row in groups]
    drafts = [item for item in found if item]
    good = [item for item in drafts if not item.problems]
    assert len(groups) == 225
    assert len(drafts) >= 150
    assert len(good) >= 0.9 * len(drafts)
    assert all(problem.mend for item in drafts for problem in item.problems)


def test_naughty_strings_in_names_and_labels_come_through_whole() -> None:
    for text in corpus("blns.json"):
        if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            continue
        attempt({text: "value"}, "example")
        choices = [{"value": "a", "text": text}, {"value": text or "b", "text": "B"}]
        question = {"type": "radiogroup", "name": text, "title": text, "choices": choices}
        found = attempt({"elements": [question]}, "surveyjs")
        assert found is not None, text
        (field,) = found.template["properties"].values()
        assert (text or "b") in field["enum"]


def test_naughty_values_survive_a_round_trip_through_a_condition() -> None:
    for text in corpus("blns.json"):
        if not text.strip() or "\x00" in text:
            continue
        condition = {"properties": {"a": {"const": text}}, "required": ["a"]}
        template = {
            "type": "object",
            "properties": {"a": {"enum": [text, "other"]}, "b": {"type": "string"}},
            "allOf": [{"if": condition, "else": {"properties": {"b": False}}}],
        }
        for target in ("surveyjs", "fhir"):
            back = import_template(export_template(template, target).document)
            assert back.template["allOf"][0]["if"] == condition, (target, text)


def test_a_bomb_of_references_is_refused_in_time() -> None:
    defs: dict[str, Any] = {"d0": {"type": "object", "properties": {"x": {"type": "string"}}}}
    for depth in range(1, 30):
        ref = {"$ref": f"#/$defs/d{depth - 1}"}
        defs[f"d{depth}"] = {"type": "object", "properties": {"a": ref, "b": ref}}
    found = attempt({"$defs": defs, "properties": {"root": {"$ref": "#/$defs/d29"}}})
    assert found is None or found.problems


def test_a_reference_to_itself_is_named_and_not_followed() -> None:
    node = {"type": "object", "properties": {"name": {"type": "string"}, "next": {"$ref": "#"}}}
    found = attempt(node | {"$schema": "http://json-schema.org/draft-07/schema#"})
    assert found
    assert any("refers to itself" in loss.what for loss in found.losses)


def test_many_diamonds_of_jumps_are_given_up_and_named() -> None:
    fields: list[dict[str, Any]] = []
    logic: list[dict[str, Any]] = []
    for number in range(0, 80, 2):
        fields += [
            {"ref": f"q{number}", "title": f"Question {number}", "type": "yes_no"},
            {"ref": f"q{number + 1}", "title": f"Question {number + 1}", "type": "number"},
        ]
        over = {
            "action": "jump",
            "details": {"to": {"type": "field", "value": f"q{(number * 7) % 71 + number}"}},
            "condition": {
                "op": "is",
                "vars": [
                    {"type": "field", "value": f"q{number}"},
                    {"type": "constant", "value": True},
                ],
            },
        }
        logic.append({"ref": f"q{number}", "actions": [over]})
    found = attempt({"fields": fields, "logic": logic})
    assert found
    assert found.problems == ()
    assert any("Too many jumps" in loss.why for loss in found.losses)


def test_expressions_with_many_brackets_are_refused_and_named() -> None:
    for expression in ("(" * 5000 + "{a} = 1", "!" * 5000 + "{a} = 1", "{a} = 1 and " * 4000):
        found = attempt(
            {
                "elements": [
                    {"type": "text", "name": "a"},
                    {"type": "text", "name": "b", "visibleIf": expression},
                ]
            }
        )
        assert found
        assert "/elements/1/visibleIf" in {loss.pointer for loss in found.losses}


@pytest.mark.parametrize("deep", [60, 64, 65, 5000])
def test_deep_sources_are_refused_by_the_reader_or_by_the_import(deep: int) -> None:
    text = '{"a":' * deep + "1" + "}" * deep
    with pytest.raises((ExchangeError, UnreadableJson), match="levels deep"):
        import_template(read_json(text).value)
