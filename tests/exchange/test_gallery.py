"""Ten templates from ten trades that somebody could publish as they are."""

import json
from typing import Any

import pytest

from ai_bridge.intake import check_template, compile_template
from ai_bridge.intake.kinds import KIND_TYPES
from ai_bridge.intake_exchange.outline import Part, outline
from ai_bridge.intake_gallery import TRADES, gallery_template

PERSONAL = {"name", "email", "phone"}


def leaves(name: str) -> list[Part]:
    parts, lost = outline(gallery_template(name))
    assert lost == ()
    return [leaf for part in parts for leaf in below(part)]


def below(part: Part) -> list[Part]:
    return [leaf for child in part.parts for leaf in below(child)] if part.parts else [part]


def test_there_are_ten_trades_with_a_template_each() -> None:
    assert len(TRADES) == len(set(TRADES.values())) == 10
    assert len({gallery_template(name)["title"] for name in TRADES}) == 10


@pytest.mark.parametrize("name", TRADES)
def test_it_has_no_problems(name: str) -> None:
    assert check_template(gallery_template(name)) == ()
    assert len(compile_template(gallery_template(name)).fields) >= 12


@pytest.mark.parametrize("name", TRADES)
def test_it_greets_closes_and_says_how_to_lead_the_conversation(name: str) -> None:
    settings = gallery_template(name)["x-intake"]
    assert {"greeting", "closing", "tone", "language", "region", "confirm"} <= settings.keys()


@pytest.mark.parametrize("name", TRADES)
def test_every_question_is_worded_and_every_option_has_a_name(name: str) -> None:
    for part in leaves(name):
        assert part.title, part.path
        assert part.hints.get("ask") or part.hints.get("hidden"), part.path
        if part.kind in ("choice", "choices"):
            assert part.hints.get("labels") or all(value == text for value, text in part.options)


@pytest.mark.parametrize("name", TRADES)
def test_it_uses_conditions_reasons_help_and_synonyms(name: str) -> None:
    template = gallery_template(name)
    parts = leaves(name)
    assert "allOf" in template
    for hint in ("why", "synonyms"):
        assert any(part.hints.get(hint) for part in parts), hint
    assert any(part.hints.get("help") or part.hints.get("examples") for part in parts)


@pytest.mark.parametrize("name", TRADES)
def test_what_tells_who_somebody_is_is_marked(name: str) -> None:
    unmarked = [
        part.path for part in leaves(name) if part.kind in PERSONAL and not part.hints.get("pii")
    ]
    assert unmarked == []


@pytest.mark.parametrize("name", TRADES)
def test_the_closing_names_only_fields_that_are_always_asked_for(name: str) -> None:
    template = gallery_template(name)
    always = {part.path for part in leaves(name) if part.is_required}
    named = {piece.split("}")[0] for piece in template["x-intake"]["closing"].split("{")[1:]}
    assert named <= always


@pytest.mark.parametrize("name", TRADES)
def test_each_condition_opens_and_closes_something(name: str) -> None:
    intake = compile_template(gallery_template(name))
    closed = {field.path for field in intake.fields} - intake.applicable({})
    assert closed


def test_all_common_kinds_are_shown_somewhere() -> None:
    shown = {part.kind for name in TRADES for part in leaves(name)}
    wanted = set(KIND_TYPES) - {"object", "number", "address", "list", "group"}
    assert wanted <= shown | {"date_range", "file", "text"}


def test_a_taken_template_is_a_copy() -> None:
    taken: dict[str, Any] = gallery_template("complaint")
    taken["title"] = "Mine"
    assert gallery_template("complaint")["title"] == "Complaint"
    with pytest.raises(KeyError):
        gallery_template("no-such-template")
    assert json.dumps(gallery_template("complaint"))
