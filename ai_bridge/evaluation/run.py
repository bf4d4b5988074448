"""Drive an extractor through recorded dialogues, turn by turn, as the product would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import process_time
from typing import Any

from ai_bridge.contract import Operation
from ai_bridge.evaluation.gold import Dialogue, GoldTurn
from ai_bridge.evaluation.scores import DONT_CARE, Score
from ai_bridge.runner.extract.types import Extraction, Utterance

Read = Callable[[Utterance], Extraction]
# The recorded people are Americans.
REGION = "US"


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one dialogue came to: per turn what was filled, and the state after it."""

    id: str
    turns: tuple[dict[str, dict[str, str]], ...]

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "turns": list(self.turns)}


def evaluate_dialogue(dialogue: Dialogue, read: Read, score: Score, lower_case: bool) -> Prediction:
    """Adds the dialogue to the score."""
    values: dict[str, Any] = {}
    state: dict[str, str] = {}
    gold_state: dict[str, tuple[str, ...]] = {}
    turns: list[dict[str, dict[str, str]]] = []
    exact = True
    for turn in dialogue.turns:
        extraction = _read_turn(dialogue, turn, values, read, score, lower_case)
        filled = _apply(extraction.operations, values)
        state.update(filled)
        gold_state.update(turn.gold)
        score.add_turn(dialogue.types, _scored(turn, extraction, filled), turn.gold, turn.asked)
        exact = score.add_state(dialogue.types, state, gold_state)
        turns.append({"filled": filled, "state": dict(state)})
    score.dialogues += 1
    score.exact_dialogues += exact
    return Prediction(dialogue.id, tuple(turns))


def _read_turn(
    dialogue: Dialogue,
    turn: GoldTurn,
    values: Mapping[str, Any],
    read: Read,
    score: Score,
    lower_case: bool,
) -> Extraction:
    utterance = Utterance(
        text=turn.user.lower() if lower_case else turn.user,
        intake=dialogue.intake,
        values=values,
        now=dialogue.now,
        region=REGION,
        asking=turn.asked[0] if turn.asked else None,
        asked_with=turn.asked[1:],
        said=turn.said,
    )
    began = process_time()
    extraction = read(utterance)
    score.seconds.append(process_time() - began)
    score.signals.update(extraction.signals)
    return extraction


def _apply(operations: tuple[Operation, ...], values: dict[str, Any]) -> dict[str, str]:
    filled: dict[str, str] = {}
    for operation in operations:
        if not operation.accepted:
            continue
        if operation.op in ("set", "correct"):
            values[operation.path] = operation.value
            filled[operation.path] = as_text(operation.value)
        elif operation.op == "decline":
            values.pop(operation.path, None)
            filled[operation.path] = DONT_CARE
    return filled


def _scored(turn: GoldTurn, extraction: Extraction, filled: Mapping[str, str]) -> dict[str, str]:
    """What counts as filled: the values, or for data by place the words they overlap."""
    scored = dict(filled)
    if not turn.by_place:
        return scored
    for operation in extraction.operations:
        span = turn.spans.get(operation.path)
        if not span or operation.start is None or operation.end is None:
            continue
        if operation.accepted and operation.start < span[1] and operation.end > span[0]:
            scored[operation.path] = turn.gold[operation.path][0]
    return scored


def as_text(value: Any) -> str:
    """How the data writes a value."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
