"""How the items and codes of a Questionnaire are named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake_exchange.outline import Part
from ai_bridge.intake_exchange.shapes import mapping


@dataclass(frozen=True, slots=True)
class Link:
    """An item's linkId, and the part of the template that it stands for."""

    id: str
    part: Part


def links_of(parts: Sequence[Part], prefix: str = "") -> dict[str, Link]:
    """Each path's item: under the linkId it was imported with, or else its path."""
    found: dict[str, Link] = {}
    for part in parts:
        path = prefix + part.path
        own = mapping(part.schema.get("x-fhir")).get("linkId")
        found[path] = Link(own if isinstance(own, str) and own else path, part)
        inner = f"{path}." if part.kind == "group" else prefix
        found |= links_of(part.parts, inner)
    return found


def coding(schema: Mapping[str, Any], value: Any, label: str) -> dict[str, str]:
    """An option as a code, with the system it was imported with."""
    code = str(value).lower() if isinstance(value, bool) else str(value)
    system = mapping(mapping(schema.get("x-fhir")).get("systems")).get(code)
    found = {"system": system} if isinstance(system, str) else {}
    return found | {"code": code} | ({"display": label} if label else {})
