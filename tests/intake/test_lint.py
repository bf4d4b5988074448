"""What a template asks badly is said, with its place and mend, and refuses nothing."""

from typing import Any

import pytest

from ai_bridge.intake import check_template, lint_template
from ai_bridge.intake_gallery import TRADES, gallery_template

ASKED = {"type": "string", "x-intake": {"ask": "Anything else?"}}


def warned(required: tuple[str, ...] = (), settings: Any = None, **fields: Any) -> dict[str, str]:
    document = {
        "type": "object",
        "x-intake": settings or {},
        "properties": {"remark": ASKED, **fields},
        "required": list(required),
    }
    assert check_template(document) == ()
    return {
        warning.pointer: f"{warning.detail} {warning.mend}" for warning in lint_template(document)
    }


@pytest.mark.parametrize("name", TRADES)
def test_the_gallery_asks_well(name: str) -> None:
    assert lint_template(gallery_template(name)) == ()


def test_more_options_than_anybody_reads() -> None:
    state = {"enum": [f"state {n}" for n in range(80)], "title": "State"}
    assert "80 options" in warned(state=state)["/properties/state"]
    assert warned(state={**state, "enum": state["enum"][:30]}) == {}


def test_two_fields_that_only_a_number_tells_apart() -> None:
    phone = {"type": "string", "x-intake": {"kind": "phone"}}
    assert (
        "cannot be told from `phone1`" in warned(phone1=phone, phone2=phone)["/properties/phone2"]
    )
    work = {**phone, "description": "At work"}
    assert warned(phone1=phone, phone2=work) == {}


def test_one_word_for_two_options() -> None:
    said = warned(
        size={"enum": ["s", "m"], "title": "Size", "x-intake": {"synonyms": {"s": ["m"]}}}
    )
    assert "means 2 options" in said["/properties/size"]


def test_what_is_required_and_cannot_be_asked_for() -> None:
    hidden = {"type": "string", "title": "Plan", "x-intake": {"hidden": True}}
    closed = {**hidden, "x-intake": {"hidden": True, "prefill": False}}
    skipped = {"type": "string", "title": "Firm", "x-intake": {"skip": True}}
    said = warned(
        ("plan", "code", "firm"), plan=hidden, code={**closed, "title": "Code"}, firm=skipped
    )
    assert "without your page nothing is complete" in said["/properties/plan"]
    assert "only staff can complete it" in said["/properties/code"]
    assert "cannot be skipped" in said["/properties/firm"]


def test_a_chat_that_ends_before_it_can_be_complete() -> None:
    named = {f"field_{letter}": {"type": "string", "title": letter * 3} for letter in "abcd"}
    assert "/x-intake/max_turns" in warned(tuple(named), {"max_turns": 3}, **named)


def test_limits_that_no_day_meets_and_patterns_that_nobody_sees() -> None:
    day = {"type": "string", "format": "date", "title": "Day"}
    said = warned(
        day={**day, "x-intake": {"not_before": "+2 weeks", "not_after": "today"}},
        plate={"type": "string", "title": "Plate", "pattern": "^[A-Z]{2}$"},
    )
    assert "No day is both" in said["/properties/day"]
    assert "cannot see" in said["/properties/plate/pattern"]


def test_items_that_nothing_names_and_a_closing_that_names_nothing() -> None:
    counts = {"type": "object", "properties": {"rooms": {"type": "integer"}}}
    said = warned(
        settings={"closing": "Thanks {nobody}!"},
        floors={"type": "array", "title": "Floors", "items": counts},
    )
    assert "names an item" in said["/properties/floors"]
    assert "`{nobody}` is not a field" in said["/x-intake/closing"]


def test_a_language_that_words_only_some_questions() -> None:
    worded = {"type": "string", "x-intake": {"ask": "Who?", "i18n": {"de": {"ask": "Wer?"}}}}
    assert "no words in `de`" in warned(person=worded)["/properties/remark/x-intake"]


def test_a_field_of_which_nothing_is_said() -> None:
    assert "Nothing says what `q1` is" in warned(q1={"type": "string"})["/properties/q1"]


def test_the_same_question_twice() -> None:
    again = {"type": "string", "title": "Other", "x-intake": {"ask": "Anything else?"}}
    assert "in the same words" in warned(other=again)["/properties/other/x-intake/ask"]
