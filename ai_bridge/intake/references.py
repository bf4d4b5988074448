"""Put local `$ref`s in place; refuse every other one. Nothing is ever fetched."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ai_bridge.intake.bounds import MAX_JSON_DEPTH
from ai_bridge.intake.problems import Problem, point

# A few references to references can multiply; a form never needs this many parts.
MAX_NODES = 20_000
DYNAMIC = frozenset({"$dynamicRef", "$recursiveRef"})
DATA_KEYWORDS = frozenset({"const", "enum", "default", "examples", "x-intake"})


class _Resolver:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.nodes = 0

    def resolve(self, node: Any, where: tuple[str | int, ...], open_refs: tuple[str, ...]) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or len(where) > 4 * MAX_JSON_DEPTH:
            return node
        if isinstance(node, Mapping):
            return self._resolve_object(node, where, open_refs)
        if isinstance(node, list | tuple):
            return [
                self.resolve(item, (*where, index), open_refs) for index, item in enumerate(node)
            ]
        return node

    def _resolve_object(
        self, node: Mapping[str, Any], where: tuple[str | int, ...], open_refs: tuple[str, ...]
    ) -> Any:
        merged: dict[str, Any] = {}
        if isinstance(node.get("$ref"), str) and not _is_name_of_field(where):
            target = self._target(node["$ref"], where, open_refs)
            if isinstance(target, Mapping):
                merged.update(self.resolve(target, where, (*open_refs, node["$ref"])))
        for key, item in node.items():
            if key in DYNAMIC and not _is_name_of_field(where):
                mend = "Use `$ref` with a name under `$defs`."
                self.problems.append(
                    Problem(point(*where, key), f"`{key}` is not supported in templates.", mend)
                )
                continue
            if key in ("$ref", "$defs") and not _is_name_of_field(where):
                continue
            keep = key in DATA_KEYWORDS and not _is_name_of_field(where)
            merged[key] = item if keep else self.resolve(item, (*where, key), open_refs)
        return merged

    def _target(self, ref: str, where: tuple[str | int, ...], open_refs: tuple[str, ...]) -> Any:
        pointer = point(*where, "$ref")
        if not ref.startswith("#"):
            mend = "Copy the schema into `$defs` and refer to it as `#/$defs/NAME`."
            self.problems.append(
                Problem(
                    pointer,
                    f"`{ref[:120]}` lies outside this template, and is never fetched.",
                    mend,
                )
            )
            return None
        if ref in open_refs:
            self.problems.append(
                Problem(pointer, f"`{ref[:120]}` refers to itself.", "Write the fields out.")
            )
            return None
        target = _follow(self.root, ref)
        if target is None:
            self.problems.append(
                Problem(pointer, f"`{ref[:120]}` points at nothing.", "Define it under `$defs`.")
            )
        return target


def _is_name_of_field(where: tuple[str | int, ...]) -> bool:
    """Inside `properties` the keys are names that the customer chose, not keywords."""
    return (
        bool(where)
        and where[-1] in ("properties", "dependentSchemas", "$defs")
        and not (len(where) > 1 and where[-2] in ("properties", "dependentSchemas", "$defs"))
    )


def _follow(root: Any, ref: str) -> Any:
    node = root
    for part in unquote(ref[1:]).split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, Mapping) or key not in node:
            return None
        node = node[key]
    return node


def resolve_references(document: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The document with local `$ref`s replaced by their targets, and what could not be."""
    resolver = _Resolver(document)
    resolved: dict[str, Any] = resolver.resolve(document, (), ())
    if resolver.nodes > MAX_NODES:
        too_big = Problem(
            "", "The template is too large once its `$ref`s are put in place.", "Use fewer of them."
        )
        return resolved, (*resolver.problems, too_big)
    return resolved, tuple(resolver.problems)
