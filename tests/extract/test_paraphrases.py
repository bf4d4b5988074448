"""Options that visitors mean without naming them, and where that is not enough."""

from datetime import datetime
from typing import Any

import pytest

from ai_bridge.intake import compile_template
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.extract.types import Utterance

NOW = datetime(2026, 11, 21, 10)  # noqa: DTZ001 - the visitor's local time
FORM = compile_template(
    {
        "type": "object",
        "properties": {
            "kind": {"enum": ["Music", "Sports"], "description": "Category of the event"},
            "price": {"enum": ["inexpensive", "moderate", "expensive"], "title": "Price range"},
            "device": {"enum": ["TV", "Kitchen speaker", "Bedroom speaker"], "title": "Device"},
            "subtitles": {"enum": ["None", "English", "Spanish"], "title": "Subtitles"},
        },
    }
)


def _said(text: str, asking: str | None = None) -> dict[str, Any]:
    found = RuleExtractor().read(Utterance(text, FORM, {}, NOW, region="US", asking=asking))
    return {item.path: item.value for item in found.operations if item.accepted}


@pytest.mark.parametrize(
    ("text", "asking", "filled"),
    [
        ("I'd like to go to a concert", "kind", {"kind": "Music"}),
        ("any game will do", "kind", {"kind": "Sports"}),
        ("something cheap", "price", {"price": "inexpensive"}),
        ("not too expensive", "price", {"price": "moderate"}),
        ("the one in the kitchen", "device", {"device": "Kitchen speaker"}),
        ("moderately priced please", None, {"price": "moderate"}),
        ("play it on the bedroom device", None, {"device": "Bedroom speaker"}),
        ("no subtitles please", None, {"subtitles": "None"}),
        ("a concert event would be nice", None, {"kind": "Music"}),
    ],
)
def test_other_words_name_the_option_that_they_mean(
    text: str, asking: str | None, filled: dict[str, Any]
) -> None:
    assert _said(text, asking) == filled


@pytest.mark.parametrize(
    "text",
    [
        # No word of the field stands beside it.
        "I burned dinner in the kitchen",
        "what a game that was",
        # Two options have a speaker.
        "the speaker",
        "no concert please",
    ],
)
def test_other_words_alone_fill_nothing_that_was_not_asked_for(text: str) -> None:
    assert _said(text) == {}
