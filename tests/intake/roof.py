"""One realistic template that the tests of filling share."""

from typing import Any

ROOF: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Roof quote",
    "type": "object",
    "x-intake": {"greeting": "Hi! Let's get you a quote.", "region": "US", "confirm": True},
    "properties": {
        "name": {"type": "string", "x-intake": {"kind": "name", "ask": "What's your name?"}},
        "email": {"type": "string", "format": "email"},
        "phone": {"type": "string", "x-intake": {"kind": "phone"}},
        "service": {
            "enum": ["repair", "new_roof", "inspection"],
            "x-intake": {
                "labels": {"new_roof": "New roof"},
                "synonyms": {"repair": ["fix", "leak"]},
            },
        },
        "visit": {
            "type": "string",
            "format": "date",
            "title": "Visit date",
            "x-intake": {"not_before": "today"},
        },
        "insured": {"type": "boolean", "title": "Is the house insured?"},
        "rooms": {"type": "integer", "title": "Number of rooms", "minimum": 1, "maximum": 20},
        "age": {"type": "number", "title": "Age of the roof in years"},
        "address": {
            "type": "object",
            "properties": {
                "street": {"type": "string"},
                "city": {"type": "string"},
                "zip": {"type": "string", "title": "ZIP code", "pattern": "^[0-9]{5}$"},
            },
            "required": ["city"],
        },
        "notes": {"type": "string", "title": "Anything else?"},
        "budget": {
            "type": "object",
            "properties": {
                "amount": {"type": "number", "minimum": 0},
                "currency": {"enum": ["USD", "EUR"]},
            },
            "x-intake": {"kind": "money"},
        },
        "agree": {"type": "boolean", "const": True, "title": "Consent to be contacted"},
    },
    "required": ["name", "email", "service"],
    "if": {"properties": {"service": {"const": "new_roof"}}, "required": ["service"]},
    "then": {"required": ["budget"]},
}
