"""Templates with lists, repeating groups and ranges, for the tests that fill them."""

from typing import Any

NAME: dict[str, Any] = {"type": "string", "x-intake": {"kind": "name", "ask": "Your name?"}}
GUESTS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": NAME,
        "guests": {
            "type": "array",
            "title": "Guests",
            "items": {"type": "string", "x-intake": {"kind": "name"}},
            "minItems": 2,
            "maxItems": 4,
            "uniqueItems": True,
            "x-intake": {"ask": "Who is coming?"},
        },
        "phone": {"type": "string", "x-intake": {"kind": "phone", "ask": "Phone?"}},
    },
    "required": ["name", "guests", "phone"],
}
ROOMS: dict[str, Any] = {
    "type": "object",
    "$defs": {
        "room": {
            "type": "object",
            "title": "Room",
            "properties": {
                "name": {"type": "string", "x-intake": {"ask": "Which room?"}},
                "leaks": {"type": "boolean", "x-intake": {"ask": "Does it leak?"}},
                "since": {"type": "string", "format": "date", "x-intake": {"ask": "Since when?"}},
            },
            "required": ["name", "leaks"],
            "if": {"properties": {"leaks": {"const": True}}, "required": ["leaks"]},
            "then": {"required": ["since"]},
            "else": {"properties": {"since": False}},
        }
    },
    "properties": {
        "name": NAME,
        "rooms": {
            "type": "array",
            "title": "Rooms",
            "items": {"$ref": "#/$defs/room"},
            "maxItems": 4,
            "x-intake": {"ask": "Which rooms are affected?"},
        },
        "email": {"type": "string", "format": "email", "x-intake": {"ask": "E-mail?"}},
    },
    "required": ["name", "email"],
}
STAY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": NAME,
        "stay": {
            "type": "object",
            "title": "Stay",
            "x-intake": {
                "kind": "date_range",
                "ask": "When will you stay?",
                "not_before": "today",
                "not_after": "+1 years",
            },
            "properties": {
                "from": {"type": "string", "format": "date"},
                "to": {"type": "string", "format": "date", "x-intake": {"ask": "Until when?"}},
            },
            "required": ["from", "to"],
        },
    },
    "required": ["name", "stay"],
}
