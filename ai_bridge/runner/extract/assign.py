"""Pair findings with fields one to one, the surest pairs first."""

from dataclasses import dataclass

from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.normalise import Refusal, Value

_CONTACTS = frozenset({"email", "phone", "url"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """One field could take `text[start:end]`, read as `result`."""

    profile: Profile
    start: int
    end: int
    result: Value | Refusal
    points: float
    # The whole message as an open answer: an address of mail or a number of a set form in it may be
    # taken all the same.
    is_whole: bool = False


def _is_formed(profile: Profile) -> bool:
    """Whether its values have a form of their own, which tells them in the midst of a story."""
    return profile.field.kind in _CONTACTS or "pattern" in profile.field.schema


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
    told: set[int] = set()
    for item in ranked:
        path, span = item.profile.field.path, range(item.start, item.end)
        is_told = not (_is_formed(item.profile) or told.isdisjoint(span))
        if path in fields or is_told or not taken.isdisjoint(span):
            continue
        fields.add(path)
        (told if item.is_whole else taken).update(span)
        chosen.append(item)
    return sorted(chosen, key=lambda item: (item.start, item.end))
