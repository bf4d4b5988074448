"""Lines that keep the talk going. They answer nothing, so they fill nothing."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ai_bridge.intake import Intake, compile_template
from ai_bridge.intake_gallery import TRADES, gallery_template
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.extract.types import Utterance
from tests.extract.speaking import say

LINES = (Path(__file__).parent / "chat_lines.txt").read_text(encoding="utf-8").splitlines()
NOW = datetime(2026, 11, 21, 10)  # noqa: DTZ001 - the visitor's local time
FILLING = ("set", "correct", "add")


def test_there_are_enough_lines_to_tell() -> None:
    assert len(LINES) == len(set(LINES)) >= 100


@pytest.mark.parametrize(
    "asking", [None, "name", "email", "visit", "address.city", "service", "rooms", "notes"]
)
def test_chat_and_questions_fill_nothing_whatever_was_asked(asking: str | None) -> None:
    filled = {text: say(text, asking) for text in LINES}
    assert {text: values for text, values in filled.items() if values} == {}


def _one_of_each_kind(intake: Intake) -> list[str | None]:
    """A field of each kind, by its path; and no field at all."""
    kinds = {item.kind: item.path for item in reversed(intake.fields) if not item.hidden}
    return [None, *sorted(kinds.values())]


@pytest.mark.parametrize("trade", TRADES)
def test_chat_and_questions_fill_nothing_in_any_trade(trade: str) -> None:
    intake, extractor = compile_template(gallery_template(trade)), RuleExtractor()

    def filled(text: str, asking: str | None) -> dict[str, Any]:
        said = Utterance(text, intake, {}, NOW, region="US", asking=asking)
        found = extractor.read(said).operations
        return {item.path: item.value for item in found if item.accepted and item.op in FILLING}

    # Every line unasked; to the questions a third of them, other ones in the next trade.
    third = list(TRADES).index(trade) % 3
    wrong = [
        (asking, text, values)
        for asking in _one_of_each_kind(intake)
        for text in (LINES[third::3] if asking else LINES)
        if (values := filled(text, asking))
    ]
    assert wrong == []
