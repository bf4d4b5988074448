"""Turn the objects and fields of any JSON Schema 2020-12 into those a template can ask for."""

from collections.abc import Iterator, Mapping
from typing import Any

from ai_bridge.intake.problems import point
from ai_bridge.intake_exchange.drafting import Draft
from ai_bridge.intake_exchange.importers.schema_leaves import Leaves
from ai_bridge.intake_exchange.importers.schema_pruning import prune
from ai_bridge.intake_exchange.naming import is_good_name, name_from
from ai_bridge.intake_exchange.shapes import listed, mapping, texts, words

Where = tuple[str | int, ...]
KEPT = frozenset({"type", "properties", "required", "title", "description", "x-intake"})
CONDITIONS = frozenset({"if", "then", "else", "allOf", "dependentRequired", "dependentSchemas"})
# Say nothing that a visitor could be asked for, and change no result.
SILENT = frozenset(
    {"$schema", "$id", "id", "$comment", "$defs", "$anchor", "$dynamicAnchor", "$vocabulary",
     "$ref", "default", "examples", "additionalProperties", "unevaluatedProperties", "readOnly",
     "writeOnly", "deprecated", "minProperties"}
)  # fmt: skip


class Objects:
    """Converts object schemas; what cannot be kept goes to the draft's losses."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.leaves = Leaves(draft)

    def convert(
        self, schema: Mapping[str, Any], where: Where, outer: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """One object schema, or with `outer` (the object's names) a branch of its conditions."""
        names = self._names(schema, where) if outer is None else outer
        found: dict[str, Any] = {
            key: words(schema[key], 200 if key == "title" else 2000)
            for key in ("title", "description")
            if words(schema.get(key)) and outer is None
        }
        if outer is None:
            found["type"] = "object"
            if where and isinstance(schema.get("x-intake"), Mapping):
                found["x-intake"] = dict(schema["x-intake"])
        properties = dict(self._properties(schema, where, names, outer is not None))
        if properties or outer is None:
            found["properties"] = properties
        if outer is None and set(properties) == {"amount", "currency"}:
            found["x-intake"] = {"kind": "money", **mapping(found.get("x-intake"))}
        self._required(schema, where, names, found)
        self._branches(schema, where, names, found)
        if outer is None:
            prune(found)
        self._leave(schema, where)
        return found

    def _names(self, schema: Mapping[str, Any], where: Where) -> dict[str, str]:
        """The name in the draft of every property that the object or a branch declares."""
        names: dict[str, str] = {}
        for name in declared_names(schema):
            if name in names:
                continue
            names[name] = name_from(name, set(names.values()))
            if not is_good_name(name):
                self.draft.lose(
                    point(*where, "properties", name),
                    f"`{name[:60]}` is called `{names[name]}` in the draft.",
                    "A field's name has letters, digits, _ and -, a letter first.",
                    "Map it back where you receive the result.",
                )
        return names

    def _properties(
        self, schema: Mapping[str, Any], where: Where, names: Mapping[str, str], in_branch: bool
    ) -> Iterator[tuple[str, Any]]:
        for name, sub in mapping(schema.get("properties")).items():
            found = self.field(sub, (*where, "properties", name), in_branch)
            if found is not None:
                yield names[name], found

    def field(self, schema: Any, where: Where, in_branch: bool = False) -> Any:
        """One property; None when there is nothing to ask for."""
        if in_branch and (schema is False or schema is True or schema == {}):
            return schema
        if schema is False:
            self.draft.lose(
                point(*where), "The field was left out.", "Its schema allows no value.", "Drop it."
            )
            return None
        schema = self.leaves.unwrap(mapping(schema), where)
        if self.leaves.is_object(schema):
            if not _declares(schema):
                return self._empty_object(where)
            return self.convert(schema, where)
        if schema.get("type") == "array" and isinstance(schema.get("items"), Mapping):
            return self._array(schema, where)
        return self.leaves.convert(schema, where, in_branch)

    def _array(self, schema: Mapping[str, Any], where: Where) -> Any:
        items = self.leaves.unwrap(mapping(schema["items"]), (*where, "items"))
        if self.leaves.is_object(items) and _declares(items):
            converted: Any = self.convert(items, (*where, "items"))
        elif self.leaves.is_object(items) or items.get("type") == "array":
            return self._empty_object(where)
        else:
            converted = self.leaves.convert(items, (*where, "items"), in_branch=False)
        if converted is None:
            return None
        return self.leaves.array(schema, where) | {"items": converted}

    def _empty_object(self, where: Where) -> None:
        self.draft.lose(
            point(*where),
            "The field was left out.",
            "It is an object or a list whose parts are not described.",
            "List the parts in `properties`.",
        )

    def _required(
        self,
        schema: Mapping[str, Any],
        where: Where,
        names: Mapping[str, str],
        found: dict[str, Any],
    ) -> None:
        stated = texts(schema.get("required"))
        kept = [names[name] for name in stated if name in names]
        for name in stated:
            if name not in names:
                self.draft.lose(
                    point(*where, "required"),
                    f"`{name[:60]}` is not required in the draft.",
                    "The schema requires it and does not describe it.",
                    "Add the field to `properties`.",
                )
        if kept:
            found["required"] = list(dict.fromkeys(kept))

    def _branches(
        self,
        schema: Mapping[str, Any],
        where: Where,
        names: Mapping[str, str],
        found: dict[str, Any],
    ) -> None:
        if isinstance(schema.get("if"), Mapping):
            found["if"] = renamed(schema["if"], names)
            for key in ("then", "else"):
                if isinstance(schema.get(key), Mapping):
                    found[key] = self.convert(schema[key], (*where, key), names)
        parts = [
            self.convert(part, (*where, "allOf", index), names)
            for index, part in enumerate(listed(schema.get("allOf")))
            if isinstance(part, Mapping)
        ]
        if any(parts):
            found["allOf"] = [part for part in parts if part]
        needs = {
            names[name]: [names[other] for other in texts(needed) if other in names]
            for name, needed in mapping(schema.get("dependentRequired")).items()
            if name in names
        }
        if needs:
            found["dependentRequired"] = needs
        schemas = {
            names[name]: self.convert(part, (*where, "dependentSchemas", name), names)
            for name, part in mapping(schema.get("dependentSchemas")).items()
            if name in names and isinstance(part, Mapping)
        }
        if schemas:
            found["dependentSchemas"] = schemas

    def _leave(self, schema: Mapping[str, Any], where: Where) -> None:
        left = [key for key in schema if key not in KEPT | CONDITIONS | SILENT]
        open_schemas = [
            key
            for key in ("additionalProperties", "unevaluatedProperties")
            if isinstance(schema.get(key), Mapping)
        ]
        for key in (*left, *open_schemas):
            self.draft.lose(
                point(*where, key),
                f"`{key[:60]}` was left out.",
                "An intake asks only for fields that are named.",
                "Name the fields, or check this rule where you receive the result.",
            )


def declared_names(schema: Mapping[str, Any]) -> Iterator[str]:
    """Every property of the object itself and of the branches of its conditions."""
    yield from mapping(schema.get("properties"))
    parts = [schema.get("then"), schema.get("else"), *listed(schema.get("allOf"))]
    for part in (*parts, *mapping(schema.get("dependentSchemas")).values()):
        if isinstance(part, Mapping):
            yield from declared_names(part)


def _declares(schema: Mapping[str, Any]) -> bool:
    return any(True for _ in declared_names(schema))


def renamed(condition: Any, names: Mapping[str, str]) -> Any:
    """A condition of an object with its properties under their names in the draft."""
    if not isinstance(condition, Mapping):
        return condition
    found = dict(condition)
    if isinstance(found.get("properties"), Mapping):
        found["properties"] = {
            names.get(name, name): renamed(sub, {}) for name, sub in found["properties"].items()
        }
    if "required" in found:
        found["required"] = [names.get(name, name) for name in texts(found["required"])]
    for key in ("allOf", "anyOf", "oneOf"):
        if key in found:
            found[key] = [renamed(part, names) for part in listed(found[key])]
    if "not" in found:
        found["not"] = renamed(found["not"], names)
    return found
