"""Which fields may hold a value now, and which must: the template's conditions, evaluated.

They are asked a dozen times a turn, hence the compiled validator; results and templates are judged
by the stock one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema_rs import Draft202012Validator

from ai_bridge.intake.fields import branches, join
from ai_bridge.intake.kinds import is_leaf


@dataclass(slots=True)
class Reach:
    """What the template says about each property path, given one document."""

    declared: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)
    banned: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Rules:
    """One object schema, ready to be asked again and again. Paths are whole ones."""

    declared: tuple[tuple[str, str, "Rules | None"], ...]
    banned: frozenset[str]
    required: frozenset[str]
    dependents: tuple[tuple[str, frozenset[str]], ...]
    always: tuple["Rules", ...]
    when_present: tuple[tuple[str, "Rules"], ...]
    condition: Draft202012Validator | None
    then: "Rules | None"
    otherwise: "Rules | None"


def compile_rules(schema: Mapping[str, Any], prefix: str = "") -> Rules:
    """The rules of a resolved object schema; `prefix` is the path of the object."""
    properties = (schema.get("properties") or {}).items()
    parts = {where: compile_rules(part, prefix) for part, where, _ in branches(schema)}
    has_condition = "if" in schema
    return Rules(
        declared=tuple(
            (name, join(prefix, name), _inside(sub, join(prefix, name)))
            for name, sub in properties
            if sub is not False
        ),
        banned=frozenset(join(prefix, name) for name, sub in properties if sub is False),
        required=_paths(prefix, schema.get("required")),
        dependents=tuple(
            (name, _paths(prefix, needed))
            for name, needed in (schema.get("dependentRequired") or {}).items()
        ),
        always=tuple(part for where, part in parts.items() if where[0] == "allOf"),
        when_present=tuple(
            (str(where[1]), part) for where, part in parts.items() if where[0] == "dependentSchemas"
        ),
        condition=Draft202012Validator(schema["if"], offline=True) if has_condition else None,
        then=parts.get(("then",)),
        otherwise=parts.get(("else",)),
    )


def _inside(sub: Any, path: str) -> Rules | None:
    return compile_rules(sub, path) if isinstance(sub, Mapping) and not is_leaf(sub) else None


def _paths(prefix: str, names: Iterable[str] | None) -> frozenset[str]:
    return frozenset(join(prefix, name) for name in names or ())


# The begun items of each repeated field: an item's path, its rules and what it holds.
ItemRules = Mapping[str, tuple[tuple[str, Rules | None, Any], ...]]
_NO_ITEMS: ItemRules = {}


def reach(rules: Rules, document: Mapping[str, Any], items: ItemRules = _NO_ITEMS) -> Reach:
    found = Reach()
    _visit(rules, document, found, items)
    return found


def _visit(rules: Rules, value: Any, found: Reach, items: ItemRules) -> None:
    present = value if isinstance(value, Mapping) else {}
    found.banned |= rules.banned
    found.required |= rules.required
    for name, path, inside in rules.declared:
        found.declared.add(path)
        if inside is not None:
            _visit(inside, present.get(name), found, items)
        elif path in items:
            found.required.add(path)
            _visit_items(items[path], found, items)
    for name, needed in rules.dependents:
        if name in present:
            found.required |= needed
    for part in _live_parts(rules, present):
        _visit(part, value, found, items)


def _visit_items(
    held: tuple[tuple[str, Rules | None, Any], ...], found: Reach, items: ItemRules
) -> None:
    """An item that was begun is wanted whole, and as many others as there have to be."""
    for path, rules, value in held:
        found.declared.add(path)
        found.required.add(path)
        if rules is not None:
            _visit(rules, value, found, items)


def _live_parts(rules: Rules, present: Mapping[str, Any]) -> Iterator[Rules]:
    yield from rules.always
    for name, part in rules.when_present:
        if name in present:
            yield part
    if rules.condition is not None:
        branch = rules.then if rules.condition.is_valid(present) else rules.otherwise
        if branch is not None:
            yield branch


def conditional_paths(schema: Mapping[str, Any]) -> frozenset[str]:
    """Properties of the base that only some branch asks for.

    JSON Schema would allow them at any time; an intake asks for them, and keeps them, only while a
    branch that requires them holds.
    """
    found: set[str] = set()
    _collect(schema, "", found)
    return frozenset(found)


def _collect(schema: Mapping[str, Any], prefix: str, found: set[str]) -> None:
    base = _base(schema)
    asked_for = {name for part in _guarded(schema) for name in part}
    asked_for |= _dependents(schema)
    always = {name for part in base for name in part.get("required") or ()}
    declared = {name for part in base for name in part.get("properties") or {}}
    found.update(join(prefix, name) for name in (asked_for & declared) - always)
    for part in base:
        for name, sub in (part.get("properties") or {}).items():
            if isinstance(sub, Mapping) and not is_leaf(sub):
                _collect(sub, join(prefix, name), found)


def _base(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The object's own schema and the parts of `allOf`, which hold at all times."""
    parts = [schema]
    for part, _, conditional in branches(schema):
        if not conditional:
            parts.extend(_base(part))
    return parts


def _guarded(schema: Mapping[str, Any], guarded: bool = False) -> Iterator[tuple[str, ...]]:
    """The `required` lists that stand behind a condition."""
    if guarded:
        yield tuple(schema.get("required") or ())
    for part, _, conditional in branches(schema):
        yield from _guarded(part, guarded or conditional)


def _dependents(schema: Mapping[str, Any]) -> set[str]:
    """Names that `dependentRequired` asks for, save those that ask for their own trigger."""
    needs: dict[str, set[str]] = {}
    for part in _base(schema):
        for name, needed in (part.get("dependentRequired") or {}).items():
            needs.setdefault(name, set()).update(needed)
    return {
        other
        for name, needed in needs.items()
        for other in needed
        if not _leads(needs, other, name)
    }


def _leads(needs: Mapping[str, set[str]], start: str, goal: str) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        for name in needs.get(waiting.pop(), ()):
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return False
