"""Rewrite the keywords of older JSON Schema drafts as 2020-12 has them."""

from collections.abc import Mapping
from typing import Any

# Keywords whose values are data, not schemas.
DATA = frozenset({"const", "enum", "default", "examples", "x-intake", "required"})
MAPS = frozenset(
    {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"}
)


def upgrade(schema: Any) -> Any:
    """The same schema in today's words. What is no schema stays as it is."""
    if isinstance(schema, list | tuple):
        return [upgrade(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    found: dict[str, Any] = {}
    for key, item in schema.items():
        if key in DATA:
            found[key] = item
        elif key in MAPS and isinstance(item, Mapping):
            found[key] = {name: upgrade(sub) for name, sub in item.items()}
        else:
            found[key] = upgrade(item)
    _rename(found)
    _split_dependencies(found)
    _own_bounds(found)
    _lift_required(found)
    return found


def _rename(schema: dict[str, Any]) -> None:
    if isinstance(schema.get("definitions"), Mapping):
        definitions = schema.pop("definitions")
        schema["$defs"] = {**definitions, **(schema.get("$defs") or {})}
    if isinstance(schema.get("$ref"), str):
        schema["$ref"] = schema["$ref"].replace("#/definitions/", "#/$defs/", 1)
        schema["$ref"] = schema["$ref"].replace("/definitions/", "/$defs/")
    if isinstance(schema.get("id"), str) and "$schema" in schema:
        schema["$id"] = schema.pop("id")
    if isinstance(schema.get("items"), list):
        schema["prefixItems"] = schema.pop("items")
    if schema.pop("nullable", False) is True and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]


def _split_dependencies(schema: dict[str, Any]) -> None:
    if not isinstance(schema.get("dependencies"), Mapping):
        return
    for name, needed in schema.pop("dependencies").items():
        if isinstance(needed, str):
            needed = [needed]
        keyword = "dependentRequired" if isinstance(needed, list) else "dependentSchemas"
        schema[keyword] = {**(schema.get(keyword) or {}), name: needed}


def _own_bounds(schema: dict[str, Any]) -> None:
    """Draft-04 says `exclusiveMinimum: true` beside `minimum`."""
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        stated = schema.get(exclusive)
        if isinstance(stated, bool):
            del schema[exclusive]
            if stated and bound in schema:
                schema[exclusive] = schema.pop(bound)


def _lift_required(schema: dict[str, Any]) -> None:
    """Draft-03 says `required: true` in the field itself."""
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return
    lifted = [
        name
        for name, sub in properties.items()
        if isinstance(sub, dict) and isinstance(sub.get("required"), bool) and sub.pop("required")
    ]
    if lifted:
        stated = schema.get("required")
        before = stated if isinstance(stated, list) else []
        schema["required"] = [*before, *(name for name in lifted if name not in before)]
