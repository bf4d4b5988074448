"""What a good template asks badly: warnings, which refuse nothing."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake.check import compile_template
from ai_bridge.intake.fields import IntakeField, declarations, humanise
from ai_bridge.intake.kinds import REPEATED, annotation, is_leaf, kind_of
from ai_bridge.intake.meaning import Intake
from ai_bridge.intake.problems import Problem, point
from ai_bridge.intake.references import resolve_references
from ai_bridge.intake.repeats import without_indexes

# More than this nobody reads; shown as text, an answer can hardly be matched to one.
MANY_OPTIONS = 40
MANY_ITEMS = 10
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[^\W_]+")
_PLACEHOLDER = re.compile(r"\{([\w.]+)\}")
_MEANINGLESS = re.compile(
    r"[a-z]|(?:field|question|q|f|item|input|value|entry)_?\d*", re.IGNORECASE
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that tell no field from another of its kind.
_GENERIC = _words(
    "a an the your our my of for to is are and or in on at please enter give what which who when "
    "where how do does did you name number date time day field value type text choice kind"
)
Where = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A field with its place in the template; `path` has no indexes: `rooms[].name`."""

    field: IntakeField
    path: str
    where: Where


def lint_template(document: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Warnings about a template that is good otherwise. Raises TemplateInvalid when it is not."""
    intake = compile_template(document)
    resolved, _ = resolve_references(document)
    places = dict(_places(resolved, (), ""))
    shown = [
        Shown(field, path, places[path])
        for field in _all_fields(intake)
        if (path := without_indexes(field.path)) in places
    ]
    return tuple(_warnings(intake, shown, places))


def _warnings(intake: Intake, shown: list[Shown], places: Mapping[str, Where]) -> Iterator[Problem]:
    for item in shown:
        yield from _options(item)
        yield from _wording(item)
        yield from _dates(item)
        yield from _items(item, shown)
    yield from _unreachable(intake, places)
    yield from _alike(shown)
    yield from _same_question(shown)
    yield from _turns(intake)
    yield from _closing(intake)
    yield from _languages(shown)


def _places(schema: Mapping[str, Any], where: Where, prefix: str) -> Iterator[tuple[str, Where]]:
    for declared in declarations(schema, prefix, where):
        items = declared.schema.get("items")
        yield declared.path, declared.where
        if kind_of(declared.schema) in REPEATED and isinstance(items, Mapping):
            inside = (*declared.where, "items")
            yield declared.path + "[]", inside
            if not is_leaf(items):
                yield from _places(items, inside, declared.path + "[]")


def _all_fields(intake: Intake) -> Iterator[IntakeField]:
    """With those of one item of every repeated field, and of the lists in it."""
    grown = intake
    while True:
        paths = [f"{path}[0]" for path in grown.repeats]
        more = grown.grown(paths)
        if more is grown:
            return iter(grown.fields)
        grown = more


def _options(item: Shown) -> Iterator[Problem]:
    field = item.field
    if field.kind in ("choice", "choices") and len(field.options) > MANY_OPTIONS:
        yield Problem(
            point(*item.where),
            f"`{item.path}` offers {len(field.options)} options, more than anybody reads.",
            "Ask for the group first and for the option in it by a condition, or ask for text.",
        )
    meant: dict[str, list[Any]] = defaultdict(list)
    for option in field.options:
        said = {field.label(option), *((field.synonyms or {}).get(option, ()))}
        for phrase in {" ".join(_TOKEN.findall(text.lower())) or text.lower() for text in said}:
            meant[phrase].append(option)
    for phrase, options in meant.items():
        if len(options) > 1:
            yield Problem(
                point(*item.where),
                f"`{phrase[:60]}` means {len(options)} options of `{item.path}`: "
                f"{', '.join(map(str, options[:4]))}.",
                "Give each option a label and synonyms of its own.",
            )


def _wording(item: Shown) -> Iterator[Problem]:
    field = item.field
    if field.hidden or field.range_end == "end":
        return
    is_named = field.title != humanise(field.name) or bool(field.description)
    if not field.ask and not is_named and _MEANINGLESS.fullmatch(field.name):
        yield Problem(
            point(*item.where),
            f"Nothing says what `{item.path}` is: it would be asked for as “{field.title}”.",
            "Give it a `title`, and in `x-intake` an `ask`.",
        )
    if "pattern" in field.schema and not (field.help or field.examples):
        yield Problem(
            point(*item.where, "pattern"),
            f"`{item.path}` has to match a pattern that the visitor cannot see.",
            "Say in `x-intake` what it looks like: `help`, or `examples`.",
        )


_DAYS = re.compile(
    r"(?:today|now)? ?(?P<sign>[+-]) ?(?P<count>\d+) ?(?P<unit>day|week|month|year)s?"
)
_IN_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def _dates(item: Shown) -> Iterator[Problem]:
    stated = annotation(item.field.schema)
    first, last = _distance(stated.get("not_before")), _distance(stated.get("not_after"))
    days = [str(stated.get(key) or "") for key in ("not_before", "not_after")]
    fixed = all(day[:4].isdecimal() for day in days)
    if (first is not None and last is not None and first > last) or (fixed and days[0] > days[1]):
        yield Problem(
            point(*item.where),
            f"No day is both after `not_before` and before `not_after` of `{item.path}`.",
            "Exchange or widen the two.",
        )


def _distance(stated: Any) -> int | None:
    """Days from today, about; None for a fixed day and for nothing."""
    named = {"today": 0, "now": 0, "tomorrow": 1, "yesterday": -1}.get(stated or "")
    if named is not None:
        return named
    found = _DAYS.fullmatch(stated) if isinstance(stated, str) else None
    if found is None:
        return None
    days = int(found["count"]) * _IN_DAYS[found["unit"]]
    return -days if found["sign"] == "-" else days


def _items(item: Shown, shown: list[Shown]) -> Iterator[Problem]:
    field = item.field
    if field.kind not in REPEATED:
        return
    least = field.schema.get("minItems", 0)
    if least > MANY_ITEMS:
        yield Problem(
            point(*item.where, "minItems"),
            f"`{item.path}` asks for at least {least} items, one by one.",
            "Ask for fewer, or let the page fill the list.",
        )
    parts = [other.field for other in shown if other.path.startswith(item.path + "[].")]
    if field.kind == "group" and parts and not any(_names(part) for part in parts):
        yield Problem(
            point(*item.where),
            f"No field of `{item.path}` names an item, so visitors cannot say which one they mean.",
            "Add a text, a name or a choice to its items.",
        )


def _names(part: IntakeField) -> bool:
    return part.kind in ("text", "name", "address", "choice", "email", "phone", "url", "date")


def _unreachable(intake: Intake, places: Mapping[str, Where]) -> Iterator[Problem]:
    for path in intake.required({}):
        field = intake.by_path[path]
        where = point(*places.get(path, ()))
        if field.hidden and field.prefill is False:
            yield Problem(
                where,
                f"`{path}` is required, hidden and closed to the page: only staff can complete it.",
                "Let it be asked for, or let the page fill it.",
            )
        elif field.hidden:
            yield Problem(
                where,
                f"`{path}` is required and never asked for: without your page nothing is complete.",
                "Make sure that the page fills it, or make it optional.",
            )
        elif field.skip:
            yield Problem(
                where,
                f"`{path}` is required, so that it cannot be skipped as `skip` says.",
                "Take it out of `required`, or remove `skip`.",
            )


def _alike(shown: list[Shown]) -> Iterator[Problem]:
    """Fields of one kind in one object whose words do not differ."""
    groups: dict[tuple[Any, ...], list[Shown]] = defaultdict(list)
    for item in shown:
        if not (item.field.hidden or item.field.range_end):
            groups[_looks(item)].append(item)
    for first, *others in groups.values():
        for other in others:
            yield Problem(
                point(*other.where),
                f"`{other.path}` cannot be told from `{first.path}`: same kind, same words.",
                "Give each a title, a description or a question with words of its own.",
            )


def _looks(item: Shown) -> tuple[Any, ...]:
    field = item.field
    said = " ".join((humanise(field.name), field.title, field.description, field.ask))
    words = frozenset(_WORD.findall(said.lower())) - _GENERIC
    inside = item.path.rpartition(".")[0]
    return (inside, field.kind, words, tuple(map(str, field.options)))


def _same_question(shown: list[Shown]) -> Iterator[Problem]:
    first: dict[str, Shown] = {}
    for item in shown:
        asked = item.field.ask.strip().casefold()
        before = first.setdefault(asked, item)
        # The items of a list are asked for in the words of the list.
        is_same_thing = item.path.startswith(before.path) or before.path.startswith(item.path)
        if asked and before is not item and not is_same_thing:
            yield Problem(
                point(*item.where, "x-intake", "ask"),
                f"`{item.path}` and `{before.path}` are asked for in the same words.",
                "Word the two questions differently.",
            )


def _turns(intake: Intake) -> Iterator[Problem]:
    needed, most = len(intake.required({})), intake.settings.max_turns
    if needed > most:
        yield Problem(
            point("x-intake", "max_turns"),
            f"After {most} turns a chat is closed, and {needed} fields are required.",
            "Raise `max_turns`, or ask for less.",
        )


def _closing(intake: Intake) -> Iterator[Problem]:
    for path in _PLACEHOLDER.findall(intake.settings.closing):
        if path not in intake.by_path:
            yield Problem(
                point("x-intake", "closing"),
                f"`{{{path[:60]}}}` is not a field, and would be left out.",
                "Write the path of a field, such as {name} or {patient.name}.",
            )


def _languages(shown: list[Shown]) -> Iterator[Problem]:
    """A language that words some questions and not the others."""
    asked = [item for item in shown if item.field.ask and not item.field.hidden]
    worded = [set(annotation(item.field.schema).get("i18n") or {}) for item in asked]
    for tag in sorted(set().union(*worded)):
        missing = [item for item, tags in zip(asked, worded, strict=True) if tag not in tags]
        missing = [item for item in missing if not item.field.path.endswith("]")]
        if missing:
            yield Problem(
                point(*missing[0].where, "x-intake"),
                f"{len(missing)} questions have no words in `{tag}`; the first is "
                f"`{missing[0].path}`.",
                f"Add `i18n.{tag}.ask` to each, or remove the language.",
            )
