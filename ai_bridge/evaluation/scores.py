"""Slot precision, recall and F1, joint goal accuracy, final states and times."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isclose
from typing import Any

from rapidfuzz import fuzz

TEXT_TYPES = frozenset({"text", "place", "name"})
SAME_TEXT = 85
DONT_CARE = "dontcare"


def equals(kind: str, value: str, accepted: tuple[str, ...]) -> bool:
    """Whether a value is one of the accepted ones; text may differ a little."""
    if value in accepted:
        return True
    lowered = value.lower()
    if kind == "decimal":
        return any(isclose(float(value), float(item)) for item in accepted)
    if any(lowered == item.lower() for item in accepted):
        return True
    return kind in TEXT_TYPES and any(
        fuzz.token_sort_ratio(lowered, item.lower()) >= SAME_TEXT for item in accepted
    )


@dataclass(slots=True)
class Tally:
    right: int = 0
    given: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(slots=True)
class Score:
    """Counts over turns; `kinds` holds the same by type of field, `asked` that of the fields whose
    question the turn answers.
    """

    slots: Tally = field(default_factory=Tally)
    kinds: dict[str, Tally] = field(default_factory=dict)
    asked: dict[str, Tally] = field(default_factory=dict)
    turns: int = 0
    exact_turns: int = 0
    dialogues: int = 0
    exact_dialogues: int = 0
    seconds: list[float] = field(default_factory=list)
    signals: Counter[str] = field(default_factory=Counter)

    def add_turn(
        self,
        types: Mapping[str, str],
        filled: Mapping[str, str],
        gold: Mapping[str, tuple[str, ...]],
        asked: tuple[str, ...] = (),
    ) -> None:
        for name in {*filled, *gold}:
            right = (
                name in filled and name in gold and equals(types[name], filled[name], gold[name])
            )
            tallies = [self.slots, self.kinds.setdefault(types[name], Tally())]
            if name in asked:
                tallies.append(self.asked.setdefault(types[name], Tally()))
            for tally in tallies:
                tally.right += right
                tally.given += name in filled
                tally.wanted += name in gold

    def add_state(
        self,
        types: Mapping[str, str],
        state: Mapping[str, str],
        gold: Mapping[str, tuple[str, ...]],
    ) -> bool:
        exact = same_state(types, state, gold)
        self.turns += 1
        self.exact_turns += exact
        return exact

    def percentile(self, share: float) -> float:
        """Milliseconds that this share of the turns stayed within."""
        ordered = sorted(self.seconds)
        index = min(len(ordered) - 1, int(share * len(ordered)))
        return 1000 * ordered[index] if ordered else 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "precision": round(self.slots.precision, 4),
            "recall": round(self.slots.recall, 4),
            "f1": round(self.slots.f1, 4),
            "jga": round(self.exact_turns / self.turns, 4) if self.turns else 0.0,
            "final_exact": round(self.exact_dialogues / self.dialogues, 4)
            if self.dialogues
            else 0.0,
            "kinds": {
                name: {
                    "precision": round(tally.precision, 4),
                    "recall": round(tally.recall, 4),
                    "f1": round(tally.f1, 4),
                    "gold": tally.wanted,
                }
                for name, tally in sorted(self.kinds.items())
            },
            "when_asked": {
                name: {"recall": round(tally.recall, 4), "gold": tally.wanted}
                for name, tally in sorted(self.asked.items())
            },
            "turns": self.turns,
            "p50_ms": round(self.percentile(0.50), 3),
            "p95_ms": round(self.percentile(0.95), 3),
        }


def same_state(
    types: Mapping[str, str], state: Mapping[str, str], gold: Mapping[str, tuple[str, ...]]
) -> bool:
    return state.keys() == gold.keys() and all(
        equals(types[name], state[name], gold[name]) for name in gold
    )
