"""A draft from one example of the result that is wanted."""

import re
from collections.abc import Mapping
from typing import Any

from ai_bridge.intake_exchange.drafting import Draft, Group
from ai_bridge.intake_exchange.naming import is_good_name, slug, suggested_by_name
from ai_bridge.intake_exchange.shapes import scalar

_BY_VALUE: tuple[tuple[str, dict[str, Any]], ...] = (
    (r"\d{4}-\d{2}-\d{2}", {"type": "string", "format": "date"}),
    (r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*", {"type": "string", "format": "date-time"}),
    (r"\d{1,2}:\d{2}(:\d{2})?", {"type": "string", "x-intake": {"kind": "time"}}),
    (r"[^@\s]+@[^@\s]+\.[^@\s]+", {"type": "string", "format": "email"}),
    (r"https?://\S+", {"type": "string", "format": "uri"}),
    (r"\+\d[\d ()-]{6,}", {"type": "string", "x-intake": {"kind": "phone"}}),
)


def import_example(source: Mapping[str, Any]) -> Draft:
    draft = Draft()
    draft.lose(
        "",
        "Every field was taken as required.",
        "One example does not say what may be left out.",
        "Take optional fields out of `required`, and add options, labels and questions.",
    )
    _fill(draft, draft.top, source, "")
    return draft


def _fill(draft: Draft, group: Group, source: Mapping[str, Any], pointer: str) -> None:
    for key, value in source.items():
        here = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        if not is_good_name(key):
            draft.lose(
                here,
                f"`{key[:60]}` is called `{slug(key)}` in the draft.",
                "A field's name has letters, digits, _ and -, a letter first.",
                "Map it back where you receive the result.",
            )
        if isinstance(value, Mapping):
            _fill_object(draft, group, key, value, here)
        elif isinstance(value, list):
            _fill_list(draft, group, key, value, here)
        else:
            draft.add(group, key, _leaf(draft, key, value, here), required=True)


def _fill_object(
    draft: Draft, group: Group, key: str, value: Mapping[str, Any], pointer: str
) -> None:
    if set(value) == {"amount", "currency"}:
        currency = str(value["currency"] or "USD")[:3]
        money = {"amount": {"type": "number", "minimum": 0}, "currency": {"enum": [currency]}}
        schema = {"type": "object", "properties": money, "required": ["amount", "currency"]}
        draft.add(group, key, schema | {"x-intake": {"kind": "money"}}, required=True)
        draft.lose(
            pointer,
            f"`{currency}` is the only currency.",
            "The example shows no other.",
            "List the currencies you take in `enum`.",
        )
    elif value:
        _fill(draft, draft.open_group(group, key), value, pointer)
    else:
        _nothing_to_ask(draft, pointer)


def _fill_list(draft: Draft, group: Group, key: str, value: list[Any], pointer: str) -> None:
    first = value[0] if value else ""
    if isinstance(first, Mapping) and first:
        items = draft.open_repeated(group, key, {})
        _fill(draft, items, first, f"{pointer}/0")
    elif scalar(first):
        item = _leaf(draft, key, first, f"{pointer}/0")
        draft.add(group, key, {"type": "array", "items": item}, required=True)
    else:
        _nothing_to_ask(draft, pointer)


def _nothing_to_ask(draft: Draft, pointer: str) -> None:
    draft.lose(
        pointer,
        "The value was left out.",
        "It is empty or a list of lists, so there is nothing to ask for.",
        "Put an example value in, or add the field to the draft.",
    )


def _leaf(draft: Draft, key: str, value: Any, pointer: str) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int):
        return {"type": "integer"}
    if isinstance(value, float):
        return {"type": "number"}
    if value is None:
        draft.lose(
            pointer, "Taken as text.", "null does not say what belongs here.", "Correct its type."
        )
    text = value if isinstance(value, str) else ""
    for pattern, schema in _BY_VALUE if text else ():
        if re.fullmatch(pattern, text, re.ASCII):
            return dict(schema)
    suggested = suggested_by_name(key)
    # A value that looks like something else is better evidence than the name.
    return {"type": "string"} | (suggested if not text or "x-intake" in suggested else {})
