"""The nested document that a flat map of paths and values makes."""

from collections.abc import Mapping
from typing import Any

from ai_bridge.intake.repeats import indexes_of

Held = dict[str, dict[str, Any]]


def nest(values: Mapping[str, Any], live: frozenset[str]) -> tuple[dict[str, Any], Held]:
    """The document of the live values, and the object that each repeated item became in it.

    None and empty values are left out; lists have no gaps, whatever the indexes of their items.
    """
    document: dict[str, Any] = {}
    held: Held = {}
    repeated: dict[str, Any] = {}
    for path, value in values.items():
        if path not in live or value is None or value == [] or value == {}:
            continue
        if "[" in path:
            repeated[path] = value
            continue
        *parents, name = path.split(".")
        node = document
        for parent in parents:
            node = node.setdefault(parent, {})
        node[name] = value
    if repeated:
        _nest_items(repeated, document, held)
    return document, held


def _nest_items(values: Mapping[str, Any], document: dict[str, Any], held: Held) -> None:
    # Items in the order of their indexes, whatever the order they were told in.
    for path in sorted(values, key=indexes_of):
        _place(path, values[path], document, held)


def _place(path: str, value: Any, document: dict[str, Any], held: Held) -> None:
    """Walks to the item by its path; an item seen for the first time is put last."""
    node, where = document, ""
    head, _, rest = path.partition("[")
    while True:
        *parents, name = head.split(".")
        for parent in parents:
            node = node.setdefault(parent, {})
        index, _, rest = rest.partition("]")
        where = f"{where}{head}[{index}]"
        found: list[Any] = node.setdefault(name, [])
        if not rest:
            found.append(value)
            return
        if where not in held:
            held[where] = {}
            found.append(held[where])
        node = held[where]
        where += "."
        head, more, rest = rest.lstrip(".").partition("[")
        if not more:
            break
    *parents, name = head.split(".")
    for parent in parents:
        node = node.setdefault(parent, {})
    node[name] = value
