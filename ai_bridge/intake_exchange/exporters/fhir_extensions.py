"""What FHIR says of an item in extensions: limits, a short text, the kind, currencies."""

from collections.abc import Mapping
from typing import Any

from ai_bridge.intake_exchange.exporters.fhir_links import Link
from ai_bridge.intake_exchange.fhir_terms import (
    CONSTRAINT,
    CURRENCIES,
    EXTENSIONS,
    KIND,
    RANGE_KEY,
)
from ai_bridge.intake_exchange.outline import Part
from ai_bridge.intake_exchange.shapes import mapping

OWN_KINDS = frozenset(
    {"name", "email", "phone", "address", "money", "duration", "consent", "date_range"}
)


def extensions_of(
    part: Part, asked: str, links: Mapping[str, Link], prefix: str
) -> list[dict[str, Any]]:
    """The item's extensions; `asked` is the text that the item shows."""
    if part.kind == "date_range":
        # Its limits are those of its ends.
        return [*_words(part, asked), _in_order(part, links, prefix)]
    return [*_words(part, asked), *_limits(part), *_currencies(part)]


def _in_order(part: Part, links: Mapping[str, Link], prefix: str) -> dict[str, Any]:
    first, last = (
        f"item.where(linkId='{links[prefix + end.path].id}').answer.value" for end in part.parts
    )
    stated = {
        "key": {"valueId": RANGE_KEY},
        "severity": {"valueCode": "error"},
        "expression": {"valueString": f"{first}.empty() or {last}.empty() or {first} <= {last}"},
        "human": {"valueString": "The last day does not lie before the first."},
    }
    inner = [{"url": key, **value} for key, value in stated.items()]
    return {"url": EXTENSIONS + CONSTRAINT, "extension": inner}


def _one(name: str, value_name: str, value: Any) -> dict[str, Any]:
    return {"url": name if ":" in name else EXTENSIONS + name, value_name: value}


def _words(part: Part, asked: str) -> list[dict[str, Any]]:
    found = [
        _one("entryFormat", "valueString", str(example))
        for example in part.hints.get("examples") or ()
    ]
    if part.title != asked:
        found.append(_one("questionnaire-shortText", "valueString", part.title))
    if part.one in OWN_KINDS:
        found.append(_one(KIND, "valueCode", part.one))
    if part.hints.get("hidden"):
        found.append(_one("questionnaire-hidden", "valueBoolean", True))
    return found


def _limits(part: Part) -> list[dict[str, Any]]:
    number = "valueInteger" if part.kind == "integer" else "valueDecimal"
    named = (
        ("minimum", "minValue", number),
        ("maximum", "maxValue", number),
        ("minLength", "minLength", "valueInteger"),
        ("pattern", "regex", "valueString"),
        ("minItems", "questionnaire-minOccurs", "valueInteger"),
        ("maxItems", "questionnaire-maxOccurs", "valueInteger"),
    )
    found = [
        _one(name, value_name, part.schema[key])
        for key, name, value_name in named
        if key in part.schema
    ]
    for key, name in (("not_before", "minValue"), ("not_after", "maxValue")):
        limit = str(part.hints.get(key, ""))
        if limit[:1].isdigit():
            found.append(_one(name, "valueDate", limit[:10]))
    return found


def _currencies(part: Part) -> list[dict[str, Any]]:
    if part.kind != "money":
        return []
    stated = mapping(mapping(part.schema.get("properties")).get("currency")).get("enum")
    return [
        _one("questionnaire-unitOption", "valueCoding", {"system": CURRENCIES, "code": str(code)})
        for code in stated or ()
    ]
