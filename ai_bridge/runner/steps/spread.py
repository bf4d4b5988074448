"""A value that was given for a whole object or list, as values of its parts."""

from collections.abc import Iterator, Mapping
from typing import Any

from ai_bridge.intake import Intake
from ai_bridge.intake.fields import join
from ai_bridge.intake.repeats import MAX_INDEX, Repeat, item_path
from ai_bridge.runner.state import Fields


def spread(path: str, value: Any, intake: Intake, fields: Fields) -> Iterator[tuple[str, Any]]:
    """Pairs of a field's path and its value; None clears it. What is no whole comes out as it is.

    A whole that is given replaces the one that stands: parts it does not name are cleared.
    """
    grown = intake.grown((*fields, path))
    repeat = grown.repeats.get(path)
    if repeat is not None and (isinstance(value, list) or value is None):
        yield from _spread_list(repeat, value or [], grown, fields)
    elif isinstance(value, Mapping) and grown.field(path) is None and _has_parts(grown, path):
        yield from _spread_object(path, value, grown, fields)
    else:
        yield path, value


def _has_parts(intake: Intake, path: str) -> bool:
    return any(field.path.startswith(path + ".") for field in intake.fields)


def _spread_list(
    repeat: Repeat, items: list[Any], intake: Intake, fields: Fields
) -> Iterator[tuple[str, Any]]:
    given: dict[str, Any] = {}
    for index, item in enumerate(items[:MAX_INDEX]):
        given.update(spread(item_path(repeat.path, index), item, intake, fields))
    yield from _without_rest(repeat.path + "[", given, fields)
    yield from given.items()


def _spread_object(
    path: str, value: Mapping[str, Any], intake: Intake, fields: Fields
) -> Iterator[tuple[str, Any]]:
    given: dict[str, Any] = {}
    for name, part in value.items():
        given.update(spread(join(path, str(name)), part, intake, fields))
    yield from _without_rest(path + ".", given, fields)
    yield from given.items()


def _without_rest(
    prefix: str, given: Mapping[str, Any], fields: Fields
) -> Iterator[tuple[str, Any]]:
    for held in fields:
        if held.startswith(prefix) and held not in given:
            yield held, None
