"""What each field of a template must obey beyond JSON Schema."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from ai_bridge.intake.bounds import MAX_DEPTH, MAX_FIELDS, too_many_fields
from ai_bridge.intake.fields import Declaration, declarations, says_what_it_is
from ai_bridge.intake.formats import FORMATS
from ai_bridge.intake.kinds import (
    KIND_TYPES,
    LATER_KINDS,
    REPEATED,
    annotation,
    is_leaf,
    json_type,
    kind_of,
    options_of,
)
from ai_bridge.intake.patterns import pattern_fault
from ai_bridge.intake.problems import Problem, point

MAX_OPTIONS = 500
# Groups inside groups: deeper than this nobody can follow the questions.
MAX_REPEATS = 2
DATED = ("date", "datetime", "date_range")
DATA = frozenset({"const", "enum", "default", "examples", "x-intake"})


def field_problems(
    schema: Mapping[str, Any], where: tuple[str | int, ...] = ()
) -> Iterator[Problem]:
    """Problems of a template that is valid JSON Schema and has its references in place."""
    if _count_fields(schema) > MAX_FIELDS:
        yield too_many_fields()
        return
    yield from _of_object(schema, where, 0)


def _count_fields(schema: Mapping[str, Any]) -> int:
    """The questions of the template; those of a repeated item count once."""
    count = 0
    for found, declared in enumerate(declarations(schema)):
        if found > 2 * MAX_FIELDS or count > MAX_FIELDS:
            return MAX_FIELDS + 1
        count += is_leaf(declared.schema)
        items = declared.schema.get("items")
        if isinstance(items, Mapping) and not is_leaf(items):
            count += _count_fields(items)
    return count


def _of_object(
    schema: Mapping[str, Any], where: tuple[str | int, ...], around: int
) -> Iterator[Problem]:
    """`around` counts the repeated groups that this object is an item of."""
    found = list(declarations(schema, "", where))
    yield from _names(schema, where)
    yield from _repeated(found)
    for declared in found:
        yield from _one(declared, around)


def _one(declared: Declaration, around: int) -> Iterator[Problem]:
    schema, where = declared.schema, declared.where
    if declared.path.count(".") >= MAX_DEPTH:
        yield Problem(
            point(*where), f"Objects are nested more than {MAX_DEPTH} deep.", "Flatten them."
        )
        return
    if declared.in_branch and not says_what_it_is(schema):
        return
    yield from _kind(schema, where)
    yield from _options(schema, where)
    yield from _limits(schema, where)
    yield from _samples(schema, where)
    if kind_of(schema) in REPEATED:
        yield from _items(schema, where, around)


def _items(
    schema: Mapping[str, Any], where: tuple[str | int, ...], around: int
) -> Iterator[Problem]:
    items, here = schema.get("items"), (*where, "items")
    if not isinstance(items, Mapping):
        yield Problem(
            point(*where),
            "The list does not say what its items are.",
            'Add "items", such as {"type": "string"}.',
        )
    elif around >= MAX_REPEATS:
        yield Problem(
            point(*where), f"Groups repeat more than {MAX_REPEATS} deep.", "Ask for less at a time."
        )
    elif json_type(schema) == "array" and schema.get("maxItems") == 0:
        yield Problem(point(*where, "maxItems"), "The list can hold nothing.", "Allow an item.")
    elif is_leaf(items):
        yield from _listed(items, here)
    elif kind_of(items) == "date_range":
        yield from _kind(items, here)
    else:
        yield from _of_object(items, here, around + 1)


def _listed(items: Mapping[str, Any], here: tuple[str | int, ...]) -> Iterator[Problem]:
    if json_type(items) == "array":
        yield Problem(
            point(*here), "A list of lists cannot be asked for.", "Make its items objects."
        )
        return
    yield from _kind(items, here)
    yield from _options(items, here)
    yield from _limits(items, here)
    yield from _samples(items, here)


def _kind(schema: Mapping[str, Any], where: tuple[str | int, ...]) -> Iterator[Problem]:
    kind, stored = kind_of(schema), json_type(schema)
    if kind in LATER_KINDS:
        yield Problem(
            point(*where),
            f"Fields of kind `{kind}` cannot be asked for yet.",
            "Ask for a link to the file (kind `url`), or remove the field.",
        )
    elif stored is None and not options_of(schema):
        yield Problem(
            point(*where), "The field has no single `type`.", 'Add one, such as "type": "string".'
        )
    elif stored is not None and kind in KIND_TYPES and stored not in KIND_TYPES[kind]:
        yield Problem(
            point(*where, "x-intake", "kind"),
            f"Kind `{kind}` cannot be stored as type `{stored}`.",
            "Use type " + " or ".join(sorted(KIND_TYPES[kind])) + ", or another kind.",
        )
    elif kind in ("choice", "choices") and not options_of(schema):
        yield Problem(point(*where), "A choice needs its options.", "List them in `enum`.")
    elif stored == "object" and not isinstance(schema.get("properties"), Mapping):
        yield Problem(point(*where), "The object has no `properties`.", "List its fields there.")
    else:
        yield from _parts_of_kind(kind, schema, where)


def _parts_of_kind(
    kind: str, schema: Mapping[str, Any], where: tuple[str | int, ...]
) -> Iterator[Problem]:
    if kind == "money" and json_type(schema) == "object":
        yield from _money(schema, where)
    elif kind == "date_range":
        yield from _range(schema, where)


def _range(schema: Mapping[str, Any], where: tuple[str | int, ...]) -> Iterator[Problem]:
    parts = schema.get("properties") or {}
    dates = [
        part for part in parts.values() if isinstance(part, Mapping) and kind_of(part) == "date"
    ]
    if len(parts) != 2 or len(dates) != 2:
        yield Problem(
            point(*where, "properties"),
            "A date range is an object of exactly two dates, the first day and the last.",
            'Give it two properties with "format": "date", such as `from` and `to`.',
        )


def _money(schema: Mapping[str, Any], where: tuple[str | int, ...]) -> Iterator[Problem]:
    parts = schema.get("properties") or {}
    if set(parts) != {"amount", "currency"}:
        yield Problem(
            point(*where, "properties"),
            "Money as an object has exactly `amount` and `currency`.",
            "Name its two properties so, or store a plain number.",
        )


def _options(schema: Mapping[str, Any], where: tuple[str | int, ...]) -> Iterator[Problem]:
    options = options_of(schema)
    if len(options) > MAX_OPTIONS:
        yield Problem(
            point(*where, "enum"), f"More than {MAX_OPTIONS} options.", "Ask for text instead."
        )
        return
    if any(isinstance(option, dict | list) for option in options):
        yield Problem(
            point(*where, "enum"), "An option is an object or a list.", "Use texts or numbers."
        )
        return
    known = {str(option).lower() if isinstance(option, bool) else str(option) for option in options}
    for keyword in ("labels", "synonyms"):
        stated = annotation(schema).get(keyword)
        for key in stated if isinstance(stated, Mapping) else ():
            if key not in known:
                yield Problem(
                    point(*where, "x-intake", keyword, key),
                    f"`{key[:60]}` is not one of the options.",
                    "Use a value that `enum` lists.",
                )


def _limits(schema: Mapping[str, Any], where: tuple[str | int, ...]) -> Iterator[Problem]:
    for keyword in ("not_before", "not_after"):
        if keyword in annotation(schema) and kind_of(schema) not in DATED:
            yield Problem(
                point(*where, "x-intake", keyword),
                f"`{keyword}` works on dates only.",
                'Make the field `"format": "date"`, or remove it.',
            )
    for low, high in (
        ("minimum", "maximum"),
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
        ("exclusiveMinimum", "exclusiveMaximum"),
    ):
        if low in schema and high in schema and schema[low] > schema[high]:
            yield Problem(
                point(*where, low), f"`{low}` is greater than `{high}`.", "Exchange the two."
            )


def _samples(schema: Mapping[str, Any], where: tuple[str | int, ...]) -> Iterator[Problem]:
    # An unsafe pattern is reported elsewhere and must not run here.
    if any(pattern_fault(text) for text in _pattern_texts(schema)):
        return
    validator = Draft202012Validator(schema, format_checker=FORMATS)
    samples: list[tuple[tuple[str | int, ...], Any]] = []
    if "default" in schema:
        samples.append((("default",), schema["default"]))
    for index, value in enumerate(schema.get("examples") or ()):
        samples.append((("examples", index), value))
    for path, value in samples:
        if not validator.is_valid(value):
            yield Problem(
                point(*where, *path),
                "This value does not meet the field's own rules.",
                "Change the value or the rule.",
            )


def _pattern_texts(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        for key, item in schema.items():
            if key == "pattern" and isinstance(item, str):
                yield item
            else:
                yield from _pattern_texts(item)
    elif isinstance(schema, list | tuple):
        for item in schema:
            yield from _pattern_texts(item)


def pattern_problems(node: Any, where: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """Patterns that cannot be read or could run for ever, wherever a schema may stand."""
    named = bool(where) and where[-1] in ("properties", "dependentSchemas")
    if isinstance(node, list | tuple):
        for index, item in enumerate(node):
            yield from pattern_problems(item, (*where, index))
    if not isinstance(node, Mapping):
        return
    for key, item in node.items():
        if not named and key in DATA:
            continue
        if not named and key == "pattern" and isinstance(item, str):
            fault = pattern_fault(item)
            if fault:
                yield Problem(
                    point(*where, key),
                    fault,
                    "Write a simpler pattern, such as ^[A-Z]{2}[0-9]{4}$.",
                )
        else:
            yield from pattern_problems(item, (*where, key))


def _names(schema: Mapping[str, Any], where: tuple[str | int, ...]) -> Iterator[Problem]:
    """`required` and the like must name fields that exist somewhere in the same object."""
    known = {declared.path for declared in declarations(schema) if "." not in declared.path}
    yield from _names_within(schema, where, known)
    for declared in declarations(schema):
        if "." not in declared.path and not is_leaf(declared.schema):
            yield from _names(declared.schema, (*where, *declared.where))


def _names_within(
    schema: Mapping[str, Any], where: tuple[str | int, ...], known: set[str]
) -> Iterator[Problem]:
    lists: list[tuple[tuple[str | int, ...], Any]] = [(("required",), schema.get("required") or ())]
    for name, needed in (schema.get("dependentRequired") or {}).items():
        lists.append((("dependentRequired", name), (name, *needed)))
    for name in schema.get("dependentSchemas") or {}:
        lists.append((("dependentSchemas", name), (name,)))
    for path, names in lists:
        for name in names:
            if name not in known:
                yield Problem(
                    point(*where, *path),
                    f"`{str(name)[:60]}` is not a field of this object.",
                    "Add it to `properties` or correct the name.",
                )
    for keyword in ("allOf", "then", "else", "dependentSchemas"):
        for path, part in _parts(schema, keyword):
            yield from _names_within(part, (*where, *path), known)


def _parts(
    schema: Mapping[str, Any], keyword: str
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    found = schema.get(keyword)
    if keyword in ("then", "else") and isinstance(found, Mapping):
        yield (keyword,), found
    elif isinstance(found, Mapping):
        yield from (((keyword, name), part) for name, part in found.items() if part)
    elif isinstance(found, list | tuple):
        yield from (((keyword, index), part) for index, part in enumerate(found))


def _repeated(found: list[Declaration]) -> Iterator[Problem]:
    """A field written twice must mean the same both times, or only be narrowed the second time."""
    first: dict[str, Declaration] = {}
    for declared in found:
        before = first.setdefault(declared.path, declared)
        if before is declared or not says_what_it_is(declared.schema):
            continue
        if is_leaf(before.schema) and dict(before.schema) != dict(declared.schema):
            yield Problem(
                point(*declared.where),
                f"`{declared.path}` is already described at {point(*before.where)}.",
                "Give the second field another name, or only narrow the first (minimum, pattern).",
            )
