"""What FHIR says of an item in extensions: limits, a short text, the kind, currencies."""

from typing import Any

from ai_bridge.intake_exchange.fhir_terms import CURRENCIES, EXTENSIONS, KIND
from ai_bridge.intake_exchange.outline import Part
from ai_bridge.intake_exchange.shapes import mapping

OWN_KINDS = frozenset({"name", "email", "phone", "address", "money", "duration", "consent"})


def extensions_of(part: Part, asked: str) -> list[dict[str, Any]]:
    """The item's extensions; `asked` is the text that the item shows."""
    return [*_words(part, asked), *_limits(part), *_currencies(part)]


def _one(name: str, value_name: str, value: Any) -> dict[str, Any]:
    return {"url": name if ":" in name else EXTENSIONS + name, value_name: value}


def _words(part: Part, asked: str) -> list[dict[str, Any]]:
    found = [
        _one("entryFormat", "valueString", str(example))
        for example in part.hints.get("examples") or ()
    ]
    if part.title != asked:
        found.append(_one("questionnaire-shortText", "valueString", part.title))
    if part.kind in OWN_KINDS:
        found.append(_one(KIND, "valueCode", part.kind))
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
