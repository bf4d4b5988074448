"""`Actually it's not an emergency`: what takes a standing value back counts before any answer."""

import re
from dataclasses import replace

from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.normalise import Value
from ai_bridge.runner.normalise.texts import lower

_TAKES_BACK = re.compile(
    r"^\W*(?:(?:hm+|oh|ok|okay|well|no|hi|hey)\b[\s,.!]*)*(?:actuall?e?y|sorr?y|wait|hold on|"
    r"hang on|i mean(?:t)?|correction|no[,.!]| make (?:that|it))",
    re.IGNORECASE,
)
_NO_ACTUALLY = re.compile(r"\bno\b.{0,60}\bactuall?e?y\b")
BEFORE_ANSWERS = 5.0
# Their values are told from each other by the words alone.
_CHOSEN = frozenset({"choice", "choices", "boolean"})


def takes_back(text: str) -> bool:
    if _TAKES_BACK.match(text):
        return True
    lowered = lower(text)
    return "actual" in lowered and bool(_NO_ACTUALLY.search(lowered))


def with_retractions_first(reading: Reading, proposals: list[Proposal]) -> list[Proposal]:
    """The same pairs; those that change what was told before win over those that answer."""
    if not reading.utterance.values or not takes_back(reading.text):
        return proposals
    return [
        replace(item, points=item.points + BEFORE_ANSWERS) if _changes(reading, item) else item
        for item in proposals
    ]


def _changes(reading: Reading, item: Proposal) -> bool:
    path = item.profile.field.path
    standing = reading.utterance.values.get(path)
    if standing is None or item.profile.field.kind not in _CHOSEN or path in reading.asked:
        return False
    return isinstance(item.result, Value) and item.result.value != standing


# Told in passing they are no correction; an option and a yes are told from that elsewhere.
_COUNTED = frozenset({"date", "time", "datetime", "integer", "number", "money", "duration"})
_CORRECTS = re.compile(
    r"\b(?:actuall?e?y|make (?:it|that)|chang\w+|mov\w+|i mean|i meant|instead|rather|wait|sorry|"
    r"correction|should be|no|not|better|prefer)\b",
    re.IGNORECASE,
)
# A number alone, or with a word or two, is meant as what it says.
FEW = 4


def without_asides(reading: Reading, chosen: list[Proposal]) -> list[Proposal]:
    """The same pairs but for what changes a settled day or number in passing.

    `I gave up 5 years ago`, to another question, does not move the day on which it began.
    """
    answered = any(item.profile.field.path in reading.asked for item in chosen)
    if not reading.asked or answered or len(reading.message.words) <= FEW:
        return chosen
    if _CORRECTS.search(reading.text):
        return chosen
    return [item for item in chosen if not _is_aside(reading, item)]


def _is_aside(reading: Reading, item: Proposal) -> bool:
    field = item.profile.field
    standing = reading.utterance.values.get(field.path)
    if standing is None or field.kind not in _COUNTED or field.path in reading.asked:
        return False
    is_change = isinstance(item.result, Value) and item.result.value != standing
    return is_change and item.profile.words.keys().isdisjoint(reading.message.roots)
