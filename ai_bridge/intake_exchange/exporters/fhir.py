"""Write a template as a FHIR Questionnaire, R4 or R5."""

from collections.abc import Mapping
from typing import Any

from ai_bridge.intake.references import resolve_references
from ai_bridge.intake_exchange.exporters.fhir_conditions import enable_when
from ai_bridge.intake_exchange.exporters.fhir_extensions import extensions_of
from ai_bridge.intake_exchange.exporters.fhir_links import Link, coding, links_of
from ai_bridge.intake_exchange.exporters.left_behind import hints_left
from ai_bridge.intake_exchange.exporters.ranges import children_of
from ai_bridge.intake_exchange.fhir_terms import ITEM_TYPES, VALUE_NAMES, url_of
from ai_bridge.intake_exchange.logic import NEVER
from ai_bridge.intake_exchange.losses import Loss
from ai_bridge.intake_exchange.outline import Part, outline
from ai_bridge.intake_exchange.shapes import mapping

WHERE = "FHIR"
KEPT = frozenset({"ask", "help", "examples", "hidden", "order", "not_before", "not_after"})


def export_fhir(template: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """R4, where a choice is called `choice`."""
    return _export(template, "choice")


def export_fhir_r5(template: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """R5, where a choice is called `coding`."""
    return _export(template, "coding")


def _export(template: Mapping[str, Any], choice: str) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    resolved, _ = resolve_references(template)
    parts, lost = outline(resolved)
    losses = [*lost, *hints_left(parts, KEPT, WHERE)]
    links = links_of(parts)
    found: dict[str, Any] = {"resourceType": "Questionnaire", "url": url_of(template)}
    found["status"] = "draft"
    found |= {key: template[key] for key in ("title", "description") if template.get(key)}
    found["item"] = [_item(part, choice, links, losses) for part in parts]
    if mapping(template.get("x-intake")):
        losses.append(
            Loss(
                "/x-intake",
                f"Settings were left out: {', '.join(mapping(template['x-intake']))}.",
                "They lead a conversation, and a form is not led.",
                "Keep the template; it stays the source.",
            )
        )
    return found, tuple(losses)


def _item(
    part: Part,
    choice: str,
    links: Mapping[str, Link],
    losses: list[Loss],
    prefix: str = "",
) -> dict[str, Any]:
    path = prefix + part.path
    found: dict[str, Any] = {"linkId": links[path].id}
    codes = mapping(part.schema.get("x-fhir")).get("code")
    if isinstance(codes, list):
        found["code"] = codes
    asked = str(part.hints.get("ask") or part.title)
    extension = extensions_of(part, asked, links, prefix)
    if extension:
        found["extension"] = extension
    found |= {"text": asked, "type": _type(part, choice)}
    found |= enable_when(part, links, prefix, losses)
    if part.is_required:
        found["required"] = True
    elif part.required != NEVER:
        losses.append(_sometimes(part))
    found |= _rules(part, found["type"])
    inner = f"{path}." if part.kind == "group" else prefix
    items = [_item(child, choice, links, losses, inner) for child in children_of(part)]
    if part.hints.get("help"):
        helping = {
            "linkId": f"{links[path].id}-help",
            "text": part.hints["help"],
            "type": "display",
        }
        items.append(helping)
    return found | ({"item": items} if items else {})


def _sometimes(part: Part) -> Loss:
    return Loss(
        part.pointer,
        f"`{part.path}` is optional throughout.",
        "An item is required always or never while it is there.",
        "Check it where you receive the answers.",
    )


def _type(part: Part, choice: str) -> str:
    if part.parts or part.kind == "group":
        return "group"
    if part.kind == "money" and "properties" in part.schema:
        return "quantity"
    if part.options and part.kind not in ("boolean", "consent"):
        return choice
    if part.kind == "money":
        return "decimal"
    return ITEM_TYPES.get(part.one, "string" if _is_short(part) else "text")


def _is_short(part: Part) -> bool:
    longest = part.schema.get("maxLength")
    return part.kind != "text" or not isinstance(longest, int) or longest <= 255


def _rules(part: Part, stated: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if part.kind in ("group", "choices", "list"):
        found["repeats"] = True
    if stated in ("string", "text") and isinstance(part.schema.get("maxLength"), int):
        found["maxLength"] = part.schema["maxLength"]
    if stated in ("choice", "coding"):
        found["answerOption"] = [
            {"valueCoding": coding(part.schema, value, label)} for value, label in part.options
        ]
    if "default" in part.schema:
        value = part.schema["default"]
        if stated in ("choice", "coding"):
            value = coding(part.schema, value, "")
        found["initial"] = [{VALUE_NAMES[stated]: value}]
    return found
