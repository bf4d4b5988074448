"""Names that FHIR Questionnaires use, shared by import and export."""

from collections.abc import Iterator, Mapping
from typing import Any

from ai_bridge.intake import template_hash
from ai_bridge.intake_exchange.shapes import mappings

EXTENSIONS = "http://hl7.org/fhir/StructureDefinition/"
# FHIR has no item type for e-mail addresses, phone numbers and the like; other programs pass
# over extensions that they do not know.
KIND = "urn:chatsaas:intake:kind"
# A rule about the answers inside an item, and the one that a range of days makes.
CONSTRAINT = "questionnaire-constraint"
RANGE_KEY = "date-range"
CURRENCIES = "urn:iso:std:iso:4217"

# kind -> item type (R4). What is missing here is a text.
ITEM_TYPES: dict[str, str] = {
    "url": "url",
    "integer": "integer",
    "number": "decimal",
    "boolean": "boolean",
    "consent": "boolean",
    "choice": "choice",
    "choices": "choice",
    "date": "date",
    "time": "time",
    "datetime": "dateTime",
}
VALUE_NAMES: dict[str, str] = {
    "url": "valueUri",
    "integer": "valueInteger",
    "decimal": "valueDecimal",
    "boolean": "valueBoolean",
    "choice": "valueCoding",
    "coding": "valueCoding",
    "date": "valueDate",
    "time": "valueTime",
    "dateTime": "valueDateTime",
    "string": "valueString",
    "text": "valueString",
    "quantity": "valueQuantity",
}


def url_of(template: Mapping[str, Any]) -> str:
    """What a Questionnaire and the responses to it are both known by."""
    own = template.get("$id")
    if isinstance(own, str) and ":" in own:
        return own
    return f"urn:chatsaas:template:{template_hash(template).partition(':')[2]}"


def extensions(element: Mapping[str, Any], name: str) -> Iterator[Any]:
    """The values of an element's extensions of one name, whatever their type."""
    for _, extension in mappings(element.get("extension")):
        url = extension.get("url")
        if url == name or url == EXTENSIONS + name:
            yield from (item for key, item in extension.items() if key.startswith("value"))


def value_of(element: Mapping[str, Any], prefix: str = "value") -> Any:
    """The value of a choice of types: `valueString`, `answerCoding`, ..."""
    return next((item for key, item in element.items() if key.startswith(prefix)), None)
