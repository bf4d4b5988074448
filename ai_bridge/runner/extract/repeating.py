"""Reads a message for lists and groups before the rest: what they take is no other field's."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice

from ai_bridge.contract import Operation
from ai_bridge.intake import IntakeField
from ai_bridge.intake.repeats import Repeat
from ai_bridge.runner.extract.changes import Changes, find_changes
from ai_bridge.runner.extract.items import ItemReader, operations_of
from ai_bridge.runner.extract.lexicon import roots_in, stem, words_of
from ai_bridge.runner.extract.mentions import Known, known_items, mentions_of
from ai_bridge.runner.extract.pieces import key_of
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.segments import is_done, segments_of
from ai_bridge.runner.extract.signals import find_signals
from ai_bridge.runner.extract.types import Signal, Utterance
from ai_bridge.runner.normalise.texts import WORD, lower
from ai_bridge.runner.normalise.types import Context

_ADD = re.compile(
    r"^\W{0,3}(?:(?:oh|ok|okay|yes|no|wait|sorry|actually|please|and|can you|could you|i forgot)"
    r"[\s,]+){0,3}(?:add|include|put down|also(?! (?:my|the) \w+ is)|plus|and also|"
    r"there(?:'s| is) also)\b",
    re.IGNORECASE,
)
# A message that does one of these tells of no item.
_ELSEWHERE: frozenset[Signal] = frozenset(
    {"why", "repeat", "go_back", "start_over", "cancel", "wants_human", "what_have_you_got",
     "identity", "dont_know", "dont_care", "skip", "refuse"}
)  # fmt: skip
Prepare = Callable[[Repeat], tuple[Profile, ...]]


@dataclass(frozen=True, slots=True)
class Heard:
    """Operations on items, and the utterance without the words that they took.

    `is_understood` also when items were spoken of and nothing changed by it.
    """

    operations: tuple[Operation, ...]
    rest: Utterance
    is_understood: bool = False


def focus_of(utterance: Utterance) -> tuple[Repeat | None, IntakeField | None]:
    """The repeated field that the last question was about, and the field that it asked for."""
    path = utterance.asking or next(iter(utterance.asked_with), None)
    asked = utterance.intake.field(path) if path else None
    if asked is None:
        return None, None
    repeats = utterance.intake.repeats
    return repeats.get(asked.path) or repeats.get(asked.item.rpartition("[")[0]), asked


def read_repeating(utterance: Utterance, prepare: Prepare) -> Heard:
    """`prepare` gives the profiles of the fields of a repeated field's first item."""
    if _is_aside(utterance.text):
        return Heard((), utterance)
    focus, asked = focus_of(utterance)
    changes = _changes(utterance, focus)
    found = changes.operations
    rest = _blank(without(utterance, found), changes.places)
    told, is_understood = _told(rest, focus, asked, prepare)
    found += told
    rest = without(rest, told)
    if focus is not None and (end := _end_of(focus, asked, rest, found)):
        found.append(end)
        rest = without(rest, [end])
    return Heard(tuple(found), rest, is_understood or bool(found))


# Longer messages say more than the one thing that the signal is about.
MAX_ASIDE = 12


def _is_aside(text: str) -> bool:
    is_long = next(islice(WORD.finditer(text), MAX_ASIDE - 1, None), None) is not None
    return not is_long and not _ELSEWHERE.isdisjoint(find_signals(lower(text)))


def _all_known(utterance: Utterance) -> Iterable[Known]:
    for repeat in utterance.intake.repeats.values():
        known = known_items(repeat, utterance.values)
        if known.indexes:
            yield known


def _changes(utterance: Utterance, focus: Repeat | None) -> Changes:
    context = Context(utterance.now, utterance.locale, utterance.region)
    known = list(_all_known(utterance))
    # What was just asked about is meant first.
    known.sort(key=lambda item: item.repeat is not focus)
    for item in known:
        if not (item.repeat is focus or len(known) == 1 or _speaks_of(item, utterance.text)):
            continue
        found = find_changes(
            item, utterance.text, context, utterance.values, is_focus=item.repeat is focus
        )
        if found.operations:
            return found
    return Changes()


def _speaks_of(known: Known, text: str) -> bool:
    by_name = any(not item.is_by_number for item in mentions_of(known, text))
    return by_name or bool(_names(known.repeat) & roots_in(text).keys())


def _names(repeat: Repeat) -> set[str]:
    return {stem(word) for word in words_of(f"{repeat.noun} {repeat.field.title}")}


def _told(
    utterance: Utterance, focus: Repeat | None, asked: IntakeField | None, prepare: Prepare
) -> tuple[list[Operation], bool]:
    if focus is not None:
        return _read(utterance, focus, asked, prepare, utterance.text)
    for repeat in utterance.intake.repeats.values():
        start = _begins(repeat, utterance)
        if start is not None:
            said = " " * start + utterance.text[start:]
            found = _read(utterance, repeat, repeat.field, prepare, said)
            if found[0]:
                return found
    told: list[Operation] = []
    is_understood = False
    for known in _all_known(utterance):
        if mentions_of(known, utterance.text):
            more, is_meant = _read(utterance, known.repeat, None, prepare, utterance.text)
            told, is_understood = told + more, is_understood or is_meant
    return told, is_understood


def _read(
    utterance: Utterance, repeat: Repeat, asked: IntakeField | None, prepare: Prepare, text: str
) -> tuple[list[Operation], bool]:
    profiles = prepare(repeat)
    if not profiles:
        return [], False
    key = key_of(repeat.parts)
    is_key = asked is not None and bool(asked.item) and asked.name == key.name
    is_open = asked is repeat.field or is_key or (asked is not None and asked.path == repeat.path)
    reader = ItemReader(
        repeat,
        replace(utterance, text=text),
        profiles,
        asked=asked if asked is not None and asked.item else None,
        is_open=is_open,
    )
    told = reader.read(segments_of(text))
    return operations_of(told, reader), bool(told)


def _begins(repeat: Repeat, utterance: Utterance) -> int | None:
    """Where items are told of without being asked for: `my guests are ...`, `add Luca`."""
    title = re.escape(repeat.field.title.lower())
    cue = re.search(rf"\b{title}(?: are| is| will be| include|:)\s+", lower(utterance.text))
    if cue:
        return cue.end()
    listed = list(utterance.intake.repeats.values())
    known = [item.repeat for item in _all_known(utterance)]
    named = _names(repeat) & roots_in(utterance.text).keys()
    is_meant = bool(named) or known == [repeat] or listed == [repeat]
    added = _ADD.match(utterance.text) if is_meant and known else None
    return added.end() if added else None


def _end_of(
    focus: Repeat, asked: IntakeField | None, rest: Utterance, found: list[Operation]
) -> Operation | None:
    """`that's all`: the visitor has told of the last item."""
    is_gate = asked is not None and asked.path == focus.path
    is_empty = asked is not None and not any(
        path == asked.item or path.startswith(asked.item + ".") for path in rest.values
    )
    said = rest.text.strip()
    if not said or not (is_gate or (is_empty and asked is not None)) or not is_done(said):
        return None
    start = rest.text.index(said)
    # The "no" of "no, not Luca" and of "no, Anna and Luca" ends nothing.
    if any(start < (operation.end or 0) for operation in found):
        return None
    return Operation(
        op="decline",
        path=asked.path if asked else focus.path,
        quote=said,
        start=start,
        end=start + len(said),
        source="rule",
        reason="done",
    )


def without(utterance: Utterance, found: Iterable[Operation]) -> Utterance:
    """The text with spaces in place of what was taken, so that every offset stays."""
    places = [
        (item.start, item.end) for item in found if item.start is not None and item.end is not None
    ]
    return _blank(utterance, places)


def _blank(utterance: Utterance, places: Iterable[tuple[int, int]]) -> Utterance:
    text = utterance.text
    for start, end in places:
        text = text[:start] + " " * (end - start) + text[end:]
    return utterance if text == utterance.text else replace(utterance, text=text)
