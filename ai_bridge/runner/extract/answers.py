"""Answers that say the value by way of another: of a scale, how long ago, until when, that week."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ai_bridge.runner.extract.alternatives import MAX_SHORT
from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.findings import Finding
from ai_bridge.runner.extract.lexicon import words_of
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.scoring import ANSWERED
from ai_bridge.runner.normalise import Found, Refusal
from ai_bridge.runner.normalise.constraints import last_day, meet_constraints
from ai_bridge.runner.normalise.day_patterns import SPAN
from ai_bridge.runner.normalise.number_words import ONES
from ai_bridge.runner.normalise.part_days import is_birth
from ai_bridge.runner.normalise.relative_days import moved
from ai_bridge.runner.normalise.texts import lower
from ai_bridge.runner.normalise.typed import settle
from ai_bridge.runner.normalise.types import NAMED, OPEN_END, words

_OUT_OF = re.compile(
    r"(?<![\d/.,-])\b(?:(?P<or>\d{1,3})(?: or | to | ?- ?))?"
    rf"(?P<said>\d{{1,3}}|{'|'.join(ONES)})(?: ?/ ?| out of | of )"
    r"(?:a )?(?P<top>\d{1,3}|five|ten|twenty|hundred)\b(?![/.,-]?\d)"
)
_TOPS = ONES | {"twenty": 20, "hundred": 100}


def propose_of_scale(reading: Reading, profile: Profile, *, asked: bool = False) -> Proposal | None:
    """`7 out of 10` and `7/10` are 7, where the scale of the field ends at ten.

    Unless it was asked for, only `out of` tells, and only the one field whose scale it can be.
    """
    top = profile.field.schema.get("maximum")
    if top is None or len(reading.text) > MAX_SHORT:
        return None
    if not asked and [item for item in reading.profiles if _ends_at(item, top)] != [profile]:
        return None
    for match in _OUT_OF.finditer(lower(reading.text)):
        said, last = (
            int(word) if word.isdecimal() else _TOPS[word] for word in match.group("said", "top")
        )
        result = meet_constraints(profile.field, said, reading.context)
        if last != top or isinstance(result, Refusal) or not reading.tells(match.start()):
            continue
        if not asked and " out of " not in match.group():
            continue
        both = Refusal(f"{NAMED}{match['or']}, {said}") if match["or"] else result
        return Proposal(profile, *match.span(), both, ANSWERED)
    return None


def _ends_at(profile: Profile, top: Any) -> bool:
    return bool(profile.field.schema.get("maximum") == top)


_ABOUT = (
    r"(?:(?:about|around|roughly|approximately|nearly|almost|maybe|perhaps|probably|over|"
    r"at least|some|like|only|just|now|already|the last|the past|last|past) ){0,4}"
)
_OPENS = r"\W*(?:(?:oh|um|well|hmm?|i think|i guess|i'd say|it'?s been|it has been)[ ,.]{1,3}){0,3}"
_CLOSES = (
    r"(?:[ ,]{1,2}(?:now|or so|already|maybe|perhaps|i think|i guess|i'd say|ish|roughly|at least|"
    r"probably|at most)){0,3}\W*"
)
_WHOLE = re.compile(rf"{_OPENS}(?:for )?{_ABOUT}(?P<span>{SPAN}){_CLOSES}")
_INSIDE = re.compile(rf"\b(?:for|been) {_ABOUT}(?P<span>{SPAN})\b")
_SOME = re.compile(
    rf"(?:{_OPENS}|.{{0,80}}\bfor ){_ABOUT}(?P<span>(?:(?:a few|several|many|some|a couple of) )?"
    rf"(?:days|weeks|months|years)|ages|a (?:long |little )?while){_CLOSES}"
)
MAX_SAID = 120


def propose_since(reading: Reading, profile: Profile) -> Proposal | None:
    """`For about three weeks`, to `since when?`: the day that many weeks ago."""
    text = lower(reading.text)
    if len(text) > MAX_SAID or not _looks_back(reading, profile) or _says_when(reading):
        return None
    match = _WHOLE.fullmatch(text) or _INSIDE.search(text)
    if match is None:
        vague = _SOME.fullmatch(text)
        many = Refusal("no one day")
        return Proposal(profile, *vague.span("span"), many, ANSWERED) if vague else None
    day = moved(reading.context.now.date(), match["span"], -1)
    if day is None:
        return None
    result = settle(profile.field, Found(*match.span("span"), day), reading.context)
    return Proposal(profile, *match.span("span"), result, ANSWERED)


_SINCE = re.compile(r"\bsince\b|\bhow long\b", re.IGNORECASE)


def _looks_back(reading: Reading, profile: Profile) -> bool:
    field = profile.field
    last = last_day(field, reading.context)
    if is_birth(field) or (last and last > reading.context.now.date()):
        return False
    return bool(_SINCE.search(f"{field.ask} {field.title}"))


_WHEN = frozenset(words("ago back before since until till from"))


def _says_when(reading: Reading) -> bool:
    """`Three weeks ago` and `since May` are read as the days that they are."""
    return not _WHEN.isdisjoint(words_of(reading.text))


_OPEN_END = re.compile(
    r"\b(?:(?:until|till|til) (?:very |quite |the )?(?:late|end|early hours|small hours|morning|"
    r"night|evening|we drop|everyone (?:has )?(?:left|leaves))|all (?:day|night|evening)|"
    r"open[ -]end(?:ed)?)\b",
    re.IGNORECASE,
)
_UNTIL = frozenset(words("until till til"))
# An hour alone, to "how long?", is its end.
FEW = 3
_ROUGHLY = frozenset(words("about around roughly maybe probably like say the at"))
_A_DAY = timedelta(days=1)


def says_until(finding: Finding) -> bool:
    """`till midnight`, `until about 10`."""
    said = (word for word in finding.before if word not in _ROUGHLY)
    return next(said, "") in _UNTIL


def propose_until(reading: Reading, profile: Profile) -> Proposal | None:
    """`Until midnight`, to `how long?`: from the beginning that is known, or said with it."""
    clocks = [item for item in reading.message.findings if item.family == "time"]
    if any(item.family == "duration" for item in reading.message.findings):
        return None
    if not clocks:
        said = _OPEN_END.search(reading.text) if len(reading.text) <= MAX_SAID else None
        return Proposal(profile, *said.span(), Refusal(OPEN_END), ANSWERED) if said else None
    waits = reading.utterance.pending == OPEN_END or len(reading.message.words) <= FEW
    end = next((item for item in clocks if says_until(item) or item.before[:1] == ("to",)), None)
    end = end or (clocks[0] if waits and len(clocks) == 1 else None)
    begin = _beginning(reading, clocks, end) if end else None
    if end is None or begin is None:
        return None
    # Who goes on until two at night ends on the next day.
    lasts = (timedelta(hours=end.found.value[0], minutes=end.found.value[1]) - begin) % _A_DAY
    hours, minutes = divmod(lasts.seconds // 60, 60)
    clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
    result = meet_constraints(profile.field, f"PT{clock}", reading.context) if clock else None
    if result is None:
        return None
    return Proposal(profile, end.found.start, end.found.end, result, ANSWERED)


def _beginning(reading: Reading, clocks: list[Finding], end: Finding) -> timedelta | None:
    said = next((item for item in clocks if item.found.end <= end.found.start), None)
    if said is not None:
        return timedelta(hours=said.found.value[0], minutes=said.found.value[1])
    starts = [
        str(reading.utterance.values[item.field.path])
        for item in reading.profiles
        if item.field.kind == "time"
        and item.role == "start"
        and item.field.path in reading.utterance.values
    ]
    if len(starts) != 1:
        return None
    return timedelta(hours=int(starts[0][:2]), minutes=int(starts[0][3:5]))


_NO_ONLY = re.compile(r"\W*no\W{1,3}(?:on |the |make it |sorry,? )?", re.IGNORECASE)


def beside_standing(reading: Reading, profile: Profile, found: Found) -> Found:
    """`make that the 14th` keeps the month of the day that stands, `no, Tuesday` its week."""
    standing = reading.utterance.values.get(profile.field.path)
    is_part = found.note in ("month", "weekday") and isinstance(found.value, date)
    if not is_part or not isinstance(standing, str) or profile.field.kind != "date":
        return found
    try:
        day = date.fromisoformat(standing)
        if found.note == "month":
            return replace(found, value=day.replace(day=found.value.day))
    except ValueError:
        return found
    beside = day + timedelta(days=found.value.weekday() - day.weekday())
    # Just that weekday, and nothing else: more words may well speak of the coming one.
    is_meant = found.value < beside and _NO_ONLY.fullmatch(reading.text, 0, found.start)
    return replace(found, value=beside, note="") if is_meant else found
