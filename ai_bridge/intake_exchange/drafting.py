"""Build a draft template field by field, with its conditions and what was left behind."""

from dataclasses import dataclass, field
from typing import Any

from ai_bridge.intake_exchange.logic import ALWAYS, NEVER, Condition
from ai_bridge.intake_exchange.logic.schema import to_schema
from ai_bridge.intake_exchange.losses import Loss
from ai_bridge.intake_exchange.naming import name_from

HEAD = ("$schema", "$id", "title", "description")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(slots=True)
class Gate:
    """A field of one object that is there only while a condition on that object holds."""

    path: str
    condition: Condition
    required: bool


@dataclass(slots=True)
class Group:
    """An object of the draft. Conditions gather at `base`: the root, or a repeated object."""

    schema: dict[str, Any]
    path: str = ""
    base: "Group | None" = None
    gates: list[Gate] = field(default_factory=list)

    @property
    def root(self) -> "Group":
        return self.base or self

    @property
    def properties(self) -> dict[str, Any]:
        found: dict[str, Any] = self.schema["properties"]
        return found

    def path_of(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


class Draft:
    """A template in the making. `losses` point into the source, not into the draft."""

    def __init__(self, title: str = "", description: str = "") -> None:
        schema: dict[str, Any] = {"$schema": DIALECT}
        if title:
            schema["title"] = title[:200]
        if description:
            schema["description"] = description[:2000]
        self.top = Group(_empty(schema))
        self.settings: dict[str, Any] = {}
        self.losses: list[Loss] = []
        self._repeated: list[Group] = []
        self._nested: list[tuple[Group, str, Group]] = []

    def lose(self, pointer: str, what: str, why: str, mend: str) -> None:
        self.losses.append(Loss(pointer, what, why, mend))

    def add(
        self,
        group: Group,
        wanted: str,
        schema: dict[str, Any],
        *,
        required: bool = False,
        condition: Condition = ALWAYS,
    ) -> str:
        """Add a field and return its path from the group's root, under a name that is free."""
        name = name_from(wanted, group.properties)
        group.properties[name] = schema
        self.gate(group, name, required=required, condition=condition)
        return group.path_of(name)

    def gate(self, group: Group, name: str, *, required: bool, condition: Condition) -> None:
        if condition != ALWAYS:
            group.root.gates.append(Gate(group.path_of(name), condition, required))
        elif required:
            group.schema.setdefault("required", []).append(name)

    def open_group(
        self, group: Group, wanted: str, title: str = "", condition: Condition = ALWAYS
    ) -> Group:
        """A nested object. It is required when one of its fields is; without any it vanishes."""
        name = name_from(wanted, group.properties)
        schema = _empty({"title": title[:200]} if title else {})
        group.properties[name] = schema
        found = Group(schema, group.path_of(name), group.root)
        self._nested.append((group, name, found))
        if condition != ALWAYS:
            group.root.gates.append(Gate(found.path, condition, required=False))
        return found

    def open_repeated(self, group: Group, wanted: str, outer: dict[str, Any]) -> Group:
        """The object that a repeating group repeats; `outer` holds its title and limits."""
        name = name_from(wanted, group.properties)
        items = _empty({})
        group.properties[name] = {"type": "array", **outer, "items": items}
        found = Group(items)
        self._repeated.append(found)
        return found

    def template(self) -> dict[str, Any]:
        """The draft as a template document. Call it once, when everything is in."""
        for parent, name, nested in reversed(self._nested):
            _settle(parent, name, nested)
        for group in (*self._repeated, self.top):
            _write_gates(group)
        document = self.top.schema
        if not self.settings:
            return document
        head: dict[str, Any] = {key: document[key] for key in HEAD if key in document}
        rest = {key: item for key, item in document.items() if key not in head}
        return {**head, "x-intake": self.settings, **rest}


def _settle(parent: Group, name: str, nested: Group) -> None:
    gates = [gate for gate in parent.root.gates if gate.path == nested.path]
    if not nested.properties:
        del parent.properties[name]
        parent.root.gates[:] = [gate for gate in parent.root.gates if gate not in gates]
    elif "required" in nested.schema:
        for gate in gates:
            gate.required = True
        if not gates:
            parent.schema.setdefault("required", []).append(name)


def _empty(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "type": "object", "properties": {}}


def _write_gates(group: Group) -> None:
    by_condition: dict[Condition, list[Gate]] = {}
    for gate in group.gates:
        by_condition.setdefault(gate.condition, []).append(gate)
    for condition, gates in by_condition.items():
        add_gate(group.schema, condition, gates)
    group.gates.clear()


def add_gate(schema: dict[str, Any], condition: Condition, gates: list[Gate]) -> None:
    """Write into an object schema that these fields are there only while the condition holds."""
    if condition in (ALWAYS, NEVER):
        return
    entry: dict[str, Any] = {"if": to_schema(condition)}
    wanted = [gate.path for gate in gates if gate.required]
    if wanted:
        entry["then"] = _required(wanted)
    entry["else"] = _banned([gate.path for gate in gates])
    schema.setdefault("allOf", []).append(entry)


def _required(paths: list[str], *, inside: bool = False) -> dict[str, Any]:
    here = [path for path in paths if "." not in path]
    properties: dict[str, Any] = {
        name: _required(rests, inside=True) for name, rests in _by_parent(paths).items()
    }
    if inside:
        # An object is known as one by its properties, so the names stand there too.
        properties = {name: {} for name in here} | properties
    schema: dict[str, Any] = {"required": here} if here else {}
    return schema | ({"properties": properties} if properties else {})


def _banned(paths: list[str]) -> dict[str, Any]:
    here: dict[str, Any] = {path: False for path in paths if "." not in path}
    below = {name: _banned(rests) for name, rests in _by_parent(paths).items()}
    return {"properties": here | below}


def _by_parent(paths: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        name, _, rest = path.partition(".")
        if rest:
            found.setdefault(name, []).append(rest)
    return found
