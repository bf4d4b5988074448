"""Write a template as a SurveyJS survey."""

from collections.abc import Mapping, Sequence
from typing import Any

from ai_bridge.intake.references import resolve_references
from ai_bridge.intake_exchange.exporters.left_behind import hints_left, kind_left, walk
from ai_bridge.intake_exchange.exporters.ranges import children_of
from ai_bridge.intake_exchange.logic import NEVER
from ai_bridge.intake_exchange.logic.surveyjs import write_expression
from ai_bridge.intake_exchange.losses import Loss
from ai_bridge.intake_exchange.outline import Part, outline
from ai_bridge.intake_exchange.shapes import mapping

WHERE = "SurveyJS"
KEPT = frozenset({"help", "examples", "hidden", "order", "not_before", "not_after"})
INPUTS: dict[str, dict[str, Any]] = {
    "email": {"inputType": "email"},
    "phone": {"inputType": "tel"},
    "url": {"inputType": "url"},
    "name": {"autocomplete": "name"},
    "address": {"autocomplete": "street-address"},
    "date": {"inputType": "date"},
    "datetime": {"inputType": "datetime-local"},
    "time": {"inputType": "time"},
    "number": {"inputType": "number"},
    "integer": {"inputType": "number", "step": 1},
    "money": {"inputType": "number", "maskType": "currency"},
    "text": {},
}
CAPTIONS = ("title", "description")


def export_surveyjs(template: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    resolved, _ = resolve_references(template)
    parts, lost = outline(resolved)
    survey = {key: template[key] for key in CAPTIONS if template.get(key)}
    closing = mapping(template.get("x-intake")).get("closing")
    if closing:
        survey["completedHtml"] = _escape(str(closing))
    survey["pages"] = [{"name": "intake", "elements": [_element(part) for part in parts]}]
    losses = [*lost, *hints_left(parts, KEPT, WHERE), *_settings_left(template)]
    for part in walk(parts):
        losses += _left(part)
    return survey, tuple(losses)


def _escape(text: str) -> str:
    """SurveyJS shows the closing as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _settings_left(template: Mapping[str, Any]) -> list[Loss]:
    left = [key for key in mapping(template.get("x-intake")) if key != "closing"]
    if not left:
        return []
    return [
        Loss(
            "/x-intake",
            f"Settings were left out: {', '.join(left)}.",
            "They lead a conversation, and a form is not led.",
            "Keep the template; it stays the source.",
        )
    ]


def _left(part: Part) -> list[Loss]:
    if _is_money(part) or (part.parts and part.kind != "group"):
        example = f"{part.path}.{part.parts[0].name if part.parts else 'amount'}"
        return [
            Loss(
                part.pointer,
                f"The answers of `{part.path}` come out flat, as `{example}`.",
                "A survey's panels do not nest their answers.",
                "Nest them where you receive the result.",
            )
        ]
    limits = [
        key for key in ("not_before", "not_after") if part.hints.get(key) not in (None, "today")
    ]
    found = [
        Loss(
            f"{part.pointer}/x-intake/{key}",
            f"`{key}` of `{part.path}` was left out.",
            "Only today and plain dates can be limits there.",
            "Write it as an expression in the survey.",
        )
        for key in limits
        if not str(part.hints[key])[:1].isdigit()
    ]
    if part.kind in ("duration", "list"):
        found.append(kind_left(part, "a text", WHERE))
    return found


def _element(part: Part, scope: str = "") -> dict[str, Any]:
    if part.kind == "group":
        return _repeated(part, scope)
    if part.parts or _is_money(part):
        inner = [_element(child, scope) for child in children_of(part)] or _money(part)
        if part.kind == "date_range":
            inner[1] |= {"validators": [_in_order(part, scope)]}
        found: dict[str, Any] = {"type": "panel", "name": part.path, "title": part.title}
        return found | _shown(part, scope) | {"elements": inner}
    found = {"type": "text", "name": part.path, "title": part.title} | _question(part, scope)
    if part.hints.get("help"):
        found["description"] = part.hints["help"]
    if part.hints.get("hidden"):
        found["visible"] = False
    if "default" in part.schema:
        found["defaultValue"] = part.schema["default"]
    return found | _wanted(part, scope)


def _in_order(part: Part, scope: str) -> dict[str, Any]:
    first, last = (f"{{{scope}{end.path}}}" for end in part.parts)
    return {
        "type": "expression",
        "expression": f"{first} empty or {last} >= {first}",
        "text": "The last day lies before the first.",
    }


def _repeated(part: Part, scope: str) -> dict[str, Any]:
    limits = {"minPanelCount": "minItems", "maxPanelCount": "maxItems"}
    found: dict[str, Any] = {"type": "paneldynamic", "name": part.path, "title": part.title}
    found |= {key: part.schema[name] for key, name in limits.items() if name in part.schema}
    inner = [_element(child, "panel.") for child in part.parts]
    return found | _wanted(part, scope) | {"templateElements": inner}


def _shown(part: Part, scope: str) -> dict[str, Any]:
    # Inside a repeated panel, questions of the same round are called `panel.name`.
    expression = write_expression(part.visible, scope)
    return {"visibleIf": expression} if expression else {}


def _wanted(part: Part, scope: str) -> dict[str, Any]:
    if part.is_required:
        return _shown(part, scope) | {"isRequired": True}
    if part.required == NEVER:
        return _shown(part, scope)
    return _shown(part, scope) | {"requiredIf": write_expression(part.required, scope)}


def _is_money(part: Part) -> bool:
    return part.kind == "money" and "properties" in part.schema


def _money(part: Part) -> list[dict[str, Any]]:
    stated = mapping(part.schema["properties"])
    amount = {"type": "text", "name": f"{part.path}.amount", "title": "Amount"}
    currencies = mapping(stated.get("currency")).get("enum") or []
    currency = {"type": "dropdown", "name": f"{part.path}.currency", "title": "Currency"}
    needed = {"isRequired": True} if part.is_required else {}
    return [
        amount | {"inputType": "number"} | _limits(mapping(stated.get("amount"))) | needed,
        currency | {"choices": list(currencies)} | needed,
    ]


def _limits(schema: Mapping[str, Any]) -> dict[str, Any]:
    names = {"minimum": "min", "maximum": "max"}
    return {name: schema[key] for key, name in names.items() if key in schema}


def _question(part: Part, scope: str) -> dict[str, Any]:
    if part.kind == "boolean":
        return {"type": "boolean"}
    if part.kind == "consent":
        rule = {"type": "expression", "expression": f"{{{scope}{part.path}}} = true"}
        return {"type": "boolean", "validators": [rule]}
    if part.options:
        return _choice(part)
    return {"type": "text", **INPUTS.get(part.kind, {}), **_limits(part.schema), **_texts(part)}


def _choice(part: Part) -> dict[str, Any]:
    choices: Sequence[Any] = [value for value, _ in part.options]
    if part.labels:
        choices = [{"value": value, "text": label} for value, label in part.options]
    if part.kind != "choices":
        return {"type": "radiogroup" if len(choices) <= 6 else "dropdown", "choices": choices}
    names = {"minItems": "minSelectedChoices", "maxItems": "maxSelectedChoices"}
    found = {name: part.schema[key] for key, name in names.items() if key in part.schema}
    return {"type": "checkbox", "choices": choices} | found


def _texts(part: Part) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rules: list[dict[str, Any]] = []
    if "maxLength" in part.schema:
        found["maxLength"] = part.schema["maxLength"]
    if "minLength" in part.schema:
        rules.append({"type": "text", "minLength": part.schema["minLength"]})
    if "pattern" in part.schema:
        rules.append({"type": "regex", "regex": part.schema["pattern"]})
    if part.hints.get("examples"):
        found["placeholder"] = str(part.hints["examples"][0])
    for key, name in (("not_before", "min"), ("not_after", "max")):
        limit = str(part.hints.get(key, ""))
        if limit == "today":
            found[f"{name}ValueExpression"] = "today()"
        elif limit[:1].isdigit():
            found[name] = limit
    return found | ({"validators": rules} if rules else {})
