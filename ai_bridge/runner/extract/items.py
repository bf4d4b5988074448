"""The items of a list or group that a message tells of, one after the other."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from ai_bridge.contract import Operation
from ai_bridge.intake import IntakeField
from ai_bridge.intake.repeats import Repeat, item_path, items_in
from ai_bridge.runner.extract.mentions import known_items, mentions_of
from ai_bridge.runner.extract.pieces import Piece, key_of, read_piece
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.segments import MAX_LABEL_WORDS, Segment, is_talk
from ai_bridge.runner.extract.types import Utterance

_SHARED = re.compile(r"\b(?:both|all|each)\b", re.IGNORECASE)
# `not Luca` adds nobody.
_DENIED = re.compile(r"\W{0,3}not\b", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:are|have|do|don['’]?t|aren['’]?t|haven['’]?t)\b", re.IGNORECASE)
CONFIDENCE = 0.8


@dataclass(slots=True)
class Told:
    """What a message said of one item, by the paths of the first item's fields."""

    index: int
    is_new: bool
    parts: dict[str, tuple[Any, int, int]] = field(default_factory=dict)
    refused: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    is_bare: bool = True


class ItemReader:
    """Reads a message for one repeated field; `profiles` are those of its first item's fields.

    `asked` is the path of the field that was asked for. With `is_open` any words may name an item;
    otherwise only parts that say more than a name, or name one that stands.
    """

    def __init__(
        self,
        repeat: Repeat,
        utterance: Utterance,
        profiles: tuple[Profile, ...],
        *,
        asked: IntakeField | None,
        is_open: bool,
    ) -> None:
        self.repeat, self.utterance, self.profiles = repeat, utterance, profiles
        self.is_open = is_open
        self.key = key_of([item.field for item in profiles])
        self.first = item_path(repeat.path, 0)
        self.indexes = items_in(utterance.values).get(repeat.path, ())
        self.told: list[Told] = []
        self.restated: list[Told] = []
        self.current = self._begun(asked)
        # Asked for again, as by "go back": a name then replaces the one that stands.
        self.is_asked_again = asked is not None and is_open and asked.path in utterance.values
        self.boolean = self._boolean_asked(asked)

    def _begun(self, asked: IntakeField | None) -> Told | None:
        if asked is None or not asked.item:
            return None
        index = int(asked.item.rpartition("[")[2].rstrip("]"))
        return Told(index, is_new=index not in self.indexes)

    def _boolean_asked(self, asked: IntakeField | None) -> tuple[str, bool] | None:
        """The yes or no that "the hall does" speaks of."""
        paths = [item.field.path for item in self.profiles if item.field.kind == "boolean"]
        if asked is not None and asked.kind == "boolean" and asked.item:
            return self.first + asked.path[len(asked.item) :], True
        return (paths[0], True) if len(paths) == 1 else None

    def read(self, segments: list[Segment]) -> list[Told]:
        for piece in self._pieces([item for item in segments if not is_talk(item.text)]):
            self._take(piece)
        if not self.told:
            self.told += self.restated
        return [item for item in self.told if item.parts or item.refused]

    def _pieces(self, segments: list[Segment]) -> list[Piece]:
        pieces: list[Piece] = []
        for segment in segments:
            pieces.append(self._piece(segment))
            if len(segments) > 1 and self._is_one_text(pieces[-1]):
                return [self._piece(_joined(segments, self.utterance.text))]
        return pieces

    def _piece(self, segment: Segment) -> Piece:
        """`the second room` is cut out: it names an item by its number, not with a name."""
        known = known_items(self.repeat, self.utterance.values)
        numbers = [item for item in mentions_of(known, segment.text) if item.is_by_number]
        text = segment.text
        for mention in numbers:
            gap = " " * (mention.end - mention.start)
            text = text[: mention.start] + gap + text[mention.end :]
        piece = read_piece(replace(segment, text=text), self.utterance, self.profiles, self.key)
        if numbers:
            piece.index, piece.name = numbers[0].index, ""
        return piece

    def _is_one_text(self, piece: Piece) -> bool:
        """A long answer to an open question is one text, whatever commas it has."""
        if not self.is_open or self.key.kind != "text":
            return False
        return len(piece.name.split()) > MAX_LABEL_WORDS and not piece.parts

    def _take(self, piece: Piece) -> None:
        standing = self._standing(piece)
        is_sure = piece.says_something or piece.segment.is_further or standing is not None
        if piece.name and not self.is_open and not is_sure:
            return
        target = self._target(piece, standing)
        if standing is not None and target is None and self.is_open:
            standing.refused[self.key.path] = ("already there", *piece.name_at)
            self.restated.append(standing)
        if target is None or (_DENIED.match(piece.segment.text) and self.boolean is None):
            return
        if piece.name and standing is None and self.key.path not in target.parts:
            target.parts[self.key.path] = (piece.name, *piece.name_at)
        target.parts.update(piece.parts)
        target.refused.update(piece.refused)
        self._answer(piece, target)
        self._share(piece, target)
        self.current = target
        if target not in self.told:
            self.told.append(target)

    def _target(self, piece: Piece, standing: Told | None) -> Told | None:
        """Whose values these are: a known item's, the present one's, or a new one's."""
        current = self.current
        if self.is_asked_again and piece.name and standing is None:
            self.is_asked_again = False
            return current
        if standing is not None:
            return standing if piece.says_something else None
        if current is not None and not self._conflicts(piece, current):
            return current
        if not (piece.name or (self.is_open and (piece.parts or piece.refused))):
            return None
        last = max((item.index for item in self.told), default=-1)
        return Told(max(last, *self.indexes, -1) + 1, is_new=True)

    def _conflicts(self, piece: Piece, current: Told) -> bool:
        known = {*current.parts, *current.refused, *self._standing_paths(current)}
        named = piece.name and self.key.path in known
        return bool(named or known & (piece.parts.keys() | piece.refused.keys()))

    def _standing_paths(self, told: Told) -> set[str]:
        item = item_path(self.repeat.path, told.index)
        return {
            self.first + path[len(item) :]
            for path in self.utterance.values
            if path == item or path.startswith((item + ".", item + "["))
        }

    def _standing(self, piece: Piece) -> Told | None:
        """The item of this name or number: one that stands, or one that was told of just now."""
        name = piece.name
        if piece.index is not None:
            return Told(piece.index, is_new=False)
        if not name:
            return None
        for told in self.told:
            known = told.parts.get(self.key.path)
            if known and is_same(str(known[0]), name):
                return told
        index = self.find(name)
        return None if index is None else Told(index, is_new=False)

    def find(self, name: str) -> int | None:
        inside = self.key.path[len(self.first) :]
        for index in self.indexes:
            value = self.utterance.values.get(item_path(self.repeat.path, index) + inside)
            if value is not None and is_same(str(value), name):
                return index
        return None

    def _answer(self, piece: Piece, target: Told) -> None:
        for path, (value, _, _) in piece.parts.items():
            if isinstance(value, bool):
                self.boolean = (path, value)
        if self.boolean is None or piece.parts:
            return
        path, before = self.boolean
        if piece.answer is None and not (piece.is_likewise and self.told):
            return
        said = before if piece.answer is None else piece.answer
        self.boolean = (path, said)
        target.parts[path] = (said, piece.segment.start, piece.segment.end)

    def _share(self, piece: Piece, target: Told) -> None:
        """`the kitchen and the hall leak`: what is said of several at once holds for each."""
        if not (piece.parts or piece.answer is not None):
            return
        target.is_bare = False
        said = {path: part for path, part in target.parts.items() if path != self.key.path}
        if not _SHARED.search(piece.segment.text) and not _is_plural(piece):
            return
        for told in reversed([item for item in self.told if item is not target]):
            if not told.is_bare:
                break
            told.parts.update({path: part for path, part in said.items() if path not in told.parts})
            told.is_bare = False


def _is_plural(piece: Piece) -> bool:
    """`hall leak`, `hall are wet`, after an "and"."""
    if piece.segment.joint not in ("and", "as well as", "&"):
        return False
    if _PLURAL.search(piece.segment.text):
        return True
    yes = [part for part in piece.parts.values() if isinstance(part[0], bool)]
    words = [
        piece.segment.text[start - piece.segment.start : end - piece.segment.start]
        for _, start, end in yes
    ]
    return bool(words) and not any(
        word.lower().endswith(("s", "n't", "ed", "ing")) for word in words
    )


def is_same(known: str, said: str) -> bool:
    """Whether two names mean one: equal, or one is part of the other's words."""
    one, two = known.casefold().split(), said.casefold().split()
    return one == two or (
        bool(set(one) & set(two)) and (set(one) <= set(two) or set(two) <= set(one))
    )


def _joined(segments: list[Segment], text: str) -> Segment:
    start, end = segments[0].start, segments[-1].end
    return Segment(start, end, text[start:end], "")


def operations_of(told: list[Told], reader: ItemReader) -> list[Operation]:
    """One operation a value; a value that stands already is not stated again."""
    repeat, text, values = reader.repeat, reader.utterance.text, reader.utterance.values
    found: list[Operation] = []
    count = len(reader.indexes)
    for item in told:
        if item.is_new and item.index not in reader.indexes:
            count += 1
        if item.is_new and count > repeat.most:
            found.append(_too_many(item, repeat, text))
            continue
        base = item_path(repeat.path, item.index)
        is_first = item.is_new
        for path, (value, start, end) in _key_first(item, reader.key.path):
            whole = base + path[len(reader.first) :]
            if values.get(whole) == value and type(values.get(whole)) is type(value):
                continue
            op = "correct" if whole in values else "add" if is_first else "set"
            is_first = False
            found.append(stated(op, whole, value, text, (start, end)))
        for path, (reason, start, end) in item.refused.items():
            whole = base + path[len(reader.first) :]
            found.append(
                stated("set", whole, None, text, (start, end)).model_copy(
                    update={"accepted": False, "reason": reason}
                )
            )
    return found


def _key_first(item: Told, key: str) -> list[tuple[str, tuple[Any, int, int]]]:
    return sorted(item.parts.items(), key=lambda part: (part[0] != key, part[1][1]))


def _too_many(item: Told, repeat: Repeat, text: str) -> Operation:
    start, end = next((part[1], part[2]) for part in (*item.parts.values(), *item.refused.values()))
    refused = stated("add", repeat.path, None, text, (start, end))
    return refused.model_copy(
        update={"accepted": False, "reason": f"more than {repeat.most} items"}
    )


def stated(op: Any, path: str, value: Any, text: str, place: tuple[int, int]) -> Operation:
    return Operation(
        op=op,
        path=path,
        value=value,
        quote=text[place[0] : place[1]],
        start=place[0],
        end=place[1],
        source="rule",
        confidence=CONFIDENCE,
    )
