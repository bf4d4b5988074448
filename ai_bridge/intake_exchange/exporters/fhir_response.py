"""Write collected values as a FHIR QuestionnaireResponse to the exported Questionnaire."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ai_bridge.intake.meaning import make_validator
from ai_bridge.intake.references import resolve_references
from ai_bridge.intake_exchange.exporters.fhir_links import Link, coding, links_of
from ai_bridge.intake_exchange.fhir_terms import CURRENCIES, ITEM_TYPES, VALUE_NAMES, url_of
from ai_bridge.intake_exchange.losses import Loss
from ai_bridge.intake_exchange.outline import Part, outline
from ai_bridge.intake_exchange.shapes import listed, mapping


def export_fhir_response(
    template: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """Answers of the result document `values`; `completed` only when it meets the template.

    Losses point into `values`: what the template does not know is not answered.
    """
    resolved, _ = resolve_references(template)
    parts, _ = outline(resolved)
    links = links_of(parts)
    is_complete = make_validator(resolved).is_valid(values)
    losses: list[Loss] = []
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": url_of(template),
        "status": "completed" if is_complete else "in-progress",
        "item": _items(parts, values, links, "", "", losses),
    }, tuple(losses)


def _items(
    parts: Sequence[Part],
    values: Mapping[str, Any],
    links: Mapping[str, Link],
    prefix: str,
    pointer: str,
    losses: list[Loss],
) -> list[dict[str, Any]]:
    known = {part.name for part in parts}
    for name in values:
        if name not in known:
            losses.append(
                Loss(
                    f"{pointer}/{name}",
                    f"`{str(name)[:60]}` was left out.",
                    "The template has no such field.",
                    "Use the template version that the values belong to.",
                )
            )
    found: list[dict[str, Any]] = []
    for part in parts:
        if part.name in values:
            found += _answered(part, values[part.name], links, prefix, pointer, losses)
    return found


def _answered(
    part: Part,
    value: Any,
    links: Mapping[str, Link],
    prefix: str,
    pointer: str,
    losses: list[Loss],
) -> Iterator[dict[str, Any]]:
    path, here = prefix + part.path, f"{pointer}/{part.name}"
    item: dict[str, Any] = {
        "linkId": links[path].id,
        "text": str(part.hints.get("ask") or part.title),
    }
    if part.kind == "group":
        # A repeated group is answered by one item for each round.
        for index, each in enumerate(listed(value)):
            at = f"{here}/{index}"
            inner = _items(part.parts, mapping(each), links, f"{path}.", at, losses)
            yield item | {"item": inner}
    elif part.parts:
        yield item | {"item": _items(part.parts, mapping(value), links, prefix, here, losses)}
    else:
        each = listed(value) if part.kind in ("choices", "list") else [value]
        yield item | {"answer": [_answer(part, answer) for answer in each]}


def _answer(part: Part, value: Any) -> dict[str, Any]:
    if part.options and part.kind not in ("boolean", "consent"):
        label = next((text for option, text in part.options if option == value), "")
        return {"valueCoding": coding(part.schema, value, label)}
    if part.kind == "money" and isinstance(value, Mapping):
        money = {"value": value.get("amount"), "system": CURRENCIES, "code": value.get("currency")}
        return {"valueQuantity": money}
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int | float):
        is_whole = isinstance(value, int) and part.one not in ("number", "money")
        return {"valueInteger" if is_whole else "valueDecimal": value}
    return {VALUE_NAMES[ITEM_TYPES.get(part.one, "string")]: str(value)}
