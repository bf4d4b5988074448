"""A yes that is not said: the answer gives at once what the yes would have been asked about."""

from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.normalise import Value

# What has a form of its own; any words could be text.
_FORMED = frozenset({"date", "time", "datetime", "email", "phone", "url", "money"})
_EVADES = frozenset({"negate", "affirm", "question", "dont_know", "dont_care", "skip", "refuse"})


def waits_for_yes(reading: Reading) -> Profile | None:
    """The yes-or-no question that was asked, where the answer is neither and tells something."""
    path = reading.utterance.asking
    if path is None or path in reading.utterance.values or not reading.message.findings:
        return None
    if _EVADES & reading.signals.keys():
        return None
    return next(
        (
            item
            for item in reading.profiles
            if item.field.path == path and item.field.kind == "boolean"
        ),
        None,
    )


def told_with_yes(asked: Profile, found: list[Proposal], opened: frozenset[str]) -> list[Proposal]:
    """The yes itself, in the words of the first value that only a yes makes room for."""
    if any(item.profile is asked for item in found):
        return []
    for item in found:
        field = item.profile.field
        if field.path in opened and field.kind in _FORMED and isinstance(item.result, Value):
            return [Proposal(asked, item.start, item.end, Value(True), item.points)]
    return []
