"""Where a name is that of a place: by the words before it, or by the street it follows."""

import re

from ai_bridge.runner.extract.findings import Finding
from ai_bridge.runner.extract.lexicon import stem
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.normalise.types import words

_PLACE_BEFORE = frozenset(
    words("in to from at near around towards toward for of into visit visiting")
)

_REPAIR = re.compile(r"\W*(?:no|sorry|actually|i mean(?:t)?|correction)[\s,.:]+", re.IGNORECASE)


def repairs_place(reading: Reading, profile: Profile, finding: Finding) -> float:
    """`sorry, Salem`: the one place that stands, while no other words are asked for."""
    lead = _REPAIR.match(reading.text)
    if (
        not lead
        or lead.end() != finding.found.start
        or reading.text[finding.found.end :].strip(" .!")
    ):
        return 0.0
    kinds = {item.field.kind for item in reading.profiles if item.field.path in reading.asked}
    places = [item.field.path for item in reading.profiles if item.is_place]
    is_alone = places == [profile.field.path] and not kinds & {"text", "name", "address"}
    stands = profile.field.path in reading.utterance.values
    return 2.4 if is_alone and stands else 0.0


_STATES = frozenset(words("is be it's was"))
_NOT_IT = re.compile(r"\b(?:not|instead of|rather than) (?:in |the )?$", re.IGNORECASE)
LONGEST_NOT = 24


def states_place(reading: Reading, profile: Profile, finding: Finding) -> float:
    """`The city is Dayton` names the field; `it's Dayton, not Springfield` the value it holds."""
    is_told = finding.before[:1] and finding.before[0] in _STATES
    if is_told and not profile.head.isdisjoint(map(stem, finding.before[1:3])):
        return 2.6
    standing = reading.utterance.values.get(profile.field.path)
    if not isinstance(standing, str) or finding.found.value == standing:
        return 0.0
    denied = reading.text.find(standing)
    is_denied = denied >= 0 and _NOT_IT.search(reading.text, max(0, denied - LONGEST_NOT), denied)
    return 3.6 if is_denied else 0.0


def _is_beside(reading: Reading, profile: Profile) -> bool:
    """The town of the address that is asked for, where a template has two of them."""
    asked = reading.asked[0] if reading.asked else ""
    if not profile.rivals or "." not in asked or "." not in profile.field.path:
        return True
    return asked.rpartition(".")[0] == profile.field.path.rpartition(".")[0]


_TOWN_GAP = frozenset({", ", ",", " ", " in "})


def _follows_street(reading: Reading, finding: Finding) -> bool:
    """`14 Alder Street, Springfield`: what comes right after the street is the town."""
    return any(
        item.family == "street" and reading.text[item.found.end : finding.found.start] in _TOWN_GAP
        for item in reading.message.findings
    )


def place_points(reading: Reading, profile: Profile, finding: Finding) -> float:
    if _follows_street(reading, finding):
        return 2.4 if _is_beside(reading, profile) else 0.0
    near = finding.before[:1]
    if not near or near[0] not in _PLACE_BEFORE:
        return 0.0
    if near[0] == "at" and any(item.is_title for item in reading.profiles):
        return 0.5
    return 1.0 if near[0] in ("for", "of") else 2.2
