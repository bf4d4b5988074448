"""What a recorded conversation holds: the words, and the values that they state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ai_bridge.intake import Intake


@dataclass(frozen=True, slots=True)
class GoldTurn:
    """What the visitor said in answer to what, and which values it states by field.

    `by_place` marks data without normal values: what overlaps the stated words is right.
    """

    said: str
    asked: tuple[str, ...]
    user: str
    gold: Mapping[str, tuple[str, ...]]
    spans: Mapping[str, tuple[int, int]]
    by_place: bool = False


@dataclass(frozen=True, slots=True)
class Dialogue:
    id: str
    intake: Intake
    types: Mapping[str, str]
    now: datetime
    turns: tuple[GoldTurn, ...]
