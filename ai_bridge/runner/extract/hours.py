"""To the question for a time, a bare number is one: `7`, `6.15`, `1830`, `fifteen`."""

import re
from collections.abc import Iterator

from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.findings import Finding
from ai_bridge.runner.extract.lexicon import CONCEPTS
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.scoring import ENOUGH
from ai_bridge.runner.normalise import Found
from ai_bridge.runner.normalise.typed import settle
from ai_bridge.runner.normalise.types import words

_HOUR = re.compile(
    r"(?P<hour>\d{1,2})(?:[.](?P<minute>[0-5]\d))?|(?P<hour4>[01]?\d|2[0-3])(?P<minute4>[0-5]\d)"
)
_AROUND = frozenset(words("at around about by after before from like say @ until till"))
# "For 4" is a party, "date 1" a label.
_NO_HOUR_BEFORE = frozenset(words("for of than number no week date room apt unit version"))
_AFTER_HOUR = frozenset(
    words(
        "ish please would works work if maybe thanks then is fine good preferably instead sounds "
        "suits on tomorrow today tonight for but sharp or"
    )
)
_JOINED = frozenset(":-/.%")
MAX_HOUR_WORDS = 9


def propose_hours(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    """The one number of a short answer that counts nothing."""
    bare = [
        item
        for item in reading.message.findings
        if item.family == "number" and item.found.unit not in CONCEPTS
    ]
    if len(bare) != 1 or not _stands_alone(reading, bare[0]):
        return
    found = bare[0].found
    match = _HOUR.fullmatch(reading.text, found.start, found.end)
    if match:
        hour = int(match["hour"] or match["hour4"])
        minute = int(match["minute"] or match["minute4"] or 0)
    else:
        hour, minute = (found.value, 0) if isinstance(found.value, int) else (24, 0)
    if 0 <= hour < 24:
        clock = Found(found.start, found.end, (hour, minute))
        result = settle(profile.field, clock, reading.context)
        yield Proposal(profile, found.start, found.end, result, ENOUGH)


def _stands_alone(reading: Reading, finding: Finding) -> bool:
    """Nothing is counted by the number, and the line says little else."""
    found, text = finding.found, reading.text
    if text[found.start - 1 : found.start] in _JOINED or text[found.end : found.end + 1] in _JOINED:
        is_last = not text[found.end + 1 : found.end + 2].strip()
        if not (is_last and text[found.end : found.end + 1] == "."):
            return False
    if found.unit and found.unit not in _AFTER_HOUR:
        return False
    near = finding.before[:1]
    spoken = len(reading.message.words)
    if near and near[0] in _NO_HOUR_BEFORE:
        return spoken <= 3 and near == ("for",)
    return spoken <= MAX_HOUR_WORDS or bool(near and near[0] in _AROUND)
