"""What one part of a message says of an item: its name, and the values of its other fields."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ai_bridge.intake import IntakeField
from ai_bridge.runner.extract.assign import Proposal, choose
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.propose import propose
from ai_bridge.runner.extract.reading import read_message
from ai_bridge.runner.extract.segments import Segment, name_in
from ai_bridge.runner.extract.types import Utterance
from ai_bridge.runner.normalise import Value, normalise
from ai_bridge.runner.normalise.types import Context

TEXTUAL = ("text", "name", "address")
_YES_OR_NO = ("boolean", "consent")
_DENIES = re.compile(
    r"\b(?:does|do|did|is|are|has|have|was|were|can|will)(?:n['’]?t|\s{1,3}not)\W{0,3}$|\bnot\W{0,3}$|"
    r"^\W{0,3}not\b",
    re.IGNORECASE,
)
_AFFIRMS = re.compile(r"\b(?:does|do|did|is|are|has|have)\W{0,3}$", re.IGNORECASE)
_LIKEWISE = re.compile(r"\b(?:too|as well|likewise|(?:n['’]?t|not) either)\W{0,3}$", re.IGNORECASE)
_MEASURE = re.compile(r"(?<!\d)\d[\d.,/]{0,15}+\s?([^\W\d]{1,8}|%)")
# Units that people use whatever the template's example is.
_UNITS = ("mg", "mcg", "g", "ug", "µg", "ml", "l", "kg", "iu", "units", "unit", "drops", "puffs",
          "tablets", "tablet", "pills", "pill", "cm", "mm", "m", "%")  # fmt: skip

Place = tuple[int, int]


@dataclass(slots=True)
class Piece:
    """Paths are whole ones of the item that the profiles are for; places are in the message."""

    segment: Segment
    name: str = ""
    name_at: Place = (0, 0)
    parts: dict[str, tuple[Any, int, int]] = field(default_factory=dict)
    refused: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    answer: bool | None = None
    is_likewise: bool = False
    index: int | None = None

    @property
    def says_something(self) -> bool:
        return bool(self.parts or self.refused or self.answer is not None or self.is_likewise)


def key_of(fields: Sequence[IntakeField]) -> IntakeField:
    """The field that names an item: the first that takes words, else the first of all."""
    shown = [item for item in fields if not item.hidden] or list(fields)
    return next((item for item in shown if item.kind in TEXTUAL), shown[0])


def read_piece(
    segment: Segment, utterance: Utterance, profiles: tuple[Profile, ...], key: IntakeField
) -> Piece:
    found = choose(_proposals(segment, utterance, profiles, key))
    piece = Piece(segment)
    taken = [(item.start, item.end) for item in found]
    for item in found:
        _keep(piece, item)
    for profile in profiles:
        path = profile.field.path
        if profile.field.kind == "text" and path != key.path and path not in piece.parts:
            place = _measured(profile.field, segment.text)
            if place and all(end <= place[0] or start >= place[1] for start, end in taken):
                taken.append(place)
                said = segment.text[place[0] : place[1]].strip()
                piece.parts[path] = (said, *_moved(place, segment))
    if key.kind in TEXTUAL:
        _name(piece, key, taken, utterance)
    if not piece.parts and any(item.field.kind in _YES_OR_NO for item in profiles):
        piece.answer = _answer(segment.text)
        piece.is_likewise = bool(_LIKEWISE.search(segment.text))
    return piece


def _proposals(
    segment: Segment, utterance: Utterance, profiles: tuple[Profile, ...], key: IntakeField
) -> list[Proposal]:
    others = tuple(
        item for item in profiles if item.field.path != key.path or key.kind not in TEXTUAL
    )
    typed = (*TEXTUAL, *_YES_OR_NO)
    said = Utterance(
        text=segment.text,
        intake=utterance.intake,
        values={},
        now=utterance.now,
        locale=utterance.locale,
        region=utterance.region,
        asked_with=tuple(item.field.path for item in others if item.field.kind not in typed),
    )
    live = frozenset(item.field.path for item in others)
    return propose(read_message(said, others, live))


def _keep(piece: Piece, item: Proposal) -> None:
    place = _moved((item.start, item.end), piece.segment)
    if isinstance(item.result, Value):
        piece.parts[item.profile.field.path] = (item.result.value, *place)
    else:
        piece.refused[item.profile.field.path] = (item.result.reason, *place)


def _moved(place: Place, segment: Segment) -> Place:
    return segment.start + place[0], segment.start + place[1]


def _measured(item: IntakeField, text: str) -> Place | None:
    """`200 mg` for a field whose example is `5 mg`."""
    units = {found[1].lower() for found in map(_MEASURE.fullmatch, item.examples) if found}
    for found in _MEASURE.finditer(text) if units else ():
        if found[1].lower() in units or found[1].lower() in _UNITS:
            return found.span()
    return None


def _name(piece: Piece, key: IntakeField, taken: list[Place], utterance: Utterance) -> None:
    """What is left of the part when everything else that it says is cut out."""
    text, context = piece.segment.text, Context(utterance.now, utterance.locale, utterance.region)
    edge, best = 0, (0, 0)
    for start, end in [*sorted(taken), (len(text), len(text))]:
        place = name_in(text, edge, start, is_name=key.kind == "name") if edge < start else None
        if place and place[1] - place[0] > best[1] - best[0]:
            best = place
        edge = max(edge, end)
    if best[1] > best[0]:
        result = normalise(key, text[best[0] : best[1]], context)
        if isinstance(result, Value):
            piece.name, piece.name_at = str(result.value), _moved(best, piece.segment)


def _answer(text: str) -> bool | None:
    if _DENIES.search(text):
        return False
    return True if _AFFIRMS.search(text) else None
