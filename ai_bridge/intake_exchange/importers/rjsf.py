"""A draft from RJSF: a JSON Schema with a uiSchema beside it."""

from collections.abc import Mapping
from typing import Any

from ai_bridge.intake.kinds import options_of
from ai_bridge.intake.problems import point
from ai_bridge.intake_exchange.drafting import Draft
from ai_bridge.intake_exchange.importers.json_schema import import_json_schema
from ai_bridge.intake_exchange.importers.schema_fields import declared_names
from ai_bridge.intake_exchange.naming import name_from
from ai_bridge.intake_exchange.shapes import listed, mapping, words

Where = tuple[str | int, ...]
# Only how the form looks; a conversation has nothing like it.
LOOKS = frozenset(
    {"classNames", "options", "autofocus", "emptyValue", "rows", "inputType", "label", "style",
     "submitButtonOptions", "rootFieldId", "globalOptions", "enumDisabled", "orderable", "addable",
     "removable", "copyable", "inline", "autocomplete"}
)  # fmt: skip
WIDGETS = frozenset(
    {"hidden", "textarea", "password", "radio", "select", "checkbox", "checkboxes", "updown",
     "range", "text", "email", "uri", "date", "datetime", "time", "alt-date", "alt-datetime"}
)  # fmt: skip
MEANINGFUL: dict[str, dict[str, Any]] = {"hidden": {"hidden": True}, "password": {"mask": "full"}}
# What a browser is told about a text says what kind it is.
KINDS = {
    "inputType": {"tel": "phone", "time": "time"},
    "autocomplete": {"name": "name", "street-address": "address", "transaction-amount": "money"},
}


def import_rjsf(source: Mapping[str, Any]) -> Draft:
    draft = import_json_schema(mapping(source.get("schema")), ("schema",))
    _apply(draft, draft.top.schema, mapping(source.get("uiSchema")), ("uiSchema",))
    return draft


def _apply(draft: Draft, schema: dict[str, Any], ui: Mapping[str, Any], where: Where) -> None:
    hints = {
        key.removeprefix("ui:"): (item, (*where, key))
        for key, item in ui.items()
        if key.startswith("ui:")
    }
    for key, item in mapping(ui.get("ui:options")).items():
        hints.setdefault(key, (item, (*where, "ui:options", key)))
    for key, (item, place) in hints.items():
        _hint(draft, schema, key, item, place)
    for key, item in ui.items():
        if key.startswith("ui:") or not isinstance(item, Mapping):
            continue
        found = schema.get("items") if key == "items" else find_property(schema, name_from(key))
        if isinstance(found, dict):
            _apply(draft, found, item, (*where, key))


def find_property(schema: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """The property's schema in the object itself or in a branch of its conditions."""
    found = mapping(schema.get("properties")).get(name)
    if isinstance(found, dict):
        return found
    parts = (schema.get("then"), schema.get("else"), *listed(schema.get("allOf")))
    for part in (*parts, *mapping(schema.get("dependentSchemas")).values()):
        inner = find_property(part, name) if isinstance(part, Mapping) else None
        if inner is not None:
            return inner
    return None


def annotate(schema: dict[str, Any], **hints: Any) -> None:
    """Put hints on how to ask beside those that the field has."""
    schema["x-intake"] = {**mapping(schema.get("x-intake")), **hints}


def _hint(draft: Draft, schema: dict[str, Any], key: str, item: Any, where: Where) -> None:
    text = words(item)
    if key in ("title", "description") and text:
        schema[key] = text
    elif key in ("enumNames", "order"):
        (_labels if key == "enumNames" else _order)(schema, listed(item))
    else:
        found = _asking(schema, key, item, text)
        if found:
            annotate(schema, **found)
        elif found is None:
            draft.lose(
                point(*where),
                f"`ui:{key[:60]}` was left out.",
                "A conversation has no such part of a form.",
                "Word the question so that it does without.",
            )


def _asking(schema: Mapping[str, Any], key: str, item: Any, text: str) -> dict[str, Any] | None:
    """What a hint says about asking; empty when it only changes looks, None when it is lost."""
    if key in ("help", "placeholder") and text:
        return {"help": text} if key == "help" else {"examples": [text]}
    if text in KINDS.get(key, {}) and "format" not in schema:
        return {"kind": KINDS[key][text]}
    if key in ("readonly", "disabled"):
        return {"hidden": True} if item is True else {}
    if key == "widget" and text in WIDGETS:
        return MEANINGFUL.get(text, {})
    return {} if key in LOOKS else None


def _labels(schema: dict[str, Any], names: list[Any]) -> None:
    options = options_of(schema)
    if len(names) == len(options):
        pairs = zip(options, names, strict=True)
        annotate(schema, labels={str(value): words(name, 200) for value, name in pairs})


def _order(schema: dict[str, Any], names: list[Any]) -> None:
    """Fields that the list does not name stand where its `*` stands, or at the end."""
    order = [name_from(name) for name in names if isinstance(name, str) and name != "*"]
    if "*" in names:
        rest = [name for name in dict.fromkeys(declared_names(schema)) if name not in order]
        cut = names.index("*")
        order[cut:cut] = rest
    for rank, name in enumerate(order, start=1):
        found = find_property(schema, name)
        if found is not None:
            annotate(found, order=rank)
