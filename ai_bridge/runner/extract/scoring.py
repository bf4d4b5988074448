"""How well one finding fits one field: kind, unit, the words around it, and what was asked."""

from ai_bridge.runner.extract.findings import Finding
from ai_bridge.runner.extract.lexicon import (
    CONCEPTS,
    END_WORDS,
    GENERIC,
    PARTS_OF_GROUPS,
    START_WORDS,
    stem,
)
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.normalise.types import words

ENOUGH = 2.0
ASKED = 2.5
# Of an option that was named.
CHOICE = 3.0
# Of an answer that was read as one, whatever else its words may be.
ANSWERED = 6.0
_TYPED_ALONE = {"date": 2.2, "time": 2.2, "email": 3.0, "phone": 3.0, "url": 2.2, "money": 2.4,
                "duration": 2.2, "datetime": 2.2}  # fmt: skip
_STATES = frozenset(words("is are be was"))
_PERSON_CUES = frozenset(words("for of party table with"))


def score(profile: Profile, finding: Finding, asked: bool) -> float:
    """Points for this pairing; below ENOUGH it is not made."""
    points = ASKED if asked else 0.0
    points += _cues(profile, finding)
    if finding.family == "number":
        return points + _number_points(profile, finding, asked)
    if finding.family == "money" and "money" in profile.concepts:
        return points + _TYPED_ALONE["money"]
    base = _TYPED_ALONE.get(finding.family, 0.0)
    points += base if profile.rivals == 0 else base / 2
    return points + _role_points(profile, finding)


def _cues(profile: Profile, finding: Finding) -> float:
    """Words of the field near the finding count more the nearer they are."""
    points = 0.0
    for near, reach in ((finding.before, 7), (finding.after, 4)):
        for distance, word in enumerate(near[:reach]):
            if word in GENERIC:
                continue
            weight = profile.words.get(stem(word), 0.0)
            points += 1.6 * weight * (1 - distance / (reach + 2))
    return min(points, 2.5)


def _role_points(profile: Profile, finding: Finding) -> float:
    if not profile.role or profile.rivals == 0:
        return 0.0
    said = role_of(finding.before)
    if not said:
        # Somebody who names one of two days or places means the first of them.
        return 1.0 if profile.role == "start" else 0.0
    return 1.8 if said == profile.role else -1.8


NEAR_ROLE_WORDS = frozenset(words("to from till until through into since toward towards"))


def role_of(before: tuple[str, ...]) -> str:
    """`start` or `end` by the nearest word that tells which; empty when none does."""
    for index, word in enumerate(before[:6]):
        if word == "in" and before[index + 1 : index + 2] in (("check",), ("checking",)):
            return "start"
        # Small words point only at what comes right after them.
        if word in NEAR_ROLE_WORDS and any(item not in _SMALL for item in before[:index]):
            continue
        if word == "of" and before[index + 1 : index + 2] == ("out",):
            return "start"
        if word in END_WORDS:
            return "end"
        if word in START_WORDS:
            return "start"
    return ""


_SMALL = frozenset(words("the a an on in at about around next this city town downtown"))


def _number_points(profile: Profile, finding: Finding, asked: bool) -> float:
    unit = finding.found.unit
    counted = CONCEPTS.get(unit, frozenset())
    if unit in ("", "star") and finding.after[:1]:
        counted = counted or CONCEPTS.get(finding.after[0], frozenset())
    if not counted and len(finding.after) > 1 and unit not in GENERIC:
        counted = CONCEPTS.get(finding.after[1], frozenset())
    if counted & (profile.concepts & PARTS_OF_GROUPS or profile.concepts):
        return 3.0
    if counted:
        return -3.0 if profile.concepts or not asked else -0.5
    near = finding.before[:2]
    if "people" in profile.concepts and near[:1] and near[0] in _PERSON_CUES:
        return 2.2
    if any(CONCEPTS.get(word, frozenset()) & profile.concepts for word in finding.before[:3]):
        return 2.0 if near[:1] and near[0] in _STATES else 1.6
    return 0.0
