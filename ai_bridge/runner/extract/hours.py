"""To the question for a time, a bare number is one: `7`, `6.15`, `1830`, `fifteen`."""

import re
from collections.abc import Iterator

from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.daytime import in_its_half
from ai_bridge.runner.extract.findings import Finding
from ai_bridge.runner.extract.lexicon import CONCEPTS
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.scoring import ENOUGH
from ai_bridge.runner.normalise import Found, Refusal
from ai_bridge.runner.normalise.texts import lower
from ai_bridge.runner.normalise.typed import settle
from ai_bridge.runner.normalise.types import PART_OF_DAY, words

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
MAX_LINE = 200
_PART_OF_DAY = re.compile(
    r"(?<!good )\b(?:(?P<beside>(?:after|before) (?:work|school|lunch|dinner|breakfast|hours))|"
    r"(?P<end>(?:the )?end of (?:the |my )?(?:work(?:ing)? )?day|close of business|eod|cob)|"
    r"(?P<meal>lunch|breakfast|dinner|supper|tea)(?: ?(?:time|hour|break))?|"
    r"(?P<part>(?:(?:early|late|mid)[ -]?(?:in the )?)?(?:morning|afternoon|evening))|"
    r"(?P<night>(?:late )?(?:at )?night|tonight|tonite)|(?P<edge>early|late))\b"
)
_MEALS = {"lunch": "at lunchtime", "tea": "at teatime"}


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
        clock = Found(found.start, found.end, (hour, minute), note="half")
        clock = in_its_half(reading, profile, clock)
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


def propose_part_of_day(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    """`After work` and `around lunchtime` tell no hour; around which one is asked for."""
    match = _part_of_day(reading.text)
    if match and reading.tells(match.start()):
        reason = Refusal(f"{PART_OF_DAY}{_when(match)}")
        yield Proposal(profile, match.start(), match.end(), reason, ENOUGH)


def part_of_day(text: str) -> str:
    """`in the evening`, where a short line says so in whatever words; else empty."""
    match = _part_of_day(text)
    return _when(match) if match else ""


def _part_of_day(text: str) -> re.Match[str] | None:
    return _PART_OF_DAY.search(lower(text)) if len(text) <= MAX_LINE else None


def _when(said: re.Match[str]) -> str:
    """As it goes on after `around what hour`."""
    if meal := said["meal"]:
        return _MEALS.get(meal, f"at {meal} time")
    if said["end"]:
        return "at the end of the day"
    if said["night"]:
        return "tonight" if "to" in said["night"] else "at night"
    if part := said["part"]:
        return f"in the {part.replace(' in the ', ' ')}"
    return said["beside"] or said["edge"]
