"""Pieces of field schemas that the importers of forms share."""

from collections.abc import Iterable, Mapping
from typing import Any

from ai_bridge.intake_exchange.drafting import Draft
from ai_bridge.intake_exchange.naming import suggested_by_name
from ai_bridge.intake_exchange.shapes import scalar, words


def combine(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """One schema from several; their `x-intake` are joined and stand last."""
    found: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    for part in parts:
        found |= {key: item for key, item in part.items() if key != "x-intake"}
        hints |= part.get("x-intake") or {}
    return found | {"x-intake": hints} if hints else found


def kind(name: str, **schema: Any) -> dict[str, Any]:
    """A text field of a kind that JSON Schema has no format for."""
    return {"type": "string", **schema, "x-intake": {"kind": name}}


def wording(text: Any, help_text: Any = "") -> dict[str, Any]:
    """Title and help; a text that asks is the question too."""
    title, helping = words(text), words(help_text)
    found: dict[str, Any] = {"title": title[:200]} if title else {}
    hints = {}
    if title.endswith("?") or len(title) > 200:
        hints["ask"] = title
    if helping:
        hints["help"] = helping
    return found | {"x-intake": hints} if hints else found


def options(pairs: Iterable[tuple[Any, str]]) -> dict[str, Any]:
    """A choice from (value, label) pairs; values that repeat or are no scalars are left out."""
    found: dict[Any, str] = {}
    for value, label in pairs:
        if scalar(value) and value != "" and value not in found:
            found[value] = label
    if not found:
        return {"type": "string"}
    labels = {
        (str(value).lower() if isinstance(value, bool) else str(value)): label[:200]
        for value, label in found.items()
        if label and label != value
    }
    schema: dict[str, Any] = {"enum": list(found)}
    return schema | {"x-intake": {"labels": labels}} if labels else schema


def several(choice: Mapping[str, Any]) -> dict[str, Any]:
    """Several choices of the same options; without any options there is a list of texts."""
    items = {key: item for key, item in choice.items() if key != "x-intake"}
    schema = {"type": "array", "items": items, "uniqueItems": True}
    return combine(schema, {"x-intake": choice.get("x-intake") or {}})


def bounds(schema: dict[str, Any], **limits: Any) -> dict[str, Any]:
    """The schema with the limits that are stated."""
    return schema | {key: item for key, item in limits.items() if item is not None}


def lose_tangle(draft: Draft, pointer: str, name: str) -> None:
    """Jumps lead to this field in so many ways that no readable condition says when."""
    draft.lose(
        pointer,
        f"`{name}` is always asked for.",
        "Too many jumps lead there or past it.",
        "Write an `if`/`then` for it by hand.",
    )


def guessed(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """A plain text field with the kind that its name suggests."""
    suggested = suggested_by_name(name) if schema.get("type") == "string" else {}
    hinted = "kind" in (schema.get("x-intake") or {}) or "format" in schema
    return schema if hinted else combine(schema, suggested)
