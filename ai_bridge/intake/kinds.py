"""Which kind of answer a field takes, from `x-intake.kind` or from the schema itself."""

from collections.abc import Mapping
from typing import Any

SCALAR = frozenset({"string", "number", "integer", "boolean"})
NUMERIC = frozenset({"number", "integer"})
TEXT = frozenset({"string"})

# What JSON type each kind may be stored as.
KIND_TYPES: dict[str, frozenset[str]] = {
    "text": TEXT,
    "name": TEXT,
    "email": TEXT,
    "phone": TEXT,
    "url": TEXT,
    "integer": frozenset({"integer"}),
    "number": NUMERIC,
    "money": NUMERIC | {"object"},
    "boolean": frozenset({"boolean"}),
    "choice": SCALAR,
    "choices": frozenset({"array"}),
    "date": TEXT,
    "time": TEXT,
    "datetime": TEXT,
    "duration": TEXT,
    "address": TEXT | {"object"},
    "consent": frozenset({"boolean"}),
    "object": frozenset({"object"}),
    "date_range": frozenset({"object"}),
    "list": frozenset({"array"}),
    "group": frozenset({"array"}),
}
LATER_KINDS = frozenset({"file"})
# Arrays whose items are asked for one by one.
REPEATED = frozenset({"list", "group"})
_BY_FORMAT = {
    "email": "email",
    "idn-email": "email",
    "uri": "url",
    "url": "url",
    "iri": "url",
    "date": "date",
    "time": "time",
    "date-time": "datetime",
    "duration": "duration",
}


def annotation(schema: Any) -> Mapping[str, Any]:
    """The field's `x-intake`, or an empty mapping."""
    found = schema.get("x-intake") if isinstance(schema, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def json_type(schema: Mapping[str, Any]) -> str | None:
    """The one JSON type of the values, apart from null; None when the schema leaves it open."""
    declared = schema.get("type")
    if isinstance(declared, list | tuple):
        named = [item for item in declared if item != "null"]
        return named[0] if len(named) == 1 else None
    if isinstance(declared, str):
        return declared
    if "properties" in schema:
        return "object"
    if "items" in schema:
        return "array"
    return _type_of_options(options_of(schema))


def _type_of_options(options: tuple[Any, ...]) -> str | None:
    if not options:
        return None
    if all(isinstance(option, bool) for option in options):
        return "boolean"
    if all(isinstance(option, int) and not isinstance(option, bool) for option in options):
        return "integer"
    if all(isinstance(option, int | float) for option in options):
        return "number"
    return "string" if all(isinstance(option, str) for option in options) else None


def options_of(schema: Mapping[str, Any]) -> tuple[Any, ...]:
    """The values that may be chosen: from `enum`, `const`, or `oneOf`/`anyOf` of constants."""
    if isinstance(schema.get("enum"), list | tuple):
        return tuple(option for option in schema["enum"] if option is not None)
    if "const" in schema:
        return (schema["const"],)
    for keyword in ("oneOf", "anyOf"):
        found = schema.get(keyword)
        branches = found if isinstance(found, list | tuple) else ()
        if branches and all(isinstance(item, Mapping) and "const" in item for item in branches):
            return tuple(item["const"] for item in branches)
    items = schema.get("items")
    if schema.get("type") == "array" and isinstance(items, Mapping):
        return options_of(items)
    return ()


def kind_of(schema: Mapping[str, Any]) -> str:
    """The field's kind; `x-intake.kind` decides, then options, then format, then type."""
    stated = annotation(schema).get("kind")
    if isinstance(stated, str):
        return stated
    stored = json_type(schema)
    if stored == "boolean":
        return "consent" if schema.get("const") is True else "boolean"
    if stored == "array":
        return _kind_of_array(schema)
    if options_of(schema):
        return "choice"
    if stored == "string":
        return _BY_FORMAT.get(str(schema.get("format", "")), "text")
    return stored if stored in ("integer", "number", "object") else "text"


def _kind_of_array(schema: Mapping[str, Any]) -> str:
    if options_of(schema):
        return "choices"
    items = schema.get("items")
    return "list" if not isinstance(items, Mapping) or is_leaf(items) else "group"


def is_leaf(schema: Mapping[str, Any]) -> bool:
    """Whether the field holds one value; otherwise its properties are fields of their own."""
    if json_type(schema) != "object":
        return True
    return kind_of(schema) == "money" or "properties" not in schema
