"""The fields of a template: one per value that a visitor can be asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ai_bridge.intake.kinds import annotation, is_leaf, kind_of, options_of

BRANCHES = ("then", "else")


@dataclass(frozen=True, slots=True)
class IntakeField:
    """One leaf. `path` is dotted; `options` are the values that may be stored, in order.

    `ask` is empty when the template does not word the question; `title` never is. `synonyms` holds
    what visitors may say instead of an option's label. `skip` is None where the template does not
    say whether the visitor may decline. `prefill` names the value of the customer's page; False
    refuses one. `item` is the path of the repeated item around it. Of a range, `range_end` is
    `start` or `end`, `range_title` what both ends are called together, `partner` the other end.
    """

    path: str
    name: str
    kind: str
    schema: Mapping[str, Any]
    title: str
    description: str = ""
    ask: str = ""
    why: str = ""
    help: str = ""
    examples: tuple[str, ...] = ()
    options: tuple[Any, ...] = ()
    labels: Mapping[Any, str] | None = None
    synonyms: Mapping[Any, tuple[str, ...]] | None = None
    reprompts: tuple[str, ...] = ()
    skip: bool | None = None
    confirm: bool = False
    pii: bool = False
    mask: str = ""
    retain_days: int = 0
    hidden: bool = False
    prefill: bool | str = True
    order: float = 0.0
    item: str = ""
    range_end: str = ""
    range_title: str = ""
    partner: str = ""

    def label(self, value: Any) -> str:
        """How a person reads this option."""
        return (self.labels or {}).get(value, humanise(str(value)))


def humanise(name: str) -> str:
    """`new_roof` and `newRoof` as words; text that already has spaces stays as it is."""
    if " " in name:
        return name
    spaced = "".join(
        f" {letter.lower()}" if letter.isupper() and index and name[index - 1].islower() else letter
        for index, letter in enumerate(name)
    )
    return spaced.replace("_", " ").replace("-", " ").strip()


def join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


@dataclass(frozen=True, slots=True)
class Declaration:
    """A property as written somewhere in the template: in the base object or in a branch."""

    path: str
    name: str
    schema: Mapping[str, Any]
    where: tuple[str | int, ...]
    in_branch: bool
    around: Mapping[str, Any] | None = None


def declarations(
    schema: Mapping[str, Any],
    prefix: str = "",
    where: tuple[str | int, ...] = (),
    in_branch: bool = False,
) -> Iterator[Declaration]:
    """Every property of every object, nested ones after their parent, branches after the base.

    What stands inside a repeated item is not among them.
    """
    for name, sub in (schema.get("properties") or {}).items():
        if not isinstance(sub, Mapping):
            continue
        here = (*where, "properties", name)
        yield Declaration(join(prefix, name), name, sub, here, in_branch, schema)
        if not is_leaf(sub):
            yield from declarations(sub, join(prefix, name), here, in_branch)
    for part, part_where, conditional in branches(schema):
        yield from declarations(part, prefix, (*where, *part_where), in_branch or conditional)


def branches(
    schema: Mapping[str, Any],
) -> Iterator[tuple[Mapping[str, Any], tuple[str | int, ...], bool]]:
    """Subschemas for the same object: (schema, where, whether a condition guards it)."""
    for index, part in enumerate(schema.get("allOf") or ()):
        if isinstance(part, Mapping):
            yield part, ("allOf", index), False
    for keyword in BRANCHES:
        if isinstance(schema.get(keyword), Mapping):
            yield schema[keyword], (keyword,), True
    for name, part in (schema.get("dependentSchemas") or {}).items():
        if isinstance(part, Mapping):
            yield part, ("dependentSchemas", name), True


def says_what_it_is(schema: Mapping[str, Any]) -> bool:
    """A schema that only narrows a field declared elsewhere says neither type nor wording."""
    return bool({"type", "enum", "oneOf", "format", "properties", "x-intake"} & set(schema)) or (
        "const" in schema
    )


def leaf_fields(schema: Mapping[str, Any]) -> tuple[IntakeField, ...]:
    """The leaves in asking order: `x-intake.order` first, then as written.

    A property that is written more than once takes its meaning from the first place.
    """
    found: dict[str, IntakeField] = {}
    around: dict[str, Mapping[str, Any]] = {}
    for declared in declarations(schema):
        if not is_leaf(declared.schema):
            if privacy := _privacy(declared, around):
                around[declared.path] = privacy
        elif declared.path not in found and (
            says_what_it_is(declared.schema) or not declared.in_branch
        ):
            found[declared.path] = _inside(_field(declared), around)
    ranks = _ranks(schema)
    written = {path: index for index, path in enumerate(found)}
    return tuple(
        sorted(found.values(), key=lambda field: (*_rank(field.path, ranks), written[field.path]))
    )


_PRIVACY = ("pii", "mask", "retain_days", "hidden")


def _privacy(
    declared: Declaration, around: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """What an object and the objects around it say of the privacy of all their fields."""
    outer = around.get(declared.path.rpartition(".")[0], {})
    own = annotation(declared.schema)
    return {**outer, **{key: own[key] for key in _PRIVACY if key in own}} or None


def _inside(field: IntakeField, around: Mapping[str, Mapping[str, Any]]) -> IntakeField:
    said = around.get(field.path.rpartition(".")[0]) if around else None
    if said is None:
        return field
    missing = {key: value for key, value in said.items() if not getattr(field, key)}
    return replace(field, **missing)


def _ranks(schema: Mapping[str, Any]) -> dict[str, float]:
    ranks: dict[str, float] = {}
    for declared in declarations(schema):
        order = annotation(declared.schema).get("order")
        if isinstance(order, int | float) and not isinstance(order, bool):
            ranks.setdefault(declared.path, float(order))
    return ranks


def _rank(path: str, ranks: Mapping[str, float]) -> tuple[float]:
    """The outermost `order` on the way to the leaf; fields without one come after those with."""
    parts = path.split(".")
    for count in range(1, len(parts) + 1):
        found = ranks.get(".".join(parts[:count]))
        if found is not None:
            return (found,)
    return (float("inf"),)


def single_field(schema: Mapping[str, Any], title: str) -> IntakeField:
    """The field of a schema that stands for itself, such as the items of a list."""
    return _field(Declaration("", "", {"title": title, **schema}, (), False))


def _field(declared: Declaration) -> IntakeField:
    schema = declared.schema
    ends: dict[str, Any] = {}
    around = declared.around
    if around is not None and kind_of(around) == "date_range":
        schema, ends = _end_of_range(declared, around)
    extra = annotation(schema)
    options = options_of(schema)
    order = extra.get("order")
    skip, prefill = extra.get("skip"), extra.get("prefill", True)
    return IntakeField(
        path=declared.path,
        name=declared.name,
        kind=kind_of(schema),
        schema=schema,
        title=str(schema.get("title") or humanise(declared.name)),
        description=str(schema.get("description") or ""),
        ask=str(extra.get("ask") or ""),
        why=str(extra.get("why") or ""),
        help=str(extra.get("help") or ""),
        examples=tuple(str(item) for item in extra.get("examples") or schema.get("examples") or ()),
        options=options,
        labels=_labels(schema, options),
        synonyms={
            option: tuple((extra.get("synonyms") or {}).get(_key(option), ())) for option in options
        },
        reprompts=tuple(extra.get("reprompts") or ()),
        skip=skip if isinstance(skip, bool) else None,
        confirm=bool(extra.get("confirm", False)),
        pii=bool(extra.get("pii", False)),
        mask=str(extra.get("mask") or ""),
        retain_days=int(extra.get("retain_days") or 0),
        hidden=bool(extra.get("hidden", False)),
        prefill=prefill if isinstance(prefill, bool | str) else True,
        order=float(order) if isinstance(order, int | float) else 0.0,
        **ends,
    )


# What is said of a range holds for both its ends.
_OF_BOTH_ENDS = ("why", "help", "pii", "mask", "retain_days", "hidden", "not_before", "not_after",
                 "confirm", "skip", "prefill")  # fmt: skip


def _end_of_range(
    declared: Declaration, around: Mapping[str, Any]
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """One end with what is said of the whole: the question for the whole asks for the first."""
    whole, own = annotation(around), annotation(declared.schema)
    inherited = {key: whole[key] for key in _OF_BOTH_ENDS if key in whole}
    names = list(around.get("properties") or {})
    is_start = names[:1] == [declared.name]
    if is_start:
        inherited |= {key: whole[key] for key in ("ask", "reprompts") if key in whole}
    partner = names[1 if is_start else 0]
    prefix = declared.path[: len(declared.path) - len(declared.name)]
    title = str(around.get("title") or humanise(prefix.rstrip(".").rpartition(".")[2]))
    schema = {**declared.schema, "x-intake": {**inherited, **own}}
    return schema, {
        "range_end": "start" if is_start else "end",
        "range_title": title,
        "partner": prefix + partner,
    }


def _labels(schema: Mapping[str, Any], options: tuple[Any, ...]) -> dict[Any, str]:
    stated = annotation(schema).get("labels") or {}
    titles: dict[Any, str] = {}
    for keyword in ("oneOf", "anyOf"):
        for branch in schema.get(keyword) or ():
            if isinstance(branch, Mapping) and "const" in branch and branch.get("title"):
                titles[branch["const"]] = str(branch["title"])
    return {
        option: str(stated.get(_key(option)) or titles.get(option) or humanise(_key(option)))
        for option in options
        # Yes and no need no name of their own.
        if not isinstance(option, bool) or _key(option) in stated or option in titles
    }


def _key(option: Any) -> str:
    """How an option is written as a JSON object key in `labels` and `synonyms`."""
    return str(option).lower() if isinstance(option, bool) else str(option)
