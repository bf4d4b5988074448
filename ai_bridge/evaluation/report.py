"""One file of dialogues, scored as written and lower-cased."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ai_bridge.evaluation.dialogues import read_dialogues
from ai_bridge.evaluation.gold import Dialogue
from ai_bridge.evaluation.run import Prediction, Read, evaluate_dialogue
from ai_bridge.evaluation.scores import Score
from ai_bridge.runner.extract.rules import RuleExtractor

Track = Callable[[list[Dialogue], str], Iterable[Dialogue]]


@dataclass(frozen=True, slots=True)
class Report:
    """`predictions` are those of the text as written."""

    as_written: Score
    lower_cased: Score
    predictions: tuple[Prediction, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "as_written": self.as_written.as_json(),
            "lower_cased": self.lower_cased.as_json(),
        }


def without_progress(dialogues: list[Dialogue], title: str) -> Iterable[Dialogue]:
    return dialogues


def evaluate_file(path: Path, track: Track = without_progress, read: Read | None = None) -> Report:
    """Scores every dialogue twice, read by rules unless `read` is given; `track` may show how far
    it is. Raises DialogueFormatError.
    """
    dialogues = read_dialogues(path)
    read = read or RuleExtractor().read
    written, lowered = Score(), Score()
    predictions = tuple(
        evaluate_dialogue(dialogue, read, written, lower_case=False)
        for dialogue in track(dialogues, "As written")
    )
    for dialogue in track(dialogues, "Lower-cased"):
        evaluate_dialogue(dialogue, read, lowered, lower_case=True)
    return Report(written, lowered, predictions)


def write_predictions(path: Path, predictions: Iterable[Prediction]) -> None:
    """One JSON object a line: `{id, turns: [{filled, state}]}`, one entry a gold turn."""
    lines = (json.dumps(item.as_json(), ensure_ascii=False) for item in predictions)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
