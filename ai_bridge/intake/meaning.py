"""What a good template means: its fields, when each applies, and the document they make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from ai_bridge.intake.conditions import Reach, Rules, reach
from ai_bridge.intake.fields import IntakeField
from ai_bridge.intake.problems import Problem, point


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """How the whole intake is led."""

    greeting: str = ""
    closing: str = ""
    tone: str = ""
    language: str = "en"
    region: str = ""
    confirm: bool = True
    idle_minutes: int = 30
    max_turns: int = 60


@dataclass(frozen=True, slots=True)
class Intake:
    """A compiled template. `values` maps a leaf's path to its normalised JSON value everywhere."""

    document: Mapping[str, Any]
    hash: str
    title: str
    settings: IntakeSettings
    fields: tuple[IntakeField, ...]
    rules: Rules = field(repr=False, compare=False)
    conditional: frozenset[str] = field(repr=False)
    by_path: Mapping[str, IntakeField] = field(repr=False)
    validator: Validator = field(repr=False, compare=False)

    def field(self, path: str) -> IntakeField | None:
        return self.by_path.get(path)

    def applicable(self, values: Mapping[str, Any]) -> frozenset[str]:
        """The leaves that may hold a value while these values stand.

        A value whose own condition does not hold takes no part in other conditions.
        """
        live = frozenset(self.by_path)
        document = _nest(values, live)
        # Each round settles at least one link of a chain of conditions.
        for _ in range(len(self.fields) + 1):
            live = self._applicable_once(document)
            narrowed = _nest(values, live)
            if narrowed == document:
                break
            document = narrowed
        return live

    def _applicable_once(self, document: Mapping[str, Any]) -> frozenset[str]:
        found = reach(self.rules, document)
        closed = self.conditional - found.required
        open_nodes = found.declared - found.banned - closed
        return frozenset(
            path
            for path in self.by_path
            if all(node in open_nodes for node in (*_parents(path), path))
        )

    def required(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """The leaves that must hold a value now, in asking order."""
        live = self.applicable(values)
        found = reach(self.rules, _nest(values, live))
        return tuple(
            item.path
            for item in self.fields
            if item.path in live
            and item.path in found.required
            and self._wanted(item, found, values)
        )

    def _wanted(self, item: IntakeField, found: Reach, values: Mapping[str, Any]) -> bool:
        """An optional object asks for its required parts only once one part is there."""
        return all(
            node in found.required or any(path.startswith(node + ".") for path in values)
            for node in _parents(item.path)
        )

    def to_document(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The nested JSON result. Inapplicable, absent (None) and empty values are left out."""
        return _nest(values, self.applicable(values))

    def problems_of(self, document: Any) -> tuple[Problem, ...]:
        """What a stock JSON Schema validator (2020-12, formats checked) says of a result."""
        errors = sorted(
            self.validator.iter_errors(document), key=lambda error: list(map(str, error.path))
        )
        return tuple(_problem(error) for error in errors)


def _parents(path: str) -> tuple[str, ...]:
    parts = path.split(".")
    return tuple(".".join(parts[:count]) for count in range(1, len(parts)))


def _nest(values: Mapping[str, Any], live: frozenset[str]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for path, value in values.items():
        if path not in live or value is None or value == [] or value == {}:
            continue
        *parents, name = path.split(".")
        node = document
        for parent in parents:
            node = node.setdefault(parent, {})
        node[name] = value
    return document


def _problem(error: ValidationError) -> Problem:
    pointer = point(*error.absolute_path)
    if error.validator == "required":
        missing = next(
            (name for name in _names(error.validator_value) if repr(name) in error.message), ""
        )
        return Problem(pointer + point(missing), "The value is missing.", "Give it.")
    return Problem(pointer, f"{error.message[:300]}.", f"Meet `{error.validator}` of the template.")


def _names(stated: Any) -> list[str]:
    return [str(name) for name in stated] if isinstance(stated, list) else []


def make_validator(document: Mapping[str, Any]) -> Validator:
    """A validator that checks formats and never retrieves anything."""
    return Draft202012Validator(document, format_checker=Draft202012Validator.FORMAT_CHECKER)
