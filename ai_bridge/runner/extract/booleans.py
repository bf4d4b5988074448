"""Yes and no: as the answer to the question, or from the field's own words."""

import re
from collections.abc import Iterator

from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.lexicon import COMMON, stem
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.types import Signal
from ai_bridge.runner.normalise import Refusal
from ai_bridge.runner.normalise.choices import read_boolean
from ai_bridge.runner.normalise.constraints import meet_constraints

_NOT = re.compile(
    (
        r"\b(?:no|not|don'?t|do not|doesn'?t|without|never|isn'?t|aren'?t|won'?t|can'?t|"
        r"cannot|hate|avoid|nor|un\w+ed)\b"
    ),
    re.IGNORECASE,
)
# A sentence that wonders about the matter says nothing of what is wanted.
_WONDERS = re.compile(r"\?\s*$|\b(?:whether|if)\b", re.IGNORECASE)
_PLAIN = frozenset(stem(word) for word in COMMON)
_ANSWER = re.compile(r"^\W*[\w'’]+(?:[ ,]+[\w'’]+){0,3}")
_DOUBLE = re.compile(
    (
        r"\b(?:don'?t|do not|wouldn'?t|would not) (?:really )?mind\b|\bno problem\b|"
        r"\bnot a problem\b|\bwhy not\b"
    ),
    re.I,
)


_EVADES: frozenset[Signal] = frozenset({"question", "dont_know", "chit_chat"})


def propose_boolean(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    asked = profile.field.path in reading.asked
    cued = _cued(reading, profile, asked)
    if cued:
        start, end, value = cued
        yield _proposal(reading, profile, start, end, value, 3.0 + asked)
    elif asked and not _EVADES & reading.signals.keys():
        value_said = read_boolean(reading.text)
        if value_said is not None:
            match = _ANSWER.match(reading.text)
            end = match.end() if match else len(reading.text)
            start = len(reading.text[:end]) - len(reading.text[:end].lstrip())
            yield _proposal(reading, profile, start, end, value_said, 2.5)


def _proposal(
    reading: Reading, profile: Profile, start: int, end: int, value: bool, points: float
) -> Proposal:
    if profile.field.kind == "consent" and not value:
        return Proposal(profile, start, end, Refusal("not agreed"), points)
    result = meet_constraints(profile.field, value, reading.context)
    return Proposal(profile, start, end, result, points)


def _cued(reading: Reading, profile: Profile, asked: bool) -> tuple[int, int, bool] | None:
    """All telling words of the field in one sentence that tells; negated or not."""
    if not profile.head:
        return None
    for sentence in reading.sentences:
        said = reading.text[sentence.start : sentence.end]
        if sentence.is_question or _WONDERS.search(said):
            continue
        spots = [
            (start, end, stem(word))
            for start, end, word in reading.message.words
            if sentence.start <= start < sentence.end
        ]
        said_roots = {root for _, _, root in spots}
        roots = {root for root in said_roots if _speaks(root, profile.head)}
        hits = [(start, end) for start, end, root in spots if root in roots]
        telling = {head for head in profile.head if any(_same(root, head) for root in roots)}
        if not hits or not (telling == profile.head or telling - _PLAIN):
            continue
        negated = bool(_NOT.search(said)) and not _DOUBLE.search(said)
        return hits[0][0], hits[-1][1], not negated
    return None


def _speaks(root: str, heads: frozenset[str]) -> bool:
    return any(_same(root, head) for head in heads)


def _same(root: str, head: str) -> bool:
    """Roots meet when one begins the other: `smok` and `smoking`."""
    shorter = min(len(root), len(head))
    return root == head or (shorter >= 4 and root[:shorter] == head[:shorter])
