"""Write a template as JSON Schema 2020-12, with or without what only an intake reads."""

from collections.abc import Mapping
from typing import Any

from ai_bridge.intake_exchange.losses import Loss

OWN = ("x-intake", "x-fhir")
MAPS = frozenset({"properties", "$defs", "dependentSchemas"})
DATA = frozenset({"const", "enum", "default", "examples", "required", "dependentRequired"})


def export_json_schema(template: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """A template is a JSON Schema already."""
    return dict(template), ()


def export_plain_json_schema(
    template: Mapping[str, Any],
) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """The same rules for documents, and nothing about asking."""
    loss = Loss(
        "",
        "Every `x-intake` was left out, and with it questions, labels and kinds.",
        "Plain JSON Schema was asked for.",
        "Keep the template; it stays the source.",
    )
    return stripped(template), (loss,)


def stripped(schema: Any) -> Any:
    """A schema without the annotations that only this program reads."""
    if isinstance(schema, list | tuple):
        return [stripped(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    found: dict[str, Any] = {}
    for key, item in schema.items():
        if key in OWN:
            continue
        if key in MAPS and isinstance(item, Mapping):
            found[key] = {name: stripped(sub) for name, sub in item.items()}
        else:
            found[key] = item if key in DATA else stripped(item)
    return found
