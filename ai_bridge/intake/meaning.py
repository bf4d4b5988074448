"""What a good template means: its fields, when each applies, and the document they make."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from ai_bridge.intake.conditions import ItemRules, Reach, Rules, reach
from ai_bridge.intake.fields import IntakeField, join
from ai_bridge.intake.formats import FORMATS
from ai_bridge.intake.kinds import REPEATED
from ai_bridge.intake.nesting import nest
from ai_bridge.intake.problems import Problem, point
from ai_bridge.intake.repeats import Items, Repeat, item_path, items_in, parents, repeat_of

# Shapes of one template that are kept ready: how many items of what.
MAX_GROWN = 64


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


class Growth:
    """What was grown from one intake before: kept to save time, never looked at otherwise."""

    def __init__(self) -> None:
        self.intakes: dict[tuple[tuple[str, tuple[int, ...]], ...], Intake] = {}
        self.rules: dict[str, Rules | None] = {}
        self.languages: dict[str, Intake] = {}
        self.settled: tuple[str, frozenset[str]] = "", frozenset()

    def rules_of(self, repeat: Repeat, index: int) -> Rules | None:
        path = item_path(repeat.path, index)
        if path not in self.rules:
            self.rules[path] = repeat.rules_at(index)
        return self.rules[path]

    def grow(self, base: "Intake", items: Items) -> "Intake":
        key = tuple(items.items())
        found = self.intakes.get(key)
        if found is None:
            if len(self.intakes) >= MAX_GROWN:
                self.intakes.clear()
                self.rules.clear()
            found = self.intakes[key] = _grow(base, items)
        return found


@dataclass(frozen=True, slots=True)
class Intake:
    """A compiled template. `values` maps a leaf's path to its normalised JSON value everywhere.

    Of a repeated field each item has fields of its own (`rooms[1].name`). They are there once
    `grown` was told of the item; `applicable`, `required` and `to_document` see the items of the
    values that they are given by themselves.
    """

    document: Mapping[str, Any]
    hash: str
    title: str
    settings: IntakeSettings
    fields: tuple[IntakeField, ...]
    rules: Rules = field(repr=False, compare=False)
    conditional: frozenset[str] = field(repr=False)
    by_path: Mapping[str, IntakeField] = field(repr=False)
    validator: Validator = field(repr=False, compare=False)
    repeats: Mapping[str, Repeat] = field(repr=False, compare=False)
    has_ranges: bool = False
    items: Items = field(default_factory=dict, repr=False)
    base: "Intake | None" = field(default=None, repr=False, compare=False)
    growth: Growth = field(default_factory=Growth, repr=False, compare=False)

    def field(self, path: str) -> IntakeField | None:
        found = self.by_path.get(path)
        if found is None and self.repeats and "[" in path:
            return self.grown((path,)).by_path.get(path)
        return found

    def grown(self, paths: Iterable[str]) -> "Intake":
        """The same intake with the fields of all items that these paths speak of."""
        if not self.repeats:
            return self
        items = items_in(paths)
        if self.base is not None:
            items = {**self.items, **{path: _both(self, path, items[path]) for path in items}}
        return self if items == self.items else self.growth.grow(self.base or self, items)

    def applicable(self, values: Mapping[str, Any]) -> frozenset[str]:
        """The leaves that may hold a value while these values stand.

        A value whose own condition does not hold takes no part in other conditions.
        """
        return self.grown(values)._applicable(values)

    def _applicable(self, values: Mapping[str, Any]) -> frozenset[str]:
        # A turn asks several times for the values that it began with, and for those it ends with.
        asked = repr((self.items, values))
        known = self.growth.settled
        if known[0] != asked:
            known = self.growth.settled = asked, self._settle(values)
        return known[1]

    def _settle(self, values: Mapping[str, Any]) -> frozenset[str]:
        live = frozenset(self.by_path)
        document, items = self._nest(values, live)
        # Each round settles at least one link of a chain of conditions.
        for _ in range(len(self.fields) + 1):
            live = self._applicable_once(document, items)
            narrowed, items = self._nest(values, live)
            if narrowed == document:
                break
            document = narrowed
        return live

    def _applicable_once(self, document: Mapping[str, Any], items: ItemRules) -> frozenset[str]:
        found = reach(self.rules, document, items)
        closed = self.conditional - found.required
        open_nodes = found.declared - found.banned - closed
        return frozenset(
            path
            for path in self.by_path
            if path in open_nodes and all(node in open_nodes for node in parents(path))
        )

    def required(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """The leaves that must hold a value now, in asking order.

        A repeated field is among them until it has as many items as it needs.
        """
        whole = self.grown(values)
        live = whole._applicable(values)
        found = reach(whole.rules, *whole._nest(values, live))
        return tuple(
            item.path
            for item in whole.fields
            if item.path in live
            and item.path in found.required
            and whole._wanted(item, found, values)
        )

    def _wanted(self, item: IntakeField, found: Reach, values: Mapping[str, Any]) -> bool:
        """An optional object asks for its required parts only once one part is there."""
        repeat = self.repeats.get(item.path)
        if repeat is not None and self.has_enough(repeat, values):
            return False
        return all(
            node in found.required
            or any(path.startswith((node + ".", node + "[")) for path in values)
            for node in parents(item.path)
            if not (node in self.repeats and item.item)
        )

    def has_enough(self, repeat: Repeat, values: Mapping[str, Any]) -> bool:
        """Whether a required repeated field has as many items as it needs: one at least."""
        return len(items_in(values).get(repeat.path, ())) >= max(1, repeat.least)

    def to_document(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The nested JSON result. Inapplicable, absent (None) and empty values are left out."""
        whole = self.grown(values)
        return whole._nest(values, whole._applicable(values))[0]

    def _nest(
        self, values: Mapping[str, Any], live: frozenset[str]
    ) -> tuple[dict[str, Any], ItemRules]:
        """The document, and every begun item with its rules and what it holds."""
        document, held = nest(values, live)
        if not self.items:
            return document, {}
        return document, {
            path: tuple(
                (
                    item_path(path, index),
                    self.growth.rules_of(self.repeats[path], index),
                    held.get(item_path(path, index)),
                )
                for index in indexes
            )
            for path, indexes in self.items.items()
            if path in self.repeats
        }

    def problems_of(self, document: Any) -> tuple[Problem, ...]:
        """What a stock JSON Schema validator (2020-12, formats checked) says of a result."""
        errors = sorted(
            self.validator.iter_errors(document), key=lambda error: list(map(str, error.path))
        )
        return tuple(_problem(error) for error in errors)

    def path_at(self, pointer: str, values: Mapping[str, Any]) -> str:
        """The path of what a JSON pointer into the document names; gaps make the two differ."""
        items, path = items_in(values), ""
        for part in pointer.strip("/").split("/"):
            indexes = items.get(path)
            if indexes is not None and part.isdecimal() and int(part) < len(indexes):
                path = item_path(path, indexes[int(part)])
            else:
                path = join(path, part.replace("~1", "/").replace("~0", "~"))
        return path


def _both(intake: Intake, path: str, indexes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({*intake.items.get(path, ()), *indexes}))


def _grow(base: Intake, items: Items) -> Intake:
    repeats = dict(base.repeats)
    fields = tuple(_with_items(base.fields, items, repeats))
    conditional = {
        join(item_path(path, index), inside)
        for path, indexes in items.items()
        if path in repeats
        for index in indexes
        for inside in repeats[path].conditional
    }
    return replace(
        base,
        fields=fields,
        conditional=base.conditional | conditional,
        by_path={field.path: field for field in fields},
        repeats=repeats,
        items=items,
        base=base,
    )


def _with_items(
    fields: Iterable[IntakeField], items: Items, repeats: dict[str, Repeat]
) -> Iterator[IntakeField]:
    """Each repeated field after its items, so that "another?" is asked when they are complete."""
    for found in fields:
        if found.kind in REPEATED:
            repeat = repeats.setdefault(found.path, repeat_of(found))
            for index in items.get(found.path, ()):
                yield from _with_items(repeat.fields_at(index), items, repeats)
        yield found


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
    return Draft202012Validator(document, format_checker=FORMATS)
