"""Take out of an object's rules the fields that were left out of the object."""

from collections.abc import Iterator, Mapping
from typing import Any


def prune(schema: dict[str, Any]) -> None:
    """Rules keep only names that the object or one of its branches still describes."""
    _prune(schema, set(_described(schema)))


def _parts(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (schema[key] for key in ("then", "else") if key in schema)
    yield from schema.get("allOf") or ()
    yield from (schema.get("dependentSchemas") or {}).values()


def _described(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from schema.get("properties") or ()
    for part in _parts(schema):
        yield from _described(part)


def _prune(schema: dict[str, Any], known: set[str]) -> None:
    for keyword in ("dependentRequired", "dependentSchemas"):
        stated = schema.get(keyword) or {}
        _keep(schema, keyword, {name: item for name, item in stated.items() if name in known})
    needs = schema.get("dependentRequired") or {}
    for name, needed in needs.items():
        needs[name] = [other for other in needed if other in known]
    _keep(schema, "required", [name for name in schema.get("required") or () if name in known])
    for part in _parts(schema):
        _prune(part, known)


def _keep(schema: dict[str, Any], keyword: str, kept: Any) -> None:
    if kept:
        schema[keyword] = kept
    else:
        schema.pop(keyword, None)
