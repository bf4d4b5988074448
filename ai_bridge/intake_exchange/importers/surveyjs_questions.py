"""One SurveyJS question as a field of a template."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ai_bridge.intake.patterns import pattern_fault
from ai_bridge.intake_exchange.drafting import Draft
from ai_bridge.intake_exchange.importers.wording import (
    bounds,
    combine,
    kind,
    options,
    several,
    wording,
)
from ai_bridge.intake_exchange.shapes import (
    listed,
    mapping,
    mappings,
    name_of,
    number,
    scalar,
    whole,
    words,
)

TEXTS: dict[str, dict[str, Any]] = {
    "email": {"type": "string", "format": "email"},
    "url": {"type": "string", "format": "uri"},
    "date": {"type": "string", "format": "date"},
    "datetime-local": {"type": "string", "format": "date-time"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": kind("time"),
    "tel": kind("phone"),
    "number": {"type": "number"},
    "range": {"type": "number"},
}
AUTOCOMPLETE = {"name": "name", "tel": "phone", "street-address": "address", "email": "email"}
CHOICES = frozenset({"radiogroup", "dropdown", "buttongroup", "imagepicker", "rating"})
SEVERAL = frozenset({"checkbox", "tagbox", "ranking"})
ALONE = frozenset({"html", "image", "expression", "file", "signaturepad", "matrixdropdown"})
# What a survey computes while it is filled in.
COMPUTED = (
    "enableIf", "choicesVisibleIf", "choicesEnableIf", "setValueIf", "setValueExpression",
    "resetValueIf", "defaultValueExpression",
)  # fmt: skip
SUGGESTS = ("hasOther", "showOtherItem", "hasNone", "showNoneItem", "hasSelectAll")


def question_schema(
    draft: Draft, question: Mapping[str, Any], pointer: str
) -> dict[str, Any] | None:
    """The field's schema, or None when it is no question that a conversation can ask."""
    stated = name_of(question.get("type"))
    if stated in ("text", "comment"):
        schema = _text(draft, question, pointer)
    elif stated == "boolean":
        schema = _boolean(question)
    elif stated in CHOICES or stated in SEVERAL:
        schema = _choice(draft, question, pointer)
    else:
        _lose_element(draft, stated, pointer)
        return None
    _lose_rules(draft, question, pointer)
    said = wording(question.get("title"), question.get("description"))
    placeholder = words(question.get("placeholder") or question.get("placeHolder"))
    extra = {"x-intake": {"examples": [placeholder]}} if placeholder else {}
    found = combine(said, schema, extra)
    if question.get("readOnly") is True or question.get("visible") is False:
        found = combine(found, {"x-intake": {"hidden": True}})
    if scalar(question.get("defaultValue")):
        found["default"] = question["defaultValue"]
    return found


def _lose_rules(draft: Draft, question: Mapping[str, Any], pointer: str) -> None:
    for key in COMPUTED:
        if key in question:
            draft.lose(
                f"{pointer}/{key}",
                f"`{key}` was left out.",
                "A template computes nothing and offers every option.",
                "Use a condition on the field, or do it where you receive the result.",
            )
    known = {"expression"} if question.get("type") == "boolean" else {"answercount"}
    for index, rule in mappings(question.get("validators")):
        if (
            question.get("type") not in ("text", "comment")
            and name_of(rule.get("type")) not in known
        ):
            _lose_validator(draft, rule, f"{pointer}/validators/{index}")


def _lose_validator(draft: Draft, rule: Mapping[str, Any], pointer: str) -> None:
    draft.lose(
        pointer,
        f"The validator `{str(rule.get('type'))[:40]}` was left out.",
        "A template has no such rule, or its pattern is not safe.",
        "Check it where you receive the result.",
    )


def _lose_element(draft: Draft, stated: str, pointer: str) -> None:
    draft.lose(
        pointer,
        f"The element of type `{stated[:40]}` was left out.",
        "A conversation has no question like it.",
        "Ask for its content in words, or elsewhere." if stated in ALONE else "Check its type.",
    )


def _text(draft: Draft, question: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    stated = str(question.get("inputType", "text"))
    schema = dict(TEXTS.get(stated, {"type": "string"}))
    hint = AUTOCOMPLETE.get(str(question.get("autocomplete")))
    if schema == {"type": "string"} and hint == "email":
        schema = dict(TEXTS["email"])
    elif schema == {"type": "string"} and hint:
        schema = kind(hint)
    if schema["type"] == "number":
        schema = _number(question, schema)
    elif schema["type"] == "string" and "format" not in schema:
        schema = bounds(schema, maxLength=whole(question.get("maxLength")) or None)
    if schema.get("format") in ("date", "date-time"):
        schema = combine(schema, {"x-intake": _dates(draft, question, pointer)})
    return _validated(draft, question, schema, pointer)


def _number(question: Mapping[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if question.get("maskType") == "currency":
        schema = combine(schema, {"x-intake": {"kind": "money"}})
    elif question.get("step") == 1:
        schema = {"type": "integer"}
    return bounds(schema, minimum=number(question.get("min")), maximum=number(question.get("max")))


def _dates(draft: Draft, question: Mapping[str, Any], pointer: str) -> dict[str, str]:
    found: dict[str, str] = {}
    limits = (("min", "not_before"), ("max", "not_after"))
    stated = [(key, question.get(key) or question.get(f"{key}ValueExpression"), hint)
              for key, hint in limits]  # fmt: skip
    for key, limit, hint in stated:
        if limit in ("today()", "currentDate()"):
            found[hint] = "today"
        elif isinstance(limit, str) and limit[:1].isdigit():
            found[hint] = limit[:10]
        elif limit:
            draft.lose(
                f"{pointer}/{key}",
                f"The limit `{str(limit)[:60]}` was left out.",
                "It is an expression.",
                f"Write it as `{hint}`, for instance +14 days.",
            )
    return found


def _validated(
    draft: Draft, question: Mapping[str, Any], schema: dict[str, Any], pointer: str
) -> dict[str, Any]:
    for index, validator in mappings(question.get("validators")):
        rule = RULES.get(name_of(validator.get("type")))
        found = rule(schema, validator) if rule else None
        if found is None:
            _lose_validator(draft, validator, f"{pointer}/validators/{index}")
        schema = found or schema
    return schema


def _email(schema: dict[str, Any], validator: Mapping[str, Any]) -> dict[str, Any]:
    return combine(TEXTS["email"], {"x-intake": schema.get("x-intake") or {}})


def _numeric(schema: dict[str, Any], validator: Mapping[str, Any]) -> dict[str, Any] | None:
    if "format" in schema:
        return None
    stored = "integer" if schema["type"] == "integer" else "number"
    low, high = number(validator.get("minValue")), number(validator.get("maxValue"))
    return bounds({**schema, "type": stored}, minimum=low, maximum=high)


def _length(schema: dict[str, Any], validator: Mapping[str, Any]) -> dict[str, Any]:
    low, high = whole(validator.get("minLength")), whole(validator.get("maxLength"))
    return bounds(schema, minLength=low or None, maxLength=high or None)


def _regex(schema: dict[str, Any], validator: Mapping[str, Any]) -> dict[str, Any] | None:
    pattern = validator.get("regex")
    is_safe = isinstance(pattern, str) and not pattern_fault(pattern)
    return {**schema, "pattern": pattern} if is_safe else None


RULES: dict[str, Callable[[dict[str, Any], Mapping[str, Any]], dict[str, Any] | None]] = {
    "email": _email,
    "numeric": _numeric,
    "text": _length,
    "regex": _regex,
}


def _boolean(question: Mapping[str, Any]) -> dict[str, Any]:
    musts = {f"{{{scope}{question.get('name')}}} = true" for scope in ("", "panel.", "row.")}
    rules = {words(mapping(rule).get("expression")) for rule in listed(question.get("validators"))}
    return {"type": "boolean", "const": True} if musts & rules else {"type": "boolean"}


def _choice(draft: Draft, question: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    if question["type"] == "rating" and not listed(question.get("rateValues")):
        return _scale(question)
    if "choicesByUrl" in question:
        draft.lose(
            f"{pointer}/choicesByUrl",
            "The options were left out.",
            "They lie at another address, which is never fetched.",
            "List them in `enum`.",
        )
    _lose_extras(draft, question, pointer)
    single = options(_pairs(question.get("choices") or question.get("rateValues")))
    if question["type"] not in SEVERAL:
        return single
    rules = [mapping(rule) for rule in listed(question.get("validators"))]
    counts = next((rule for rule in rules if rule.get("type") == "answercount"), {})
    low = whole(question.get("minSelectedChoices")) or whole(counts.get("minCount"))
    high = whole(question.get("maxSelectedChoices")) or whole(counts.get("maxCount"))
    return bounds(several(single), minItems=low or None, maxItems=high or None)


def _scale(question: Mapping[str, Any]) -> dict[str, Any]:
    stated, count = whole(question.get("rateMin")), whole(question.get("rateCount"))
    low = 1 if stated is None else stated
    high = whole(question.get("rateMax")) or (low + count - 1 if count else 5)
    return {"type": "integer", "minimum": low, "maximum": high}


def _lose_extras(draft: Draft, question: Mapping[str, Any], pointer: str) -> None:
    for key in SUGGESTS:
        if question.get(key) is True:
            draft.lose(
                f"{pointer}/{key}",
                "The additional option was left out.",
                "An answer is one of the options that `enum` lists.",
                "Add an option for it, and a text field that it opens.",
            )
    if question["type"] == "ranking":
        draft.lose(
            pointer, "The order of the answers was left out.", "Several choices have no order.",
            "Ask which one comes first in another field.",
        )  # fmt: skip
    for index, choice in mappings(question.get("choices")):
        if "visibleIf" in choice or "enableIf" in choice:
            draft.lose(
                f"{pointer}/choices/{index}", "The option is always offered.",
                "Options have no conditions.", "Make two fields with a condition each.",
            )  # fmt: skip


def _pairs(choices: Any) -> Iterator[tuple[Any, str]]:
    for choice in listed(choices):
        if isinstance(choice, Mapping):
            yield choice.get("value"), words(choice.get("text"), 200)
        else:
            yield choice, ""
