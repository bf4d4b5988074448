"""The fields of recorded data as fields of a template."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from ai_bridge.evaluation.gold import Dialogue, GoldTurn
from ai_bridge.intake import Intake, canonical_json, compile_template

# What each type of the data is called in a template.
SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "place": {"type": "string"},
    "name": {"type": "string", "x-intake": {"kind": "name"}},
    "number": {"type": "integer"},
    "decimal": {"type": "number"},
    "money": {"type": "number", "x-intake": {"kind": "money"}},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "x-intake": {"kind": "time"}},
    "email": {"type": "string", "format": "email"},
    "phone": {"type": "string", "x-intake": {"kind": "phone"}},
    "url": {"type": "string", "format": "uri"},
}


def slot(name: str, kind: str, description: str) -> dict[str, Any]:
    """A field for data that comes without a template."""
    return {"name": name, "type": kind, "description": description, "enum": []}


def answer_to(
    asked: Mapping[str, Any],
    *,
    id: str,
    said: str,
    now: datetime,
    accepted: tuple[str, ...],
    place: tuple[int, int] | None = None,
) -> Dialogue:
    """One message to someone who was asked for one field; `accepted` is empty when it states none.

    With a `place` whatever is read there is right.
    """
    name = str(asked["name"])
    turn = GoldTurn(
        said="",
        asked=(name,),
        user=said,
        gold={name: accepted} if accepted else {},
        spans={name: place} if place else {},
        by_place=place is not None,
    )
    return Dialogue(id, intake_of([asked]), {name: str(asked["type"])}, now, (turn,))


def intake_of(slots: Sequence[Mapping[str, Any]]) -> Intake:
    """Slots are `{name, type, description, enum}`; the same ones are compiled once."""
    wanted = ("name", "type", "description", "enum")
    return _intake(canonical_json([{key: found[key] for key in wanted} for found in slots]))


@lru_cache(maxsize=256)
def _intake(slots_text: str) -> Intake:
    properties = {found["name"]: _schema(found) for found in json.loads(slots_text)}
    return compile_template(
        {"type": "object", "title": "Recorded dialogue", "properties": properties}
    )


def _schema(found: Mapping[str, Any]) -> dict[str, Any]:
    kind, options = found["type"], found["enum"]
    if kind == "enum":
        schema: dict[str, Any] = {"enum": list(options)}
    else:
        schema = dict(SCHEMAS[kind])
        if kind == "number" and options:
            numbers = [int(option) for option in options]
            schema |= {"enum": numbers, "x-intake": {"kind": "integer"}}
    return schema | ({"description": found["description"]} if found["description"] else {})
