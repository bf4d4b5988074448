"""What a message costs in processor time, beside a baseline of the same run, and what it may."""

from dataclasses import dataclass
from pathlib import Path

from ai_bridge.evaluation.dialogues import read_dialogues
from ai_bridge.evaluation.hostile import (
    Cost,
    echo_seconds,
    hostile_texts,
    start_up_seconds,
    worst_turns,
)
from ai_bridge.evaluation.run import evaluate_dialogue
from ai_bridge.evaluation.scores import Score
from ai_bridge.runner.extract.rules import RuleExtractor


@dataclass(frozen=True, slots=True)
class Bar:
    """`most` is what `seconds` may come to at most, `baseline` what to compare them with."""

    what: str
    seconds: float
    most: float
    baseline: float

    @property
    def is_met(self) -> bool:
        return self.seconds <= self.most


@dataclass(frozen=True, slots=True)
class Speed:
    """`worst` are the dearest turns, the dearest first."""

    bars: tuple[Bar, ...]
    worst: tuple[Cost, ...]


def measure_speed(data: Path) -> Speed:
    """Takes minutes. `data` holds the public data."""
    echo, (first, imports) = echo_seconds(), start_up_seconds()
    score, read = Score(), RuleExtractor().read
    for dialogue in read_dialogues(data / "dialogues" / "sgd_dev_single.jsonl"):
        evaluate_dialogue(dialogue, read, score, lower_case=False)
    worst = tuple(worst_turns(hostile_texts(data)))
    message = score.percentile(0.95) / 1000
    return Speed(
        (
            Bar("the dearest turn of 8 KiB", worst[0].seconds, 0.05, echo),
            Bar("a message of the conversations, p95", message, 0.01, echo),
            Bar("the first message of a process", first, 0.3, imports),
        ),
        worst,
    )
