"""Pair findings with fields one to one, the surest pairs first."""

from dataclasses import dataclass

from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.normalise import Refusal, Value


@dataclass(frozen=True, slots=True)
class Proposal:
    """One field could take `text[start:end]`, read as `result`."""

    profile: Profile
    start: int
    end: int
    result: Value | Refusal
    points: float


def choose(proposals: list[Proposal]) -> list[Proposal]:
    """The best pairs that share neither a field nor a character; in the order of the text."""
    ranked = sorted(
        proposals,
        key=lambda item: (
            isinstance(item.result, Refusal),
            -item.points,
            item.start,
            item.start - item.end,
        ),
    )
    chosen: list[Proposal] = []
    fields: set[str] = set()
    taken: set[int] = set()
    for item in ranked:
        path, span = item.profile.field.path, range(item.start, item.end)
        if path in fields or not taken.isdisjoint(span):
            continue
        fields.add(path)
        taken.update(span)
        chosen.append(item)
    return sorted(chosen, key=lambda item: (item.start, item.end))
