"""Yes and no: as the answer to the question, or from the field's own words."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.lexicon import COMMON, FUNCTION, stem, words_of
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.retracting import takes_back
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
# `outside, if it stays dry` is a yes all the same.
_IF = re.compile(r",? (?:if|unless|as long as|provided)\b", re.IGNORECASE)
_PLAIN = frozenset(stem(word) for word in COMMON)
_ANSWER = re.compile(r"^\W*[\w'’]+(?:[ ,]+[\w'’]+){0,3}")
_DOUBLE = re.compile(
    (
        r"\b(?:don'?t|do not|wouldn'?t|would not) (?:really )?mind\b|\bno problem\b|"
        r"\bnot a problem\b|\bwhy not\b"
    ),
    re.I,
)


_EVADES: frozenset[Signal] = frozenset(
    {"question", "dont_know", "dont_care", "skip", "refuse", "why", "chit_chat"}
)
# Where the answer stands at the end: `a bit swollen, yes`, `is it an emergency? no`.
_LAST = re.compile(
    r"(?:^|[\s,.!?;-])(?<!not )(?P<answer>(?P<yes>yes|yeah|yea|yep|yup)|no|nope|nah)"
    r"(?:,? (?:please|pls|thanks|thx|sorry|i guess|never|way))?\W*$",
    re.IGNORECASE,
)
# `Yes whatever` is a yes all the same.
_AGREES = re.compile(r"^\W*(?P<yes>yes|yeah|yea|yep|yup)\b(?!\W*(?:but|or)\b)", re.IGNORECASE)
# `Do you have it?` - `it does`, `I can`; `Are you nervous?` - `very`.
_SHORTLY = re.compile(
    r"^\W*(?:(?:yes|well|oh|um)\W+)?(?:(?:it|that|they|he|she|we|i|you|there) "
    r"(?:still )?(?:does|do|did|is|are|can|will be|may)|"
    r"(?:a )?(?:very|totally|quite|extremely|so|little|bit)(?: \w+)?|"
    r"(?:only |just |more than )?(?:once|twice|often|sometimes|already|all the time|always|"
    r"(?:\d{1,2}|two|three|four|five|many|several|a few|a couple of|lots of) times)"
    r"(?: (?:already|before|now))*)\W*$",
    re.IGNORECASE,
)
# What the visitor says instead of a plain no.
_OPPOSITES = {
    "outside": ("inside", "indoor", "indoors"),
    "before": ("never",),
    "own": ("rent", "renting", "tenant"),
    "owner": ("rent", "renting", "tenant"),
}
_FIRST_TIME = re.compile(
    r"\b(?:(?:the|my|our) )?first (?:time|visit)\b|\b(?:i'?m|we'?re) new\b", re.IGNORECASE
)
MAX_ECHO_WORDS = 12
# Roots that differ meet from so many letters on.
ALIKE = 4


def propose_boolean(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    asked = profile.field.path in reading.asked
    cued = _cued(reading, profile, asked)
    standing = reading.utterance.values.get(profile.field.path)
    if cued and not asked and cued[2] == standing:
        # Said already: its words may answer what is asked now.
        return
    if cued:
        start, end, value = cued
        yield _proposal(reading, profile, start, end, value, 3.0 + asked)
    elif asked and (answered := _answered(reading, profile)):
        start, end, value = answered
        yield _proposal(reading, profile, start, end, value, 2.5)
    elif denied := _denied(reading, profile):
        yield _proposal(reading, profile, *denied, 2.5)


def _answered(reading: Reading, profile: Profile) -> tuple[int, int, bool] | None:
    """A yes or no to the question itself, however it is put."""
    text = reading.text
    last = _LAST.search(text[-200:])
    offset = max(0, len(text) - 200)
    if not _EVADES & reading.signals.keys():
        said = read_boolean(text)
        if said is not None:
            match = _ANSWER.match(text)
            end = match.end() if match else len(text)
            return len(text[:end]) - len(text[:end].lstrip()), end, said
    if (agreed := _AGREES.match(text)) and reading.signals.keys() & _EVADES <= {"dont_care"}:
        return agreed.start("yes"), agreed.end("yes"), True
    if last and not {"why", "refuse"} & reading.signals.keys():
        return offset + last.start("answer"), offset + last.end("answer"), bool(last["yes"])
    if (_EVADES - {"chit_chat"}) & reading.signals.keys():
        return None
    if short := _SHORTLY.match(text):
        return short.start(), len(text.rstrip()), True
    return _echoed(reading, profile, COMMON)


def _denied(reading: Reading, profile: Profile) -> tuple[int, int, bool] | None:
    """`Actually no, it does not stop me`: what was told before, taken back."""
    stands = profile.field.path in reading.utterance.values
    return _echoed(reading, profile, FUNCTION) if stands and takes_back(reading.text) else None


def _echoed(
    reading: Reading, profile: Profile, plain: frozenset[str]
) -> tuple[int, int, bool] | None:
    """`it still drives`, `nobody was hurt`: the question's own words, said back as a statement."""
    words = reading.message.words
    if not 0 < len(words) <= MAX_ECHO_WORDS or _WONDERS.search(reading.text):
        return None
    start, end = words[0][0], words[-1][1]
    asked = words_of(f"{profile.field.ask} {profile.field.title} {profile.field.description}")
    opposites = {item for word in asked for item in _OPPOSITES.get(word, ())}
    is_first = "before" in asked and bool(_FIRST_TIME.search(reading.text))
    if is_first or any(word in opposites for _, _, word in words):
        return start, end, False
    telling = {stem(word) for word in asked if word not in plain}
    roots = {stem(word) for _, _, word in words if word not in plain}
    roots = {root for root in roots if not _names_other(reading, profile, root)}
    if not any(_near(root, head) for root in roots for head in telling):
        return None
    negated = _NOT.search(reading.text) or _NOBODY.search(reading.text)
    return start, end, not negated


def _names_other(reading: Reading, profile: Profile, root: str) -> bool:
    """`The insurer` is a question's own name, and tells nothing of an insurance claim."""
    if root in profile.head:
        return False
    return any(root in item.head for item in reading.profiles if item.field.kind != "boolean")


_NOBODY = re.compile(r"\b(?:nobody|no ?one|none|nothing)\b", re.IGNORECASE)


def _near(root: str, head: str) -> bool:
    """`drives` and `driven` begin alike."""
    return min(len(root), len(head)) >= ALIKE and root[:ALIKE] == head[:ALIKE]


def _proposal(
    reading: Reading, profile: Profile, start: int, end: int, value: bool, points: float
) -> Proposal:
    if profile.field.kind == "consent" and not value:
        return Proposal(profile, start, end, Refusal("not agreed"), points)
    result = meet_constraints(profile.field, value, reading.context)
    return Proposal(profile, start, end, result, points)


def _cued(reading: Reading, profile: Profile, asked: bool) -> tuple[int, int, bool] | None:
    """All telling words of the field in one sentence that tells; negated or not."""
    begun = {head[:ALIKE] for head in profile.head}
    speaking = [
        root
        for root in reading.message.roots
        if root[:ALIKE] in begun and any(_same(root, head) for head in profile.head)
    ]
    speaking = [root for root in speaking if not _names_other(reading, profile, root)]
    places = sorted((*place, root) for root in speaking for place in reading.message.roots[root])
    for sentence in reading.sentences if places else ():
        first = bisect_left(places, (sentence.start,))
        if first == len(places) or places[first][0] >= sentence.end:
            continue
        said = reading.text[sentence.start : sentence.end]
        if asked and (condition := _IF.search(said)):
            said = said[: condition.start()]
        if sentence.is_question or _WONDERS.search(said):
            continue
        hits = places[first : bisect_left(places, (sentence.start + len(said),))]
        roots = {root for _, _, root in hits}
        telling = {head for head in profile.head if any(_same(root, head) for root in roots)}
        if not hits or not (telling == profile.head or telling - _PLAIN):
            continue
        negated = bool(_NOT.search(said)) and not _DOUBLE.search(said)
        return hits[0][0], hits[-1][1], not negated
    return None


def _same(root: str, head: str) -> bool:
    """Roots meet when one begins the other: `smok` and `smoking`."""
    shorter = min(len(root), len(head))
    return root == head or (shorter >= ALIKE and root[:shorter] == head[:shorter])
