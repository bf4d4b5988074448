"""Read a template: every problem at once, or its meaning."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from ai_bridge.intake.bounds import bound_problems, template_hash
from ai_bridge.intake.conditions import compile_rules, conditional_paths
from ai_bridge.intake.field_rules import field_problems, pattern_problems
from ai_bridge.intake.fields import leaf_fields
from ai_bridge.intake.meaning import Intake, IntakeSettings, make_validator
from ai_bridge.intake.problems import Problem, TemplateInvalid, point
from ai_bridge.intake.references import resolve_references
from ai_bridge.intake.repeats import repeats_of

MAX_REPORTED = 100
SETTING_NAMES = frozenset(IntakeSettings.__slots__)


@cache
def template_schema() -> Mapping[str, Any]:
    """The published schema of templates, for validation and for an editor's completion."""
    source = files("ai_bridge.intake").joinpath("intake-template.schema.json")
    loaded: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return loaded


@cache
def _template_validator() -> Validator:
    return make_validator(template_schema())


@cache
def _dialect_validator() -> Validator:
    return Draft202012Validator(Draft202012Validator.META_SCHEMA)


def check_template(document: Any) -> tuple[Problem, ...]:
    """Everything that is wrong with a template, each with its place and mend; empty when good."""
    problems = bound_problems(document)
    if not problems and not isinstance(document, Mapping):
        problems = (Problem("", "A template is a JSON object.", 'Begin with {"type": "object"}.'),)
    if problems:
        return problems[:MAX_REPORTED]
    return tuple(_unique(_problems(document)))[:MAX_REPORTED]


def _problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    dialect = [_dialect_problem(error) for error in _dialect_validator().iter_errors(document)]
    own = [
        _template_problem(leaf)
        for error in _template_validator().iter_errors(document)
        for leaf in _deepest(error)
    ]
    resolved, unresolved = resolve_references(document)
    yield from own
    yield from dialect
    yield from unresolved
    yield from pattern_problems(document)
    # With a broken shape the fields cannot be read; guessing would only add echoes.
    if not dialect and isinstance(resolved.get("properties"), Mapping):
        broken = tuple(problem.pointer for problem in unresolved)
        for problem in field_problems(resolved):
            if not any(pointer.startswith(problem.pointer + "/") for pointer in broken):
                yield problem


def _deepest(error: ValidationError) -> Iterator[ValidationError]:
    if error.validator in ("allOf", "if", "$ref") and error.context:
        for inner in error.context:
            yield from _deepest(inner)
    else:
        yield error


def _unique(problems: Iterator[Problem]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for problem in problems:
        key = (problem.pointer, problem.detail)
        if key not in seen:
            seen.add(key)
            yield problem


def _dialect_problem(error: ValidationError) -> Problem:
    return Problem(
        point(*error.absolute_path),
        f"{_short(error.message)} (JSON Schema 2020-12).",
        "Write it as JSON Schema 2020-12 asks.",
    )


def _template_problem(error: ValidationError) -> Problem:
    mends = {
        "additionalProperties": "Use only: " + ", ".join(_allowed(error)) + ".",
        "enum": "Use one of: " + ", ".join(map(str, error.validator_value or ())) + "."
        if isinstance(error.validator_value, list)
        else "",
        "required": "Add it.",
        "pattern": "Write it in the form the description of this setting gives.",
        "const": f"Write {json.dumps(error.validator_value)}.",
    }
    if "propertyNames" in error.absolute_schema_path:
        detail = f"`{_short(str(error.instance))}` cannot be a field's name."
        return Problem(
            point(*error.absolute_path),
            detail,
            "Use letters, digits, _ and -, a letter first, at most 64 characters.",
        )
    mend = (
        mends.get(str(error.validator), "") or f"Meet `{error.validator}` of the template schema."
    )
    # The mend lists what may stand here; once is enough.
    is_choice = error.validator == "enum"
    detail = f"`{error.instance}` is not known here" if is_choice else error.message
    return Problem(point(*error.absolute_path), f"{_short(detail)}.", mend)


def _allowed(error: ValidationError) -> list[str]:
    schema = error.schema
    return sorted(schema.get("properties", {})) if isinstance(schema, Mapping) else []


def _short(message: str) -> str:
    return message if len(message) <= 240 else f"{message[:160]} … {message[-60:]}"


def compile_template(document: Mapping[str, Any]) -> Intake:
    """The meaning of a good template. Raises TemplateInvalid with every problem otherwise."""
    problems = check_template(document)
    if problems:
        raise TemplateInvalid(problems)
    resolved, _ = resolve_references(document)
    return meaning_of(resolved, document)


def meaning_of(resolved: Mapping[str, Any], document: Mapping[str, Any]) -> Intake:
    """The meaning of a checked template whose references are in place."""
    fields = leaf_fields(resolved)
    repeats = repeats_of(fields)
    inside = (part for repeat in repeats.values() for part in repeat.parts)
    stated = resolved.get("x-intake") or {}
    return Intake(
        document=document,
        hash=template_hash(document),
        title=str(resolved.get("title") or ""),
        settings=IntakeSettings(
            **{name: value for name, value in stated.items() if name in SETTING_NAMES}
        ),
        fields=fields,
        rules=compile_rules(resolved),
        conditional=conditional_paths(resolved),
        by_path={field.path: field for field in fields},
        validator=make_validator(resolved),
        repeats=repeats,
        has_ranges=any(field.range_end for field in (*fields, *inside)),
    )
