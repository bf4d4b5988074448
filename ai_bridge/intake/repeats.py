"""Fields that repeat: lists of single values, and groups whose questions are asked for each item.

A path names an item by its index: `guests[0]`, `rooms[1].name`. An item keeps its index for life,
so that the words it came from stay with it; the document closes the gaps that removed ones leave.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from ai_bridge.intake.conditions import Rules, compile_rules, conditional_paths
from ai_bridge.intake.fields import IntakeField, join, leaf_fields, single_field
from ai_bridge.intake.kinds import REPEATED, annotation

# How many items a conversation takes when the template does not say.
MOST = {"list": 50, "group": 20}
# Indexes stay below this, whatever a stored or sent path says.
MAX_INDEX = 200
_INDEX = re.compile(r"\[(\d{1,3})\]")
_EDGE = re.compile(r"[.\[]")

Items = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Repeat:
    """One repeated field. `least` and `most` bound the items; `noun` is what one is called."""

    path: str
    field: IntakeField
    noun: str
    least: int
    most: int
    is_unique: bool
    item: Mapping[str, Any]

    @property
    def is_list(self) -> bool:
        return self.field.kind == "list"

    @cached_property
    def parts(self) -> tuple[IntakeField, ...]:
        """The fields of one item in asking order, by their paths inside it; "" is a list's own."""
        own = (single_field(self.item, self._named),) if self.is_list else leaf_fields(self.item)
        return tuple(_inherit(field, self.field) for field in own)

    @property
    def _named(self) -> str:
        return self.noun[:1].upper() + self.noun[1:]

    @cached_property
    def conditional(self) -> frozenset[str]:
        return frozenset() if self.is_list else conditional_paths(self.item)

    def rules_at(self, index: int) -> Rules | None:
        """The rules of one item; a list's items have none."""
        return None if self.is_list else compile_rules(self.item, item_path(self.path, index))

    def fields_at(self, index: int) -> tuple[IntakeField, ...]:
        """The fields of one item with their whole paths."""
        item = item_path(self.path, index)
        return tuple(
            replace(
                part,
                path=join(item, part.path) if part.path else item,
                item=item,
                partner=join(item, part.partner) if part.partner else "",
            )
            for part in self.parts
        )


def _inherit(part: IntakeField, whole: IntakeField) -> IntakeField:
    """What is said of the whole about privacy holds for its parts; so does how a list is asked."""
    asks = whole if not part.path else part
    return replace(
        part,
        pii=part.pii or whole.pii,
        mask=part.mask or whole.mask,
        hidden=part.hidden or whole.hidden,
        retain_days=part.retain_days or whole.retain_days,
        ask=part.ask or asks.ask,
        why=part.why or asks.why,
        help=part.help or asks.help,
    )


def repeats_of(fields: Iterable[IntakeField]) -> dict[str, Repeat]:
    """The repeated ones among these fields, by path."""
    return {field.path: repeat_of(field) for field in fields if field.kind in REPEATED}


def repeat_of(field: IntakeField) -> Repeat:
    schema = field.schema
    item: Mapping[str, Any] = schema.get("items") or {}
    most = schema.get("maxItems")
    return Repeat(
        path=field.path,
        field=field,
        noun=str(item.get("title") or "").strip() or singular(field.title),
        least=int(schema.get("minItems") or 0),
        most=min(MOST[field.kind] if most is None else int(most), MAX_INDEX),
        is_unique=bool(schema.get("uniqueItems")),
        item={**item, "x-intake": {**annotation(item)}},
    )


def singular(title: str) -> str:
    """`Rooms` names `Room`, `Allergies` `Allergy`; a word that is no plural stays."""
    lowered = title.lower()
    if lowered.endswith("ies") and len(title) > 4:
        return title[:-3] + "y"
    if lowered.endswith(("sses", "xes", "ches", "shes")):
        return title[:-2]
    is_plural = lowered.endswith("s") and not lowered.endswith(("ss", "us", "is"))
    return title[:-1] if is_plural and len(title) > 3 else title


def item_path(path: str, index: int) -> str:
    return f"{path}[{index}]"


def without_indexes(path: str) -> str:
    """`rooms[1].name` as `rooms[].name`: the same for every item."""
    return _INDEX.sub("[]", path) if "[" in path else path


def items_in(paths: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Which items these paths speak of: `rooms[2].name` tells of item 2 of `rooms`."""
    found: dict[str, set[int]] = {}
    for path in paths:
        for match in _INDEX.finditer(path) if "[" in path else ():
            if int(match[1]) < MAX_INDEX:
                found.setdefault(path[: match.start()], set()).add(int(match[1]))
    return {path: tuple(sorted(indexes)) for path, indexes in sorted(found.items())}


@lru_cache(maxsize=8192)
def parents(path: str) -> tuple[str, ...]:
    """Everything around a path: `rooms`, `rooms[1]` for `rooms[1].name`."""
    return tuple(path[: match.start()] for match in _EDGE.finditer(path) if match.start())


def indexes_of(path: str) -> tuple[int, ...]:
    """(1, 0) for `rooms[1].damages[0]`."""
    return tuple(int(found[1]) for found in _INDEX.finditer(path))
