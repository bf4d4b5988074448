"""Lists, repeating groups and ranges: their paths, limits, conditions and documents."""

from typing import Any

import pytest

from ai_bridge.intake import check_template, compile_template, in_language
from ai_bridge.intake.repeats import singular, without_indexes
from tests.runner.repeating import GUESTS, ROOMS, STAY

TOLD = {
    "name": "Ann", "email": "a@b.co",
    "rooms[0].name": "kitchen", "rooms[0].leaks": True, "rooms[0].since": "2026-03-01",
    "rooms[3].name": "hall", "rooms[3].leaks": False,
}  # fmt: skip


def problems(**fields: Any) -> dict[str, str]:
    document = {"type": "object", "properties": fields}
    return {problem.pointer: problem.detail for problem in check_template(document)}


def test_each_item_has_fields_of_its_own_before_the_question_for_another() -> None:
    fields = compile_template(ROOMS).grown(TOLD).fields
    paths = [field.path for field in fields if field.path.startswith("rooms")]
    parts = ("name", "leaks", "since")
    assert paths == [f"rooms[{n}].{part}" for n in (0, 3) for part in parts] + ["rooms"]
    assert compile_template(ROOMS).field("rooms[7].leaks") is not None
    assert compile_template(ROOMS).field("rooms[7].walls") is None


def test_conditions_inside_an_item_hold_for_that_item() -> None:
    live = compile_template(ROOMS).applicable(TOLD)
    assert {"rooms[0].since", "rooms[3].leaks"} <= live
    assert "rooms[3].since" not in live
    without = {path: value for path, value in TOLD.items() if path != "rooms[0].since"}
    assert "rooms[0].since" in compile_template(ROOMS).required(without)


def test_a_required_list_is_missing_until_it_has_its_items() -> None:
    intake = compile_template(GUESTS)
    assert "guests" in intake.required({"guests[0]": "Mario"})
    assert "guests" not in intake.required({"guests[0]": "Mario", "guests[4]": "Anna"})


def test_the_document_has_no_gaps_and_meets_the_template() -> None:
    intake = compile_template(ROOMS)
    document = intake.to_document(TOLD)
    assert document["rooms"] == [
        {"name": "kitchen", "leaks": True, "since": "2026-03-01"},
        {"name": "hall", "leaks": False},
    ]
    assert intake.problems_of(document) == ()
    assert intake.path_at("/rooms/1/name", TOLD) == "rooms[3].name"
    assert intake.to_document({"name": "Ann", "email": "a@b.co"}) == {
        "name": "Ann",
        "email": "a@b.co",
    }


def test_groups_repeat_inside_groups() -> None:
    damage = {"type": "object", "properties": {"what": {"type": "string"}}, "required": ["what"]}
    room = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "damages": {"type": "array", "items": damage},
        },
    }
    intake = compile_template(
        {"type": "object", "properties": {"rooms": {"type": "array", "items": room}}}
    )
    told = {
        "rooms[1].name": "hall", "rooms[1].damages[2].what": "crack", "rooms[1].tags[1]": "old",
        "rooms[1].damages[0].what": "stain", "rooms[0].tags[0]": "new",
    }  # fmt: skip
    assert intake.to_document(told) == {
        "rooms": [
            {"tags": ["new"]},
            {"name": "hall", "tags": ["old"], "damages": [{"what": "stain"}, {"what": "crack"}]},
        ]
    }


def listed(**items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


@pytest.mark.parametrize(
    ("field", "pointer", "detail"),
    [
        ({"type": "array"}, "/properties/a", "what its items are"),
        (listed(**listed(type="string")), "/properties/a/items", "list of lists"),
        (
            listed(type="object", properties={"b": {"type": "strin"}}),
            "/properties/a/items/properties/b/type",
            "strin",
        ),
        (
            listed(type="object", properties={"b": {"type": "string"}}, required=["c"]),
            "/properties/a/items/required",
            "`c` is not a field",
        ),
        ({**listed(type="string"), "maxItems": 0}, "/properties/a/maxItems", "nothing"),
        (
            {
                "type": "object",
                "properties": {"b": {"type": "string"}},
                "x-intake": {"kind": "date_range"},
            },
            "/properties/a/properties",
            "exactly two dates",
        ),
        ({"type": "string", "x-intake": {"kind": "file"}}, "/properties/a", "asked for yet"),
        (
            listed(type="string", **{"x-intake": {"aks": "?"}}),
            "/properties/a/items/x-intake",
            "aks",
        ),
    ],
)
def test_what_is_wrong_inside_a_list_is_said_with_its_place(
    field: dict[str, Any], pointer: str, detail: str
) -> None:
    found = problems(a=field)
    assert detail in found[pointer]


def test_the_ends_of_a_range_know_each_other_and_the_limits_of_the_whole() -> None:
    first, last = (compile_template(STAY).by_path[f"stay.{end}"] for end in ("from", "to"))
    assert (first.range_end, first.partner, first.ask) == (
        "start",
        "stay.to",
        "When will you stay?",
    )
    assert (last.range_end, last.partner, last.ask) == ("end", "stay.from", "Until when?")
    assert last.schema["x-intake"]["not_before"] == "today"


def test_fields_named_in_conditions_do_not_count_toward_the_limit() -> None:
    names = [f"f{n}" for n in range(180)]
    conditions = [
        {"if": {"properties": {name: {"const": value} for name in names}}, "then": {}}
        for value in "abcdefghijkl"
    ]
    fields = {f"f{n}": {"type": "string"} for n in range(180)}
    assert check_template({"type": "object", "properties": fields, "allOf": conditions}) == ()
    many = {f"f{n}": {"type": "string"} for n in range(201)}
    assert (
        "more than 200 fields"
        in problems(a={"type": "array", "items": {"type": "object", "properties": many}})[
            "/properties"
        ]
    )


def test_privacy_of_a_whole_holds_for_its_parts() -> None:
    private = {"pii": True, "mask": "partial", "retain_days": 30}
    item = {"type": "object", "properties": {"name": {"type": "string"}}}
    intake = compile_template(
        {
            "type": "object",
            "properties": {
                "kids": {"type": "array", "items": item, "x-intake": private},
                "me": {
                    "type": "object",
                    "properties": {"b": {"type": "string"}},
                    "x-intake": private,
                },
            },
        }
    )
    for path in ("kids[0].name", "me.b"):
        field = intake.field(path)
        assert field is not None
        assert (field.pii, field.mask, field.retain_days) == (True, "partial", 30)


def test_a_template_speaks_the_visitors_language_where_it_has_words_for_it() -> None:
    pick = {
        "enum": ["a", "b"],
        "x-intake": {
            "ask": "Which?", "labels": {"a": "First", "b": "Second"},
            "i18n": {"de": {"ask": "Was?", "title": "Wahl", "labels": {"a": "Erstes"}}},
        },
    }  # fmt: skip
    settings = {
        "greeting": "Hi",
        "closing": "Bye",
        "i18n": {"de": {"greeting": "Hallo"}, "de-AT": {"greeting": "Servus"}},
    }
    base = compile_template({"type": "object", "x-intake": settings, "properties": {"pick": pick}})
    assert in_language(base, "fr") is base
    german, austrian = in_language(base, "de-DE"), in_language(base, "de-AT")
    assert (german.settings.greeting, german.settings.closing) == ("Hallo", "Bye")
    assert austrian.settings.greeting == "Servus"
    field = german.by_path["pick"]
    assert (field.ask, field.title, field.label("a"), field.label("b")) == (
        "Was?",
        "Wahl",
        "Erstes",
        "Second",
    )
    assert german.hash == base.hash


def test_names_of_items_and_paths_without_indexes() -> None:
    assert [singular(word) for word in ("Rooms", "Allergies", "Glass", "Boxes", "News", "Bus")] == [
        "Room", "Allergy", "Glass", "Box", "New", "Bus",
    ]  # fmt: skip
    assert without_indexes("rooms[12].damages[0].what") == "rooms[].damages[].what"
