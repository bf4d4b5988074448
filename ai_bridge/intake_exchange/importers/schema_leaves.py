"""Turn the single values of any JSON Schema 2020-12 into fields that a visitor can be asked for."""

from collections.abc import Mapping
from typing import Any

from ai_bridge.intake.kinds import json_type, options_of
from ai_bridge.intake.patterns import pattern_fault
from ai_bridge.intake.problems import point
from ai_bridge.intake_exchange.drafting import Draft
from ai_bridge.intake_exchange.shapes import listed, mapping, name_of, scalar, words

Where = tuple[str | int, ...]
TYPES = ("string", "number", "integer", "boolean", "array", "object")
KEPT = frozenset(
    {"type", "format", "enum", "const", "pattern", "minimum", "maximum", "exclusiveMinimum",
     "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "default", "examples", "x-intake",
     "x-fhir", "oneOf", "anyOf"}
)  # fmt: skip
ARRAY = frozenset({"title", "description", "minItems", "maxItems", "uniqueItems", "x-intake"})
ANNOTATIONS = frozenset(
    {"$comment", "$id", "id", "title", "description", "readOnly", "writeOnly", "deprecated",
     "$schema", "$defs", "enumNames"}
)  # fmt: skip
FILES = frozenset({"binary", "byte", "data-url"})
WHAT_IT_IS = frozenset({"type", "enum", "const", "oneOf", "format", "properties", "x-intake"})


class Leaves:
    """Converts the schemas of single values; what cannot be kept goes to the draft's losses."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def is_object(self, schema: Mapping[str, Any]) -> bool:
        return json_type(schema) == "object" or "properties" in schema

    def unwrap(self, schema: Mapping[str, Any], where: Where) -> Mapping[str, Any]:
        """The schema without the wrappings that generators put around one meaning."""
        # Each round takes off one wrapping; a schema that keeps on wrapping is no form.
        for _ in range(8):
            inner = self._unwrapped(schema, where)
            if inner is schema:
                break
            schema = inner
        return self._single_type(schema, where)

    def _unwrapped(self, schema: Mapping[str, Any], where: Where) -> Mapping[str, Any]:
        parts = [part for part in listed(schema.get("allOf")) if isinstance(part, Mapping)]
        if parts and not self.is_object(schema) and "if" not in schema:
            around = {key: item for key, item in schema.items() if key != "allOf"}
            return {key: item for part in (*parts, around) for key, item in part.items()}
        for keyword in ("anyOf", "oneOf"):
            variants = [part for part in listed(schema.get(keyword)) if part != {"type": "null"}]
            if not variants or (options_of(schema) and len(variants) > 1):
                continue
            if self.is_object(schema) and len(variants) > 1:
                continue
            return self._first_variant(schema, keyword, variants, where)
        return schema

    def _first_variant(
        self, schema: Mapping[str, Any], keyword: str, variants: list[Any], where: Where
    ) -> Mapping[str, Any]:
        if len(variants) > 1:
            self.draft.lose(
                point(*where, keyword),
                f"Only the first of {len(variants)} forms of this value was kept.",
                "A field has one form.",
                "Make it several fields with a choice before them, if you need all forms.",
            )
        around = {key: item for key, item in schema.items() if key != keyword}
        return {**mapping(variants[0]), **around}

    def _single_type(self, schema: Mapping[str, Any], where: Where) -> Mapping[str, Any]:
        stated = schema.get("type")
        if not isinstance(stated, list):
            return schema
        known = [item for item in stated if item in TYPES]
        if len(known) > 1:
            self.draft.lose(
                point(*where, "type"),
                f"Taken as `{known[0]}`.",
                "A field has one type.",
                "Correct `type` in the draft.",
            )
        rest = {key: item for key, item in schema.items() if key != "type"}
        return {"type": known[0], **rest} if known else rest

    def array(self, schema: Mapping[str, Any], where: Where) -> dict[str, Any]:
        """What a list says besides its items."""
        for key in schema:
            if key not in ARRAY | {"type", "items"} | ANNOTATIONS:
                self._leave(key, where)
        return {"type": "array"} | {key: schema[key] for key in ARRAY if key in schema}

    def convert(self, schema: Mapping[str, Any], where: Where, in_branch: bool) -> Any:
        """One single value; None when nobody can type it."""
        if name_of(schema.get("format")) in FILES or "contentEncoding" in schema:
            self._lose_file(where)
            return None
        stored = json_type(schema)
        if stored == "array":
            self._lose_list(where)
            return None
        found = {key: item for key, item in schema.items() if key in KEPT}
        self._words(schema, found)
        if not options_of(found):
            found.pop("oneOf", None)
            found.pop("anyOf", None)
        narrows = in_branch and not WHAT_IT_IS & set(found)
        if stored not in TYPES and not options_of(found) and not narrows:
            self._lose_type(where)
            found = {"type": "string"} | {key: found[key] for key in found if key != "type"}
        self._pattern(found, where)
        for key in schema:
            if key not in KEPT | ANNOTATIONS:
                self._leave(key, where)
        if schema.get("readOnly") is True:
            found["x-intake"] = {**mapping(found.get("x-intake")), "hidden": True}
        return found

    def _words(self, schema: Mapping[str, Any], found: dict[str, Any]) -> None:
        for key, limit in (("title", 200), ("description", 2000)):
            if words(schema.get(key)):
                found[key] = words(schema[key], limit)
        names, options = listed(schema.get("enumNames")), options_of(schema)
        if names and len(names) == len(options):
            keys = [
                str(value).lower() if isinstance(value, bool) else str(value) for value in options
            ]
            labels = {
                key: words(name, 200) for key, name in zip(keys, names, strict=True) if words(name)
            }
            found["x-intake"] = {**mapping(found.get("x-intake")), "labels": labels}
        if isinstance(found.get("examples"), list):
            found["examples"] = [item for item in found["examples"] if scalar(item)]

    def _pattern(self, found: dict[str, Any], where: Where) -> None:
        stated = found.get("pattern")
        fault = pattern_fault(stated) if isinstance(stated, str) else None
        if fault:
            del found["pattern"]
            self.draft.lose(
                point(*where, "pattern"),
                "The pattern was left out.",
                fault,
                "Write a simpler one, such as ^[A-Z]{2}[0-9]{4}$.",
            )

    def _leave(self, key: str, where: Where) -> None:
        self.draft.lose(
            point(*where, key),
            f"`{key[:60]}` was left out.",
            "A field cannot be asked for by this rule.",
            "Check it where you receive the result.",
        )

    def _lose_file(self, where: Where) -> None:
        self.draft.lose(
            point(*where), "The field was left out.", "It is a file.", "Ask for it elsewhere."
        )

    def _lose_list(self, where: Where) -> None:
        self.draft.lose(
            point(*where),
            "The field was left out.",
            "It is a list whose items are not described by one schema.",
            "Describe them in `items`.",
        )

    def _lose_type(self, where: Where) -> None:
        self.draft.lose(
            point(*where),
            "Taken as text.",
            "The schema does not say which type it has.",
            "Add its `type`.",
        )
