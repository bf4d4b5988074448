"""Write a template for react-jsonschema-form: a schema and a uiSchema."""

from collections.abc import Mapping, Sequence
from typing import Any

from ai_bridge.intake.conditions import conditional_paths
from ai_bridge.intake.kinds import is_leaf
from ai_bridge.intake.references import resolve_references
from ai_bridge.intake_exchange.exporters.json_schema import stripped
from ai_bridge.intake_exchange.exporters.left_behind import hints_left, kind_left, walk
from ai_bridge.intake_exchange.losses import Loss
from ai_bridge.intake_exchange.outline import Part, outline

WHERE = "RJSF"
# Objects that are more than their fields; a form has nothing to say so.
WHOLES = frozenset({"address", "date_range"})
BROWSER: dict[str, dict[str, Any]] = {
    "name": {"ui:autocomplete": "name"},
    "phone": {"ui:options": {"inputType": "tel"}},
    "time": {"ui:options": {"inputType": "time"}},
    "address": {"ui:autocomplete": "street-address"},
    "money": {"ui:autocomplete": "transaction-amount"},
}
KEPT = frozenset({"help", "examples", "hidden", "order", "mask"})


def export_rjsf(template: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """RJSF understands `if`/`then`/`else`, so conditions stay in the schema."""
    resolved, _ = resolve_references(template)
    parts, _ = outline(resolved)
    schema = stripped(resolved)
    losses = [
        *hints_left(parts, KEPT, WHERE),
        *(
            kind_left(part, "an object of plain fields", WHERE)
            for part in walk(parts)
            if part.parts and part.kind in WHOLES
        ),
        *_always_shown(resolved, parts),
    ]
    return {"schema": schema, "uiSchema": _ui(parts)}, tuple(losses)


def _always_shown(resolved: Mapping[str, Any], parts: Sequence[Part]) -> list[Loss]:
    only_required = conditional_paths(resolved)
    banned = {name for branch in _branches(resolved) for name in branch}
    return [
        Loss(
            part.pointer,
            f"`{part.path}` is always shown.",
            "A form hides a field only where a branch forbids it.",
            "Add `{" + part.name + ": false}` to the other branch of its condition.",
        )
        for part in walk(parts)
        if part.path in only_required and part.name not in banned
    ]


def _branches(schema: Any) -> list[list[str]]:
    """The names that each object schema inside forbids."""
    if isinstance(schema, list | tuple):
        return [names for item in schema for names in _branches(item)]
    if not isinstance(schema, Mapping):
        return []
    here = [name for name, sub in (schema.get("properties") or {}).items() if sub is False]
    return [here, *(names for item in schema.values() for names in _branches(item))]


def _ui(parts: Sequence[Part]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if any("order" in part.hints for part in parts):
        found["ui:order"] = [*(part.name for part in parts), "*"]
    for part in parts:
        inner = _hints(part)
        below = _ui(part.parts)
        inner |= {"items": below} if part.kind == "group" and below else below
        if inner:
            found[part.name] = inner
    return found


def _hints(part: Part) -> dict[str, Any]:
    hints, found = part.hints, dict(BROWSER.get(part.kind, {}) if is_leaf(part.schema) else {})
    if hints.get("help"):
        found["ui:help"] = hints["help"]
    if hints.get("examples"):
        found["ui:placeholder"] = str(hints["examples"][0])
    if hints.get("hidden"):
        found["ui:widget"] = "hidden"
    elif hints.get("mask") == "full":
        found["ui:widget"] = "password"
    if part.options and hints.get("labels"):
        found["ui:enumNames"] = [label for _, label in part.options]
    return found
