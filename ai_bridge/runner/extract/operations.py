"""From chosen pairs to operations whose quotes are the visitor's own characters."""

import re
from dataclasses import dataclass

from ai_bridge.contract import Operation
from ai_bridge.intake import IntakeField
from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.lexicon import stem, words_of
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.signals import ASKS_TO_SKIP, DECLINES
from ai_bridge.runner.normalise import Value
from ai_bridge.runner.normalise.dispatch import NOT_FOUND
from ai_bridge.runner.normalise.nearby import matches, near
from ai_bridge.runner.normalise.texts import lower

FULL_POINTS = 6.0
KIND_WORDS = {"date": frozenset({"day", "date"}), "time": frozenset({"time", "hour"})}
ANY_OF = re.compile(
    r"\b(?:any(?: of (?:his|her|their|the|your))?|whatever|"
    r"(?:don'?t|do not|doesn'?t|does not) (?:really )?(?:care|matter|mind)(?: about)?"
    r"(?: what| which| the)?)(?P<rest>(?: (?!other|more|else|chance)[a-z]+){1,2})",
    re.IGNORECASE,
)
# What joins a word to its neighbour.
GLUED = re.compile(r"[\w@/_-]")


@dataclass(frozen=True, slots=True)
class Stated:
    """One operation a chosen pair; what gives a field the value that it has is apart."""

    operations: tuple[Operation, ...]
    restated: tuple[Operation, ...]


_ANY_CUES = frozenset({"any", "whatever", "care", "matter", "mind"})


def to_operations(reading: Reading, chosen: list[Proposal]) -> Stated:
    values = reading.utterance.values
    found = tuple(_operation(reading, item) for item in chosen)
    again = tuple(one for one in found if one.accepted and values.get(one.path) == one.value)
    fresh = tuple(one for one in found if one not in again)
    return Stated(fresh, tuple(one for one in again if _is_apart(one, reading.text)))


def _is_apart(operation: Operation, text: str) -> bool:
    """Not the `RN` of `RN-12345`, which is something else than a nurse said again."""
    start, end = operation.start or 0, operation.end or 0
    return not GLUED.search(text[max(0, start - 1) : start] + " " + text[end : end + 1])


def _operation(reading: Reading, item: Proposal) -> Operation:
    path, result = item.profile.field.path, item.result
    value = result.value if isinstance(result, Value) else None
    standing = reading.utterance.values.get(path)
    is_change = standing is not None and value is not None and value != standing
    return Operation(
        op="correct" if is_change else "set",
        path=path,
        value=value,
        quote=reading.text[item.start : item.end],
        start=item.start,
        end=item.end,
        source="rule",
        confidence=round(max(0.3, min(1.0, item.points / FULL_POINTS)), 2),
        accepted=isinstance(result, Value),
        reason="" if isinstance(result, Value) else result.reason,
    )


def decline(reading: Reading) -> tuple[Operation, ...]:
    """The asked field is declined, or the visitor cannot say."""
    path = reading.utterance.asking
    signal = next((name for name in DECLINES if name in reading.signals), None)
    if path is None:
        return ()
    if signal is None:
        none = _has_none(reading, path)
        return (_declined(reading, path, _meant(reading, path), none),) if none else ()
    path = _to_skip(reading) or path if signal == "skip" else path
    return (_declined(reading, path, signal, reading.signals[signal]),)


_SKIPS = re.compile(ASKS_TO_SKIP)
# Nobody asks in more words than this to leave something out.
MAX_SKIP = 120


def _to_skip(reading: Reading) -> str:
    """The open field that `can I skip the phone` names; empty when it names the one asked for."""
    said = _SKIPS.match(lower(reading.text)) if len(reading.text) <= MAX_SKIP else None
    if said is None:
        return ""
    roots = {stem(word) for word in words_of(said["skipped"] or said["left"])}
    named = [
        item.field.path
        for item in reading.profiles
        if item.head & roots and item.field.path not in reading.utterance.values
    ]
    is_asked = not named or reading.utterance.asking in named
    return "" if is_asked else named[0]


def _meant(reading: Reading, path: str) -> str:
    """A no to a list of options turns each of them down, and the question not."""
    field = reading.utterance.intake.field(path)
    return HAS_NO_OPTION if field and field.kind in ("choice", "choices") else "refuse"


HAS_NO_OPTION = "none of the options"
# To a question that wants more than yes or no, this gives nothing and says so.
HAS_NONE = re.compile(
    r"^\W*(?:(?:oh|um|well|sorry|ok|okay)[, ]+)?(?:no|nope|nah|none|nothing|n/?a|"
    r"no,? (?:thanks?(?: you)?|thx|ty)|"
    r"(?:no[, ]+)?(?:i )?(?:don'?t|do not|haven'?t|have not) (?:have|got|own|use|need)(?: got)?"
    r" (?:one|any|it|that|them|an?|my)\b(?: [\w-]+){0,3})\W*$",
    re.IGNORECASE,
)
# `no phone please`, `there was no order`: what was asked for is not there to be given.
_NO_SUCH = re.compile(
    r"^\W*(?:sorry,? )?(?:there (?:is|was|were) )?no (?P<what>[\w -]{2,30}?)"
    r"(?: please| pls| yet| thanks)?\W*$",
    re.IGNORECASE,
)
_NOT_THERE = {
    "date": frozenset({"deadline", "date", "day", "rush"}),
    "phone": frozenset({"phone", "number", "mobile"}),
    "email": frozenset({"email", "mail", "address"}),
    "money": frozenset({"budget", "limit"}),
    "url": frozenset({"website", "site", "link", "page", "profile", "cv"}),
}


def _has_none(reading: Reading, path: str) -> tuple[int, int] | None:
    if bare := HAS_NONE.match(reading.text):
        return bare.span()
    such = _NO_SUCH.match(reading.text)
    profile = next((item for item in reading.profiles if item.field.path == path), None)
    if such is None or profile is None:
        return None
    said = words_of(such["what"])
    names = _NOT_THERE.get(profile.field.kind, frozenset())
    is_named = any(word in names or stem(word) in profile.head for word in said)
    return such.span() if is_named else None


def decline_named(reading: Reading, filled: set[str]) -> tuple[Operation, ...]:
    """`any airline`, `I don't care what date`: the field is named, asked for or not."""
    found = []
    spots = near(lower(reading.text), _ANY_CUES)
    said_any = [
        (match, {stem(word) for word in words_of(match["rest"])})
        for match in matches(ANY_OF, reading.text, spots)
        if reading.tells(match.start())
    ]
    for profile in reading.profiles if said_any else ():
        path = profile.field.path
        names = profile.head | KIND_WORDS.get(profile.field.kind, frozenset())
        for match, said in said_any:
            if path not in filled and said & names:
                found.append(_declined(reading, path, "dont_care", match.span()))
                break
    return tuple(found)


def _declined(reading: Reading, path: str, reason: str, span: tuple[int, int]) -> Operation:
    return Operation(
        op="unknown" if reason == "dont_know" else "decline",
        path=path,
        quote=reading.text[span[0] : span[1]],
        start=span[0],
        end=span[1],
        source="rule",
        reason=reason,
    )


# So many words, and fewer digits than a number has, try to answer something else.
_SENTENCE, _FEW_DIGITS = 4, 4
_NO_DIGIT = frozenset({"date", "time", "datetime", "integer", "number", "money", "duration"})


def tells_otherwise(field: IntakeField, refused: Operation) -> bool:
    """Whether a refused answer is a sentence on another matter rather than a try that failed."""
    if refused.reason != NOT_FOUND.get(field.kind) or field.kind in ("boolean", "consent"):
        return False
    said = refused.quote
    digits = sum(character.isdecimal() for character in said)
    most = 0 if field.kind in _NO_DIGIT else _FEW_DIGITS - 1
    is_mail = field.kind in ("email", "url") and "@" in said
    return len(said.split()) >= _SENTENCE and digits <= most and not is_mail


def refuse(reading: Reading) -> tuple[Operation, ...]:
    """An answer that gives nothing the asked field could take says so, for the next question."""
    path = reading.utterance.asking
    item = reading.utterance.intake.field(path) if path else None
    if reading.text.rstrip().endswith("?"):
        return ()
    if item is None or reading.signals or item.kind not in NOT_FOUND or not reading.text.strip():
        return ()
    return (
        Operation(
            op="set",
            path=item.path,
            quote=reading.text,
            start=0,
            end=len(reading.text),
            source="rule",
            accepted=False,
            reason=NOT_FOUND[item.kind],
        ),
    )
