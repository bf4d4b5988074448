"""What an intake template means: shared by the editor's checks and by filling."""

from ai_bridge.intake.bounds import canonical_json, template_hash
from ai_bridge.intake.check import check_template, compile_template
from ai_bridge.intake.fields import IntakeField
from ai_bridge.intake.languages import in_language
from ai_bridge.intake.lint import lint_template
from ai_bridge.intake.meaning import Intake, IntakeSettings
from ai_bridge.intake.problems import Problem, TemplateInvalid
from ai_bridge.intake.reading import JsonFile, UnreadableJson, read_json

__all__ = [
    "Intake",
    "IntakeField",
    "IntakeSettings",
    "JsonFile",
    "Problem",
    "TemplateInvalid",
    "UnreadableJson",
    "canonical_json",
    "check_template",
    "compile_template",
    "in_language",
    "lint_template",
    "read_json",
    "template_hash",
]
