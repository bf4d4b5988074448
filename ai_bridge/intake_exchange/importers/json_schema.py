"""A draft from a JSON Schema of any draft from 04 to 2020-12."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ai_bridge.intake.bounds import canonical_json
from ai_bridge.intake.check import check_template
from ai_bridge.intake.problems import point
from ai_bridge.intake.references import resolve_references
from ai_bridge.intake_exchange.drafting import DIALECT, Draft
from ai_bridge.intake_exchange.importers.schema_fields import Objects
from ai_bridge.intake_exchange.importers.schema_upgrade import upgrade
from ai_bridge.intake_exchange.shapes import listed, mapping


def import_json_schema(source: Mapping[str, Any], where: tuple[str, ...] = ()) -> Draft:
    """The draft; `where` is the schema's place in the file. A good template stays as it is."""
    draft = Draft()
    if _is_template(source):
        draft.top.schema = dict(source)
        return draft
    resolved, problems = resolve_references(upgrade(source))
    for problem in problems:
        draft.lose(problem.pointer, problem.detail, "Nothing is fetched or repeated.", problem.mend)
    objects = Objects(draft)
    draft.top.schema = _head(resolved) | objects.convert(_as_object(draft, resolved), ())
    draft.losses = [replace(loss, pointer=point(*where) + loss.pointer) for loss in draft.losses]
    return draft


def _is_template(source: Mapping[str, Any]) -> bool:
    """A plain schema may pass for a template, and still has meanings to be found."""
    written = '"x-intake":' in canonical_json(source)
    return written and source.get("$schema") == DIALECT and not check_template(source)


def _head(source: Mapping[str, Any]) -> dict[str, Any]:
    head: dict[str, Any] = {"$schema": DIALECT}
    if isinstance(source.get("x-intake"), Mapping):
        head["x-intake"] = dict(source["x-intake"])
    return head


def _as_object(draft: Draft, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself when it is an object's; otherwise an object with it as the one field."""
    parts = [mapping(part) for part in listed(schema.get("allOf"))]
    if any(mapping(part.get("properties")) for part in (schema, *parts)):
        return schema
    draft.lose(
        "",
        "The schema was made the one field `value` of an object.",
        "An intake collects an object; this schema has no `properties`.",
        "Rename the field, or describe an object.",
    )
    field = {key: item for key, item in schema.items() if key != "$schema"}
    return {"type": "object", "properties": {"value": field}}
