"""Write a template, or values that were collected with it, in another format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake import TemplateInvalid, check_template
from ai_bridge.intake_exchange.exporters.fhir import export_fhir, export_fhir_r5
from ai_bridge.intake_exchange.exporters.fhir_response import export_fhir_response
from ai_bridge.intake_exchange.exporters.json_schema import (
    export_json_schema,
    export_plain_json_schema,
)
from ai_bridge.intake_exchange.exporters.rjsf import export_rjsf
from ai_bridge.intake_exchange.exporters.surveyjs import export_surveyjs
from ai_bridge.intake_exchange.losses import ExchangeError, Loss

Exporter = Callable[[Mapping[str, Any]], tuple[dict[str, Any], tuple[Loss, ...]]]
EXPORTERS: dict[str, Exporter] = {
    "json-schema": export_json_schema,
    "json-schema-plain": export_plain_json_schema,
    "rjsf": export_rjsf,
    "surveyjs": export_surveyjs,
    "fhir": export_fhir,
    "fhir-r5": export_fhir_r5,
}


@dataclass(frozen=True, slots=True)
class Exported:
    """A document in another format. `losses` point into the template, or into the values."""

    format: str
    document: dict[str, Any]
    losses: tuple[Loss, ...]


def export_template(template: Mapping[str, Any], target: str) -> Exported:
    """Raises TemplateInvalid for a template with problems, ExchangeError for an unknown format."""
    if target not in EXPORTERS:
        known = ", ".join(EXPORTERS)
        raise ExchangeError(f"`{target[:40]}` is no format to export to. Use one of: {known}.")
    _check(template)
    document, losses = EXPORTERS[target](template)
    return Exported(target, document, losses)


def export_response(template: Mapping[str, Any], values: Any) -> Exported:
    """Collected values as a FHIR QuestionnaireResponse. Raises as `export_template` does."""
    _check(template)
    if not isinstance(values, Mapping):
        raise ExchangeError("The values are no JSON object. Give the result document of a session.")
    document, losses = export_fhir_response(template, values)
    return Exported("fhir-response", document, losses)


def _check(template: Mapping[str, Any]) -> None:
    problems = check_template(template)
    if problems:
        raise TemplateInvalid(problems)
