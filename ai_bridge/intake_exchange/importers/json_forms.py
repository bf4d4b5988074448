"""A draft from JSON Forms: a JSON Schema with a uischema that lays out controls and rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake.problems import point
from ai_bridge.intake_exchange.drafting import Draft, Gate, add_gate
from ai_bridge.intake_exchange.importers.json_schema import import_json_schema
from ai_bridge.intake_exchange.importers.rjsf import annotate, find_property
from ai_bridge.intake_exchange.logic import ALWAYS, Condition, every, no, some
from ai_bridge.intake_exchange.logic.schema import about_answer, from_schema
from ai_bridge.intake_exchange.naming import name_from
from ai_bridge.intake_exchange.shapes import listed, mapping, mappings, name_of, words

Where = tuple[str | int, ...]
LAYOUTS = frozenset({"VerticalLayout", "HorizontalLayout", "Group", "Categorization", "Category"})


@dataclass(frozen=True, slots=True)
class _Control:
    path: str
    label: str
    condition: Condition
    where: Where


def import_json_forms(source: Mapping[str, Any]) -> Draft:
    draft = import_json_schema(mapping(source.get("schema")), ("schema",))
    controls = list(_controls(draft, mapping(source.get("uischema")), ("uischema",), ALWAYS))
    gates: dict[Condition, list[Gate]] = {}
    for rank, control in enumerate(controls, start=1):
        found = _at(draft.top.schema, control.path)
        if found is None:
            _lose_control(draft, control)
            continue
        if control.label:
            found["title"] = control.label
        annotate(found, order=rank)
        required = _unrequire(draft.top.schema, control)
        gates.setdefault(control.condition, []).append(
            Gate(control.path, control.condition, required)
        )
    for condition, gated in gates.items():
        add_gate(draft.top.schema, condition, gated)
    return draft


def _controls(
    draft: Draft, element: Mapping[str, Any], where: Where, outer: Condition
) -> Iterator[_Control]:
    condition = every(outer, _rule(draft, mapping(element.get("rule")), (*where, "rule")))
    kind = name_of(element.get("type"))
    if kind == "Control":
        label = element.get("label")
        text = words(mapping(label).get("text") if isinstance(label, Mapping) else label, 200)
        yield _Control(_path(element.get("scope")), text, condition, where)
    elif kind and kind not in LAYOUTS:
        draft.lose(
            point(*where),
            f"The element `{kind[:40]}` was left out.",
            "It asks for nothing.",
            "Put its text into a field's `help`, if visitors need it.",
        )
    for index, inner in mappings(element.get("elements")):
        yield from _controls(draft, inner, (*where, "elements", index), condition)


def _path(scope: Any) -> str:
    """`#/properties/a/properties/b` as the dotted path of the draft."""
    parts = scope.split("/") if isinstance(scope, str) else []
    return ".".join(name_from(part) for part in parts[1:] if part != "properties")


def _rule(draft: Draft, rule: Mapping[str, Any], where: Where) -> Condition:
    if not rule:
        return ALWAYS
    found = _condition(mapping(rule.get("condition")))
    if found is None:
        draft.lose(
            point(*where),
            "The rule was left out: the part is always asked for.",
            "Its condition has no equal in a template's `if`.",
            "Write an `if`/`then` for it by hand.",
        )
        return ALWAYS
    return found if rule.get("effect") in ("SHOW", "ENABLE") else no(found)


def _condition(condition: Mapping[str, Any]) -> Condition | None:
    if isinstance(condition.get("conditions"), list):
        parts = [_condition(mapping(part)) for part in listed(condition["conditions"])]
        found = [part for part in parts if part is not None]
        if len(found) < len(parts):
            return None
        return some(*found) if condition.get("type") == "OR" else every(*found)
    path = _path(condition.get("scope"))
    if "schema" in condition:
        return about_answer(path, condition["schema"]) if path else from_schema(condition["schema"])
    if path and "expectedValue" in condition:
        return about_answer(path, {"const": condition["expectedValue"]})
    return None


def _at(schema: dict[str, Any], path: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = schema if path else None
    for name in path.split("."):
        found = find_property(found, name) if found is not None else None
    return found


def _unrequire(schema: dict[str, Any], control: _Control) -> bool:
    """Take a field that a rule may hide out of `required`; its gate requires it instead."""
    parent, _, name = control.path.rpartition(".")
    holder = _at(schema, parent) if parent else schema
    required = listed(mapping(holder).get("required"))
    if holder is None or control.condition == ALWAYS or name not in required:
        return False
    required.remove(name)
    holder["required"] = required
    if not required:
        del holder["required"]
    return True


def _lose_control(draft: Draft, control: _Control) -> None:
    draft.lose(
        point(*control.where),
        "The control was left out.",
        "Its `scope` names no field of the schema.",
        "Correct the scope, or add the field to the schema.",
    )
