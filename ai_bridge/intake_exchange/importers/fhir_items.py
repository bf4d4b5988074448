"""One question item of a FHIR Questionnaire as a field of a template."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ai_bridge.intake.patterns import pattern_fault
from ai_bridge.intake_exchange.drafting import Draft
from ai_bridge.intake_exchange.fhir_terms import CURRENCIES, KIND, extensions, value_of
from ai_bridge.intake_exchange.importers.wording import (
    bounds,
    combine,
    kind,
    options,
    several,
    wording,
)
from ai_bridge.intake_exchange.shapes import (
    mapping,
    mappings,
    name_of,
    number,
    scalar,
    whole,
    words,
)

PLAIN: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "text": {"type": "string"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "dateTime": {"type": "string", "format": "date-time"},
    "time": kind("time"),
    "url": {"type": "string", "format": "uri"},
}
BY_KIND: dict[str, dict[str, Any]] = {
    "email": {"type": "string", "format": "email"},
    "duration": {"type": "string", "format": "duration"},
    "consent": {"type": "boolean", "const": True},
}
CHOICES = frozenset({"choice", "open-choice", "coding", "question"})
OWN_KINDS = frozenset({"name", "phone", "address", "money", "text"})


def item_schema(
    draft: Draft, item: Mapping[str, Any], contained: Mapping[str, Any], pointer: str
) -> dict[str, Any] | None:
    """The field's schema, or None when it is no question that a conversation can ask."""
    stated = str(item.get("type"))
    pairs = list(_options(draft, item, contained, pointer))
    if stated in CHOICES or (pairs and stated in PLAIN):
        schema = _choice(draft, item, pairs, pointer)
    elif stated == "quantity":
        schema = _quantity(draft, item, pointer)
    elif stated in PLAIN:
        schema = _limited(draft, item, dict(PLAIN[stated]), pointer)
    else:
        draft.lose(
            pointer,
            f"The item of type `{stated[:40]}` was left out.",
            "A conversation has no question like it.",
            "Ask for files and references elsewhere.",
        )
        return None
    schema = _of_kind(item, schema)
    if item.get("repeats") is True:
        schema = several(schema) if pairs else {"type": "array", "items": schema}
        schema = bounds(schema, **_counts(item))
    return combine(said(item), schema, _hints(item))


def said(item: Mapping[str, Any]) -> dict[str, Any]:
    """Text is the question; a short text, where there is one, is the title."""
    short = next((words(text, 200) for text in extensions(item, "questionnaire-shortText")), "")
    found = wording(item.get("text"), _help(item))
    if not short:
        return found
    return combine(found, {"title": short, "x-intake": {"ask": words(item.get("text"))}})


def _help(item: Mapping[str, Any]) -> str:
    """Display items inside a question explain it."""
    return " ".join(
        words(inner.get("text"))
        for _, inner in mappings(item.get("item"))
        if inner.get("type") == "display"
    )


def _hints(item: Mapping[str, Any]) -> dict[str, Any]:
    hints: dict[str, Any] = {}
    if True in extensions(item, "questionnaire-hidden") or item.get("readOnly") is True:
        hints["hidden"] = True
    formats = [words(text) for text in extensions(item, "entryFormat") if words(text)]
    if formats:
        hints["examples"] = formats
    found: dict[str, Any] = {"x-intake": hints} if hints else {}
    first = next((value_of(start) for _, start in mappings(item.get("initial"))), None)
    if scalar(first) and item.get("repeats") is not True:
        found["default"] = first
    elif isinstance(first, Mapping) and scalar(first.get("code")) and not item.get("repeats"):
        found["default"] = first["code"]
    return found


def _counts(item: Mapping[str, Any]) -> dict[str, Any]:
    low = next(extensions(item, "questionnaire-minOccurs"), None)
    high = next(extensions(item, "questionnaire-maxOccurs"), None)
    return {"minItems": whole(low) or None, "maxItems": whole(high) or None}


def _limited(
    draft: Draft, item: Mapping[str, Any], schema: dict[str, Any], pointer: str
) -> dict[str, Any]:
    low, high = next(extensions(item, "minValue"), None), next(extensions(item, "maxValue"), None)
    if schema["type"] in ("integer", "number"):
        return bounds(schema, minimum=number(low), maximum=number(high))
    if schema.get("format") in ("date", "date-time"):
        limits = {"not_before": _day(low), "not_after": _day(high)}
        hints = {key: item for key, item in limits.items() if item}
        return combine(schema, {"x-intake": hints})
    if schema != PLAIN["string"]:
        return schema
    pattern = next((text for text in extensions(item, "regex") if isinstance(text, str)), None)
    fault = pattern_fault(pattern) if pattern else None
    if fault:
        draft.lose(
            pointer, "The pattern was left out.", fault, "Write a simpler one into `pattern`."
        )
    shortest = whole(next(extensions(item, "minLength"), None))
    longest = whole(item.get("maxLength"))
    return bounds(
        schema,
        minLength=shortest or None,
        maxLength=longest or None,
        pattern=None if fault else pattern,
    )


def _day(limit: Any) -> str | None:
    is_day = isinstance(limit, str) and re.match(r"\d{4}-\d{2}-\d{2}", limit)
    return limit[:10] if is_day else None


def _quantity(draft: Draft, item: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    units = [mapping(unit) for unit in extensions(item, "questionnaire-unitOption")]
    codes = [name_of(unit.get("code")) for unit in units if unit.get("system") == CURRENCIES]
    if codes and all(codes):
        money = {"amount": {"type": "number"}, "currency": {"enum": list(dict.fromkeys(codes))}}
        schema = {"type": "object", "properties": money, "required": ["amount", "currency"]}
        return schema | {"x-intake": {"kind": "money"}}
    unit = mapping(next(extensions(item, "questionnaire-unit"), None))
    named = words(unit.get("display") or unit.get("code")) or "the unit"
    draft.lose(
        pointer,
        f"`{named[:40]}` is not part of the answer.",
        "The field is a plain number.",
        "Name the unit in the question.",
    )
    return _limited(draft, item, {"type": "number"}, pointer)


def _of_kind(item: Mapping[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The kind that this program wrote down at export."""
    stated = next(extensions(item, KIND), None)
    if stated in BY_KIND and schema.get("type") == BY_KIND[stated]["type"]:
        return combine(schema, BY_KIND[stated])
    if stated in OWN_KINDS and schema.get("type") in ("string", "number"):
        return combine(schema, {"x-intake": {"kind": stated}})
    return schema


def _options(
    draft: Draft, item: Mapping[str, Any], contained: Mapping[str, Any], pointer: str
) -> Iterator[tuple[Any, str, str]]:
    """(value, label, code system) of each option."""
    for _, option in mappings(item.get("answerOption")):
        value = value_of(option)
        if isinstance(value, Mapping):
            yield from _coding(value)
        else:
            yield value, "", ""
    stated = item.get("answerValueSet")
    if not isinstance(stated, str):
        return
    found = contained.get(stated.removeprefix("#")) if stated.startswith("#") else None
    if found is None:
        draft.lose(
            f"{pointer}/answerValueSet",
            "The options were left out.",
            f"`{stated[:120]}` lies elsewhere and is never fetched.",
            "List them in `enum`.",
        )
        return
    for _, include in mappings(mapping(mapping(found).get("compose")).get("include")):
        for _, concept in mappings(include.get("concept")):
            yield from _coding({"system": include.get("system"), **concept})


def _coding(coding: Mapping[str, Any]) -> Iterator[tuple[Any, str, str]]:
    display, code = words(coding.get("display"), 200), name_of(coding.get("code"))
    if code or display:
        yield code or display, display, name_of(coding.get("system"))


def _choice(
    draft: Draft, item: Mapping[str, Any], pairs: list[tuple[Any, str, str]], pointer: str
) -> dict[str, Any]:
    if item.get("type") == "open-choice" or item.get("answerConstraint", "optionsOnly") not in (
        "optionsOnly",
    ):
        draft.lose(
            pointer,
            "Answers outside the options were left out.",
            "An answer is one of the options that `enum` lists.",
            "Add an option for it, and a text field that it opens.",
        )
    return options((value, label) for value, label, _ in pairs)


def coding_systems(item: Mapping[str, Any], contained: Mapping[str, Any]) -> dict[str, str]:
    """The code system of each option that has one."""
    silent = Draft()
    return {
        str(value): system for value, _, system in _options(silent, item, contained, "") if system
    }
