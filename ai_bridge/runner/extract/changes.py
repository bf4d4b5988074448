"""Changes to a list that stands: an item is removed, renamed, corrected or added by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ai_bridge.contract import Operation
from ai_bridge.runner.extract.items import stated
from ai_bridge.runner.extract.mentions import Known, Mention, mentions_of
from ai_bridge.runner.extract.pieces import TEXTUAL, key_of
from ai_bridge.runner.extract.segments import name_in
from ai_bridge.runner.normalise import Context, Value, normalise

_REMOVE = re.compile(
    r"\b(?:remove|delete|drop|take (?:out|off|away)|take|cancel|scratch|forget(?: about)?|lose|"
    r"cross (?:out|off)|get rid of|leave out|strike|without|exclude|no longer)\b",
    re.IGNORECASE,
)
_TAKE = re.compile(r"\btake\b(?! (?:out|off|away))", re.IGNORECASE)
_OFF = re.compile(r"\b(?:off|out|away)\b", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"\bnot\s+(?:the\s+)?$", re.IGNORECASE)
_GONE_AFTER = re.compile(
    r"\s+(?:(?:is|are)(?:n['’]?t| not)|won['’]?t be|can['’]?t|cannot|will not be|is no longer)"
    r"(?: (?:coming|come|needed|going|there|part of it|make it|attending|joining|necessary)\b)|"
    r"\s+(?:is out|cancelled|dropped out|can['’]?t|won['’]?t)\W*$",
    re.IGNORECASE,
)
_BECOMES = re.compile(
    r"\W{0,3}(?:should (?:be|read|say)|is (?:actually|really|now|called|spelled|spelt)|is|was|"
    r"to(?: be)?|with|by|for|into|->|=|:|,? (?:i mean|i meant|sorry|rather|but)|,)\s+",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:change|replace|swap|rename|correct|make|switch|exchange|update)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"(?:(?:it['’]?s|it is|i mean|i meant|make (?:it|that))\s+)?(?P<new>[^\s,;.][^,;.]{0,60}?)"
    r"\s*,?\s+not\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_LAST = re.compile(r"^\W*(?:(?:it|that|this)(?: one)?|the last)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;\n]")
MAX_NEW = 60
# Nobody changes more at once; what names an item stands close to it.
MAX_MENTIONS = 12
NEAR = 100
MAX_CHANGING = 1_000


@dataclass(slots=True)
class Changes:
    """Operations on items that stand, and the places of all words that told of them."""

    operations: list[Operation] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)


def find_changes(
    known: Known, text: str, context: Context, values: Mapping[str, Any], *, is_focus: bool
) -> Changes:
    """What happens to items that stand. `is_focus`: the assistant has just asked about them."""
    changes = Changes()
    if not known.indexes:
        return changes
    text = text[:MAX_CHANGING]
    mentions = mentions_of(known, text)[:MAX_MENTIONS]
    verb = _REMOVE.search(text)
    if verb and (removed := _after_verb(known, verb, mentions, text, values, is_focus=is_focus)):
        changes.operations += removed
        return changes
    found = changes.operations
    for mention in mentions:
        if (new := _new_name(known, mention, text)) is not None:
            found += _rename(known, mention, new, text, context, values)
            changes.places.append(_whole_change(mention, new, text))
        elif _is_denied(known, mention, text):
            place = _denied_place(mention, text)
            found += _remove(known, mention.index, place, text, values)
    return changes


def _before(pattern: re.Pattern[str], text: str, mention: Mention) -> re.Match[str] | None:
    return pattern.search(text, max(0, mention.start - NEAR), mention.start)


def _whole_change(mention: Mention, new: tuple[int, int], text: str) -> tuple[int, int]:
    """`change Anna to Anne` with its verb: none of it names another item."""
    lead = _before(_CHANGE, text, mention) or _before(_NOT_BEFORE, text, mention)
    start = min(lead.start() if lead else mention.start, new[0])
    return start, max(mention.end, new[1])


def _after_verb(
    known: Known,
    verb: re.Match[str],
    mentions: list[Mention],
    text: str,
    values: Mapping[str, Any],
    *,
    is_focus: bool,
) -> list[Operation]:
    stop = _SENTENCE_END.search(text, verb.end())
    end = stop.start() if stop else len(text)
    if _TAKE.match(text, verb.start()) and not _OFF.search(text, verb.end(), end):
        return []
    meant = [item for item in mentions if verb.end() <= item.start < end]
    found: list[Operation] = []
    for mention in meant:
        found += _remove(known, mention.index, (verb.start(), mention.end), text, values)
    if not meant and is_focus and _LAST.match(text[verb.end() : end]):
        found = _remove(known, known.indexes[-1], (verb.start(), end), text, values)
    return found


def _remove(
    known: Known, index: int, place: tuple[int, int], text: str, values: Mapping[str, Any]
) -> list[Operation]:
    """One operation for each value of the item; its words are what removed it."""
    item = known.path(index)
    inside = [path for path in values if path == item or path.startswith((item + ".", item + "["))]
    return [stated("remove", path, values[path], text, place) for path in inside]


def _is_denied(known: Known, mention: Mention, text: str) -> bool:
    """`not Luca`, `Luca isn't coming`. In a group a denial may answer a question about the item."""
    if not known.repeat.is_list and any(part.kind == "boolean" for part in known.repeat.parts):
        return False
    return bool(_before(_NOT_BEFORE, text, mention) or _GONE_AFTER.match(text, mention.end))


def _denied_place(mention: Mention, text: str) -> tuple[int, int]:
    before, after = _before(_NOT_BEFORE, text, mention), _GONE_AFTER.match(text, mention.end)
    start = before.start() if before else mention.start
    return start, after.end() if after else mention.end


def _new_name(known: Known, mention: Mention, text: str) -> tuple[int, int] | None:
    """Where the name stands that replaces the mentioned one: `Anne, not Anna`, `change X to Y`."""
    key = key_of(known.repeat.parts)
    if known.repeat.is_list is False and key.kind not in TEXTUAL:
        return None
    is_not = _before(_NOT_BEFORE, text, mention)
    if is_not and (before := _before(_NOT_AFTER, text, mention)):
        place = name_in(text, *before.span("new"), is_name=key.kind == "name")
        if place:
            return place
    is_change = bool(_before(_CHANGE, text, mention)) or bool(is_not)
    joint = _BECOMES.match(text, mention.end)
    if joint is None or not (is_change or mention.is_by_number or _is_correction(joint.group())):
        return None
    stop = _SENTENCE_END.search(text, joint.end())
    end = min(stop.start() if stop else len(text), joint.end() + MAX_NEW)
    if not known.repeat.is_list and _has_verb(text[joint.end() : end], joint.group()):
        return None
    return name_in(text, joint.end(), end, is_name=key.kind == "name")


def _is_correction(joint: str) -> bool:
    """`Anna should be Anne` renames; `the kitchen is wet` says something of it."""
    said = joint.strip(" ,").lower()
    return said.startswith(("should", "->", "i mean", "sorry", "rather")) or said in (
        "is actually", "is really", "is called", "is spelled", "is spelt",
    )  # fmt: skip


def _has_verb(rest: str, joint: str) -> bool:
    """`the second room, it leaks`: what follows describes the item."""
    return joint.strip() == "," and bool(re.search(r"\b(?:it|leaks?|does|is|has)\b", rest, re.I))


def _rename(
    known: Known,
    mention: Mention,
    place: tuple[int, int],
    text: str,
    context: Context,
    values: Mapping[str, Any],
) -> list[Operation]:
    said, item = text[place[0] : place[1]], known.path(mention.index)
    path, result = item + known.inside, normalise(key_of(known.repeat.parts), said, context)
    for part in known.repeat.parts:
        picked = normalise(part, said, context) if part.kind == "choice" else None
        if isinstance(picked, Value):
            # "The second one is a dog" picks an option; it is no new name.
            path, result = f"{item}.{part.name}", picked
    if not isinstance(result, Value):
        return []
    if values.get(path) == result.value:
        return []
    op = "correct" if path in values else "set"
    return [stated(op, path, result.value, text, place)]
