"""A draft from a Typeform form (the form resource of its Create API)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ai_bridge.intake_exchange.drafting import Draft
from ai_bridge.intake_exchange.importers.typeform_logic import jumps_of
from ai_bridge.intake_exchange.importers.wording import (
    bounds,
    combine,
    guessed,
    kind,
    lose_tangle,
    options,
    several,
    wording,
)
from ai_bridge.intake_exchange.logic import ALWAYS
from ai_bridge.intake_exchange.logic.flow import reached
from ai_bridge.intake_exchange.naming import slug
from ai_bridge.intake_exchange.shapes import (
    listed,
    mapping,
    mappings,
    name_of,
    number,
    whole,
    words,
)

PLAIN: dict[str, dict[str, Any]] = {
    "short_text": {"type": "string"},
    "long_text": {"type": "string"},
    "email": {"type": "string", "format": "email"},
    "phone_number": kind("phone"),
    "website": {"type": "string", "format": "uri"},
    "date": {"type": "string", "format": "date"},
    "number": {"type": "number"},
    "yes_no": {"type": "boolean"},
    "legal": {"type": "boolean", "const": True},
    "nps": {"type": "integer", "minimum": 0, "maximum": 10},
}
CHOICES = frozenset({"multiple_choice", "picture_choice", "dropdown", "ranking"})
OBJECTS = frozenset({"contact_info", "address", "matrix"})
FLAT = frozenset({"group", "inline_group"})


@dataclass(slots=True)
class Step:
    """One question of the form as it was carried over; `path` is empty when it was not."""

    ref: str
    path: str = ""
    required: bool = False
    is_list: bool = False
    labels: dict[str, str] = field(default_factory=dict)


def import_typeform(source: Mapping[str, Any]) -> Draft:
    draft = Draft(words(source.get("title"), 200))
    _screens(draft, source)
    steps: list[Step] = []
    starts: dict[str, int] = {}
    for item, pointer in _flat(source.get("fields"), "/fields", starts, steps):
        steps.append(_step(draft, item, pointer))
        starts.setdefault(steps[-1].ref, len(steps) - 1)
    _hidden(draft, source)
    by_ref = {step.ref: step for step in steps}
    jumps = jumps_of(draft, source, by_ref, starts)
    for step, condition in zip(steps, reached(len(steps), jumps), strict=True):
        if step.path and condition is None:
            lose_tangle(draft, "/logic", step.path)
        if step.path:
            draft.gate(draft.top, step.path, required=step.required, condition=condition or ALWAYS)
    return draft


def _flat(
    fields: Any, pointer: str, starts: dict[str, int], steps: list[Step]
) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Questions in order; those of a group stand in its place, as their answers do."""
    for index, item in mappings(fields):
        here = f"{pointer}/{index}"
        if name_of(item.get("type")) in FLAT:
            starts.setdefault(name_of(item.get("ref")), len(steps))
            inner = mapping(item.get("properties")).get("fields")
            yield from _flat(inner, f"{here}/properties/fields", starts, steps)
        else:
            yield item, here


def _step(draft: Draft, item: Mapping[str, Any], pointer: str) -> Step:
    step = Step(name_of(item.get("ref")) or name_of(item.get("id")))
    step.required = mapping(item.get("validations")).get("required") is True
    if name_of(item.get("type")) in OBJECTS:
        step.path = _object(draft, item, pointer)
        return step
    schema = _schema(draft, item, pointer)
    if schema is not None:
        name = slug(words(item.get("title")))
        step.path = draft.add(draft.top, name, guessed(schema, name))
        step.is_list = schema.get("type") == "array"
        choices = mapping(item.get("properties")).get("choices")
        step.labels = {
            name_of(choice.get("ref")) or name_of(choice.get("id")): words(choice.get("label"), 200)
            for _, choice in mappings(choices)
        }
    return step


def _schema(draft: Draft, item: Mapping[str, Any], pointer: str) -> dict[str, Any] | None:
    stated, properties = str(item.get("type")), mapping(item.get("properties"))
    limits = mapping(item.get("validations"))
    said = wording(item.get("title"), properties.get("description"))
    if stated in CHOICES:
        return combine(said, _choice(draft, stated, properties, limits, pointer))
    if stated in ("rating", "opinion_scale"):
        steps = whole(properties.get("steps")) or (5 if stated == "rating" else 11)
        low = 1 if stated == "rating" or properties.get("start_at_one") is True else 0
        return combine(said, {"type": "integer", "minimum": low, "maximum": low + steps - 1})
    if stated not in PLAIN:
        draft.lose(
            pointer,
            f"The question of type `{stated[:40]}` was left out.",
            "A conversation has no question like it.",
            "Put a statement's text into a field's `help`; ask for files and payments elsewhere.",
        )
        return None
    found = combine(said, PLAIN[stated])
    if stated == "number":
        least, most = number(limits.get("min_value")), number(limits.get("max_value"))
        return bounds(found, minimum=least, maximum=most)
    if stated in ("short_text", "long_text"):
        return bounds(found, maxLength=whole(limits.get("max_length")) or None)
    return found


def _choice(
    draft: Draft,
    stated: str,
    properties: Mapping[str, Any],
    limits: Mapping[str, Any],
    pointer: str,
) -> dict[str, Any]:
    single = options(
        (words(choice.get("label"), 200), "") for _, choice in mappings(properties.get("choices"))
    )
    if properties.get("allow_other_choice") is True:
        draft.lose(
            f"{pointer}/properties/allow_other_choice",
            "The additional option was left out.",
            "An answer is one of the options that `enum` lists.",
            "Add an option for it, and a text field that it opens.",
        )
    if stated == "ranking":
        draft.lose(
            pointer,
            "The order of the answers was left out.",
            "Several choices have no order.",
            "Ask which one comes first in another field.",
        )
    if stated != "ranking" and properties.get("allow_multiple_selection") is not True:
        return single
    low, high = whole(limits.get("min_selection")), whole(limits.get("max_selection"))
    return bounds(several(single), minItems=low or None, maxItems=high or None)


def _object(draft: Draft, item: Mapping[str, Any], pointer: str) -> str:
    title = words(item.get("title"), 200)
    group = draft.open_group(draft.top, slug(title), title)
    inner = mappings(mapping(item.get("properties")).get("fields"))
    for index, part in inner:
        at = f"{pointer}/properties/fields/{index}"
        schema = _schema(draft, part, at)
        required = mapping(part.get("validations")).get("required") is True
        if schema is not None:
            wanted = name_of(part.get("subfield_key")) or slug(words(part.get("title")))
            draft.add(group, wanted, _named(part, schema), required=required)
    if not group.properties:
        draft.lose(
            pointer,
            "The question was left out.",
            "The form does not list its parts.",
            "Add its fields to the draft.",
        )
        return ""
    return group.path


def _named(part: Mapping[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    is_name = part.get("subfield_key") in ("first_name", "last_name")
    return combine(schema, {"x-intake": {"kind": "name"}}) if is_name else schema


def _screens(draft: Draft, source: Mapping[str, Any]) -> None:
    for key, setting in (("welcome_screens", "greeting"), ("thankyou_screens", "closing")):
        texts = [
            (index, words(screen.get("title")), screen.get("ref"))
            for index, screen in mappings(source.get(key))
        ]
        own = [(index, text) for index, text, ref in texts if text and ref != "default_tys"]
        if own:
            draft.settings[setting] = own[0][1]
        for index, _ in own[1:]:
            draft.lose(
                f"/{key}/{index}",
                "The screen was left out.",
                f"An intake has one {setting}.",
                "Join the texts, if visitors need both.",
            )


def _hidden(draft: Draft, source: Mapping[str, Any]) -> None:
    for name in listed(source.get("hidden")):
        if isinstance(name, str):
            hint = {"hidden": True, "prefill": True}
            draft.add(draft.top, name, {"type": "string", "x-intake": hint})
