"""A template as a form: its parts in asking order, each with when it is there and when required."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ai_bridge.intake.conditions import conditional_paths
from ai_bridge.intake.fields import Declaration, branches, humanise, join, says_what_it_is
from ai_bridge.intake.kinds import annotation, is_leaf, kind_of, options_of
from ai_bridge.intake.problems import point
from ai_bridge.intake_exchange.logic import (
    ALWAYS,
    NEVER,
    Condition,
    Every,
    Test,
    every,
    no,
    some,
)
from ai_bridge.intake_exchange.logic.schema import from_schema
from ai_bridge.intake_exchange.logic.terms import same, shortest
from ai_bridge.intake_exchange.losses import Loss
from ai_bridge.intake_exchange.shapes import listed, mapping, words

Say = Literal["declared", "required", "banned"]


@dataclass(frozen=True, slots=True)
class Part:
    """A field, an object or a repeated object. Paths in conditions start at the nearest repeat."""

    path: str
    name: str
    kind: str
    schema: Mapping[str, Any]
    title: str
    pointer: str
    visible: Condition
    required: Condition
    parts: tuple["Part", ...] = ()

    @property
    def is_required(self) -> bool:
        """Required whenever it is there at all."""
        return self.required != NEVER and same(every(self.visible, self.required), self.visible)

    @property
    def hints(self) -> Mapping[str, Any]:
        return annotation(self.schema)

    @property
    def one(self) -> str:
        """The kind of one answer: of a list, that of its items."""
        items = self.schema.get("items")
        return kind_of(items) if self.kind == "list" and isinstance(items, Mapping) else self.kind

    @property
    def options(self) -> tuple[tuple[Any, str], ...]:
        """(value, label) pairs."""
        return tuple(
            (value, self.labels.get(_key(value)) or humanise(_key(value)))
            for value in options_of(self.schema)
        )

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels that the template words, by the option as text."""
        return _titles(self.schema) | {**(self.hints.get("labels") or {})}


def _titles(schema: Mapping[str, Any]) -> dict[str, str]:
    """JSON Schema's own way to name options: a `oneOf` of titled constants."""
    holder = mapping(schema.get("items")) if schema.get("type") == "array" else schema
    branches_of = [*listed(holder.get("oneOf")), *listed(holder.get("anyOf"))]
    return {
        _key(mapping(item)["const"]): words(mapping(item)["title"])
        for item in branches_of
        if {"const", "title"} <= mapping(item).keys()
    }


def _key(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(slots=True)
class _Facts:
    """What the template says of each path; None is a condition that no form can say."""

    said: dict[tuple[str, Say], list[Condition | None]] = field(default_factory=dict)
    first: dict[str, Declaration] = field(default_factory=dict)

    def of(self, path: str, say: Say) -> list[Condition | None]:
        return self.said.get((path, say), [])

    def note(self, path: str, say: Say, guard: Condition | None) -> None:
        self.said.setdefault((path, say), []).append(guard)


def outline(schema: Mapping[str, Any]) -> tuple[tuple[Part, ...], tuple[Loss, ...]]:
    """The parts of a resolved object schema, and the conditions that no other format can say."""
    facts = _Facts()
    _gather(schema, "", (), ALWAYS, facts)
    losses: list[Loss] = []
    optional = conditional_paths(schema)
    return tuple(_parts("", facts, optional, losses)), tuple(losses)


def _gather(
    schema: Mapping[str, Any],
    prefix: str,
    where: tuple[str | int, ...],
    guard: Condition | None,
    facts: _Facts,
) -> None:
    for name, sub in (schema.get("properties") or {}).items():
        path = join(prefix, name)
        if sub is False:
            facts.note(path, "banned", guard)
        if not isinstance(sub, Mapping):
            continue
        here = (*where, "properties", name)
        if guard == ALWAYS or says_what_it_is(sub):
            facts.note(path, "declared", guard)
            facts.first.setdefault(path, Declaration(path, name, sub, here, guard != ALWAYS))
        if not is_leaf(sub):
            # Conditions inside an object add to those of the place that declares it.
            declares = path in facts.first and facts.first[path].where == here
            _gather(sub, path, here, ALWAYS if declares else guard, facts)
    for name in schema.get("required") or ():
        facts.note(join(prefix, name), "required", guard)
    for name, needed in (schema.get("dependentRequired") or {}).items():
        for other in needed:
            given = Test(join(prefix, name), "given")
            facts.note(join(prefix, other), "required", _both(guard, given))
    for part, part_where, own in _guarded(schema, prefix):
        _gather(part, prefix, (*where, *part_where), _both(guard, own), facts)


def _guarded(
    schema: Mapping[str, Any], prefix: str
) -> Iterator[tuple[Mapping[str, Any], tuple[str | int, ...], Condition | None]]:
    under = prefix + "." if prefix else ""
    holds = from_schema(schema["if"], under) if "if" in schema else None
    for part, where, _ in branches(schema):
        if where[0] == "allOf":
            yield part, where, ALWAYS
        elif where[0] == "dependentSchemas":
            yield part, where, Test(join(prefix, str(where[1])), "given")
        elif "if" in schema:
            own = holds if where[0] == "then" or holds is None else no(holds)
            yield part, where, own


def _both(one: Condition | None, other: Condition | None) -> Condition | None:
    return None if one is None or other is None else every(one, other)


def _parts(
    prefix: str, facts: _Facts, optional: frozenset[str], losses: list[Loss]
) -> Iterator[Part]:
    here = [declared for path, declared in facts.first.items() if path.rpartition(".")[0] == prefix]
    found = [_part(declared, facts, optional, losses) for declared in here]
    infinite = float("inf")
    yield from sorted(found, key=lambda part: _order(part.hints.get("order"), infinite))


def _order(stated: Any, otherwise: float) -> float:
    return float(stated) if isinstance(stated, int | float) else otherwise


def _part(
    declared: Declaration, facts: _Facts, optional: frozenset[str], losses: list[Loss]
) -> Part:
    schema, pointer = declared.schema, point(*declared.where)
    visible = _visible(declared.path, facts, declared.path in optional)
    required = _known(facts.of(declared.path, "required"))
    if visible is None or required is None:
        losses.append(
            Loss(
                pointer,
                f"`{declared.path}` is always asked for and optional.",
                "Its condition has no equal in the other format.",
                "Write the condition there by hand.",
            )
        )
        visible, required = ALWAYS, []
    parts: tuple[Part, ...] = ()
    items = schema.get("items")
    if kind_of(schema) == "group" and isinstance(items, Mapping):
        parts, lost = outline(items)
        losses += [
            Loss(f"{pointer}/items{loss.pointer}", loss.what, loss.why, loss.mend) for loss in lost
        ]
    elif not is_leaf(schema):
        parts = tuple(_parts(declared.path, facts, optional, losses))
    return Part(
        declared.path,
        declared.name,
        kind_of(schema),
        schema,
        str(schema.get("title") or humanise(declared.name)),
        pointer,
        visible,
        some(*required) if required else NEVER,
        parts,
    )


def _known(guards: list[Condition | None]) -> list[Condition] | None:
    known = [guard for guard in guards if guard is not None]
    return known if len(known) == len(guards) else None


def _visible(path: str, facts: _Facts, only_when_required: bool) -> Condition | None:
    """As an intake asks: a field that only a branch requires is there only in that branch."""
    declared, banned = _known(facts.of(path, "declared")), _known(facts.of(path, "banned"))
    required = _known(facts.of(path, "required"))
    if declared is None or banned is None or required is None:
        return None
    found = every(some(*declared), *map(no, banned))
    if only_when_required:
        found = every(found, some(*required))
    return shortest(found, found.parts if isinstance(found, Every) else ())
