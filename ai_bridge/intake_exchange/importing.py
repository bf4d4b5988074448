"""Recognise a format and make a draft template of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake import Problem, check_template
from ai_bridge.intake.bounds import bound_problems
from ai_bridge.intake_exchange.drafting import Draft
from ai_bridge.intake_exchange.importers.example import import_example
from ai_bridge.intake_exchange.importers.fhir import import_fhir
from ai_bridge.intake_exchange.importers.google_forms import import_google_forms
from ai_bridge.intake_exchange.importers.json_forms import import_json_forms
from ai_bridge.intake_exchange.importers.json_schema import import_json_schema
from ai_bridge.intake_exchange.importers.rjsf import import_rjsf
from ai_bridge.intake_exchange.importers.surveyjs import import_surveyjs
from ai_bridge.intake_exchange.importers.typeform import import_typeform
from ai_bridge.intake_exchange.losses import ExchangeError, Loss

Importer = Callable[[Mapping[str, Any]], Draft]
IMPORTERS: dict[str, Importer] = {
    "example": import_example,
    "json-schema": import_json_schema,
    "rjsf": import_rjsf,
    "json-forms": import_json_forms,
    "surveyjs": import_surveyjs,
    "typeform": import_typeform,
    "google-forms": import_google_forms,
    "fhir": import_fhir,
}
SCHEMA_SIGNS = frozenset(
    {"$schema", "$ref", "$defs", "definitions", "properties", "allOf", "anyOf", "oneOf", "not",
     "if", "const", "required", "patternProperties", "dependentRequired", "dependentSchemas",
     "prefixItems", "additionalProperties"}
)  # fmt: skip
SCHEMA_TYPES = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})


@dataclass(frozen=True, slots=True)
class Imported:
    """A draft template. `losses` point into the source, `problems` into the draft."""

    format: str
    template: dict[str, Any]
    losses: tuple[Loss, ...]
    problems: tuple[Problem, ...]


def recognise(source: Any) -> str:
    """The name of the format that a document is in. Raises ExchangeError when it is none."""
    if not isinstance(source, Mapping) or not source:
        raise ExchangeError(
            "The file holds no JSON object with anything in it. Give a form, a schema, or an "
            "example of the result."
        )
    if "resourceType" in source:
        return _fhir(source)
    if isinstance(source.get("schema"), Mapping):
        return "json-forms" if "uischema" in source else "rjsf"
    if "fields" in source and _holds_objects(source["fields"]):
        return "typeform"
    if "items" in source and "info" in source:
        return "google-forms"
    if any(_holds_objects(source.get(key)) for key in ("pages", "elements", "questions")):
        return "surveyjs"
    return "json-schema" if _is_schema(source) else "example"


def _fhir(source: Mapping[str, Any]) -> str:
    if source["resourceType"] == "Questionnaire":
        return "fhir"
    raise ExchangeError(
        f"This is a FHIR `{str(source['resourceType'])[:40]}`, and only a Questionnaire becomes a "
        "template. Export the Questionnaire."
    )


def _holds_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(i, Mapping) for i in value)


def _is_schema(source: Mapping[str, Any]) -> bool:
    if "$schema" in source or isinstance(source.get("properties"), Mapping):
        return True
    typed = isinstance(source.get("type"), str) and source["type"] in SCHEMA_TYPES
    # An example result may well have a field called `type`, `not` or `required`.
    return typed or any(
        isinstance(source[key], Mapping | list) for key in SCHEMA_SIGNS & set(source)
    )


def import_template(source: Any, source_format: str = "") -> Imported:
    """A draft template of a parsed document, in a named format or the recognised one.

    The draft has problems only where they are named. Raises ExchangeError when no draft can be
    made at all.
    """
    unsafe = bound_problems(source)
    if unsafe:
        raise ExchangeError(" ".join(map(str, unsafe[:3])))
    name = source_format or recognise(source)
    if name not in IMPORTERS:
        known = ", ".join(IMPORTERS)
        raise ExchangeError(f"`{name[:40]}` is no format to import. Use one of: {known}.")
    if not isinstance(source, Mapping):
        raise ExchangeError("The file holds no JSON object. Give the form's or schema's object.")
    draft = IMPORTERS[name](source)
    template = draft.template()
    if not template.get("properties"):
        reasons = " ".join(str(loss) for loss in draft.losses[:3])
        raise ExchangeError(f"Read as {name}, the file holds nothing to ask for. {reasons}".strip())
    return Imported(name, template, tuple(draft.losses), check_template(template))
