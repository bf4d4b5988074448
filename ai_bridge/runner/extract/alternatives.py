"""`Between 40 and 60`, `the 3rd or the 10th`: more than one value where one was asked for."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.daytime import half_chosen, in_both_halves, in_its_half
from ai_bridge.runner.extract.either import options_either
from ai_bridge.runner.extract.findings import Finding
from ai_bridge.runner.extract.lexicon import words_of
from ai_bridge.runner.extract.profiles import Profile, family_of
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.scoring import ANSWERED
from ai_bridge.runner.normalise import Found, Refusal, Value, normalise
from ai_bridge.runner.normalise.choices import find_options
from ai_bridge.runner.normalise.dates import find_dates
from ai_bridge.runner.normalise.day_making import make_day
from ai_bridge.runner.normalise.durations import find_durations
from ai_bridge.runner.normalise.money import find_money
from ai_bridge.runner.normalise.times import find_times
from ai_bridge.runner.normalise.typed import settle
from ai_bridge.runner.normalise.types import NAMED

_FORMER = re.compile(
    r"^\W*(?:the )?(?:first|former|earlier|lower|smaller)(?: (?:one|of (?:them|those)))?\W*$", re.I
)
_LATTER = re.compile(
    r"^\W*(?:the )?(?:second|latter|later|last|higher|upper|bigger|larger)"
    r"(?: (?:one|of (?:them|those)))?\W*$",
    re.I,
)
_OR = re.compile(
    r",?\s?(?:\bor\b|/|\b(?:maybe|perhaps|possibly)\b)"
    r"(?: (?:maybe|perhaps|possibly|even|else|on|at|rather)\b){0,2}(?: the)?\s?",
    re.IGNORECASE,
)
_TO = re.compile(r"\s?(?:-|–|—|\bto\b|\buntil\b|\btill?\b)(?: the)?\s?", re.IGNORECASE)
_AND = re.compile(r" and (?:the )?", re.IGNORECASE)
_LISTED = re.compile(r"\s?(?:,|,? and\b|&)(?: (?:and|or)\b)?(?: (?:on|also))?(?: the)?\s?", re.I)
_BETWEEN = re.compile(r"\bbetween (?:about |around |the )?\W?$", re.IGNORECASE)
# The field's own words tell which end of a stretch it keeps.
_UPPER = frozenset({"most", "maximum", "max", "highest", "budget", "latest", "limit"})
_LOWER = frozenset({"least", "minimum", "min", "lowest", "earliest", "begin", "begins", "start"})
# Numbers stand for the first value: `4 to 5 hours`, `6-7pm`.
_BORROWS = frozenset({"time", "duration", "money"})
MAX_SHORT = 200
LONGEST_LEAD = 24
FEW = 3
# More than so many days are not offered to choose from.
MAX_NAMED = 6
NOON = 12
_HALF_OF_DAY = re.compile(r" ?[ap]\.?m\b\.?", re.IGNORECASE)
_UNIT = re.compile(r" ?[^\W\d_]+$")
_SCALE = re.compile(r" ?(?:k|thousand|grand|hundred|million)\b", re.IGNORECASE)
# A first value that much smaller than the second has left out its thousands.
SMALLER = 20


# A value and the words that choose it.
Said = tuple[Found, str]


def propose_one_of_named(reading: Reading, profile: Profile) -> Proposal | None:
    """`The 10th` or `the first one`, after it was asked which of two to note."""
    if not reading.utterance.pending.startswith(NAMED) or len(reading.text) > MAX_SHORT:
        return None
    named = reading.utterance.pending.removeprefix(NAMED).split(", ")
    rank = (_FORMER.match(reading.text) and 1) or (_LATTER.match(reading.text) and 2) or 0
    if profile.field.kind == "time":
        rank = rank or half_chosen(reading.text)
    said = named[rank - 1] if 0 < rank <= len(named) else _same_day(reading, profile, named)
    if not said:
        return None
    start, end = len(reading.text) - len(reading.text.lstrip()), len(reading.text.rstrip())
    result = normalise(profile.field, said, reading.context)
    if profile.field.kind == "time" and (clock := find_times(f"at {said}", bare=True)):
        hour = in_its_half(reading, profile, replace(clock[0], start=start, end=end))
        result = settle(profile.field, hour, reading.context)
    return Proposal(profile, start, end, result, ANSWERED)


def _same_day(reading: Reading, profile: Profile, named: list[str]) -> str:
    """`Friday` and `the 10th` are those of the days that were named."""
    days = [item.found for item in reading.message.findings if item.family == "date"]
    if profile.field.kind != "date" or len(days) != 1 or not isinstance(days[0].value, date):
        return ""
    day, note = days[0].value, days[0].note
    for said in named:
        found = find_dates(said, reading.context)
        other = found[0].value if found else None
        if not isinstance(other, date):
            continue
        is_same = {"month": other.day == day.day, "weekday": other.weekday() == day.weekday()}
        if is_same.get(note):
            return said
    return ""


def propose_one_of_two(reading: Reading, profile: Profile) -> Proposal | None:
    """One end, where the field says which it keeps; else both are refused, to be asked which."""
    if len(reading.text) > MAX_SHORT or profile.field.range_end:
        return None
    pairs = list(_pairs(reading, profile))
    if family_of(profile.field) == "date" and len(pairs) > 1:
        return _several_days(reading, profile, pairs)
    found = (_of_pair(reading, profile, one, other) for one, other in pairs)
    return next(filter(None, found), None)


# `Change it from 7 to 9`, `not the 14th, the 15th`: one of the two no longer holds.
_CHANGES = re.compile(r"\b(?:chang|mov|switch|not\b|instead\b|rather\b|no\b)", re.IGNORECASE)
MAX_CHANGE = 80


def propose_pair_with(
    reading: Reading, profile: Profile, finding: Finding, points: float
) -> Proposal | None:
    """The same for a field that was not asked for, where this finding is one of the two."""
    if len(reading.text) > MAX_SHORT or profile.field.range_end:
        return None
    if len(reading.message.findings) < 2:
        return None
    pair = next((pair for pair in _pairs(reading, profile) if finding in pair), None)
    if pair is None or not _is_left_open(reading, profile, *pair):
        return None
    both = _of_pair(reading, profile, *pair)
    if both is None or isinstance(both.result, Value):
        kept = pair[_kept(profile) or 0].found
        return replace(both, start=kept.start, end=kept.end, points=points) if both else None
    return replace(both, points=points) if both.result.reason.startswith(NAMED) else None


def _is_left_open(reading: Reading, profile: Profile, one: Finding, other: Finding) -> bool:
    start, end = one.found.start, one.found.end
    if _CHANGES.search(reading.text, max(0, start - MAX_CHANGE), start):
        return False
    is_or = bool(_OR.fullmatch(reading.text, end, other.found.start))
    return is_or or family_of(profile.field) != "date"


def _of_pair(reading: Reading, profile: Profile, one: Finding, other: Finding) -> Proposal | None:
    both = _alike(reading, profile, one.found, other.found)
    if both is None or both[0][0].value == both[1][0].value:
        return None
    read = [settle(profile.field, found, reading.context) for found, _ in both]
    if all(isinstance(result, Refusal) for result in read):
        return None
    kept, said = _kept(profile), ", ".join(said for _, said in both)
    result = Refusal(NAMED + said) if kept is None else read[kept]
    return Proposal(profile, one.found.start, other.found.end, result, ANSWERED)


def _several_days(
    reading: Reading, profile: Profile, pairs: list[tuple[Finding, Finding]]
) -> Proposal | None:
    """`10th, 11th and 12th of June`: the last one names the month of all."""
    found = [pairs[0][0].found, *(other.found for _, other in pairs)][:MAX_NAMED]
    read = [days for item in found[:-1] if (days := _days(item, found[-1]))]
    if len(read) != len(found) - 1:
        return None
    said = list(dict.fromkeys([*(one[1] for one, _ in read), read[-1][1][1]]))
    reason = Refusal(NAMED + ", ".join(said))
    return Proposal(profile, found[0].start, found[-1].end, reason, ANSWERED)


def propose_one_option(reading: Reading, profile: Profile) -> Proposal | None:
    """`Morning or afternoon` names two of the options where one may be chosen."""
    if len(reading.text) > MAX_SHORT or "dont_care" in reading.signals:
        return None
    named = find_options(profile.field, reading.text)
    either = options_either(profile.field, named, reading.text)
    if either is None or not reading.tells(either.start):
        return None
    said = ", ".join(profile.field.label(option) for option in either.options)
    return Proposal(profile, either.start, either.end, Refusal(NAMED + said), ANSWERED)


def _pairs(reading: Reading, profile: Profile) -> Iterator[tuple[Finding, Finding]]:
    family = family_of(profile.field)
    borrowed = {family, "number"} if family in _BORROWS else {family}
    found = sorted(
        (item for item in reading.message.findings if item.family in borrowed),
        key=lambda item: item.found.start,
    )
    for one, other in pairwise(found):
        is_of_kind = family != "duration" or family in (one.family, other.family)
        is_told = is_of_kind and reading.tells(one.found.start)
        if is_told and _is_linked(reading, profile, one, other):
            yield one, other


def _is_linked(reading: Reading, profile: Profile, one: Finding, other: Finding) -> bool:
    between = (one.found.end, other.found.start)
    if _OR.fullmatch(reading.text, *between):
        return True
    if family_of(profile.field) == "time" and _kept(profile) is None:
        # Inside a longer sentence, hours may be those of something else.
        rest = words_of(reading.text[: one.found.start] + reading.text[other.found.end :])
        if len(rest) > FEW:
            return False
    if family_of(profile.field) == "date" and profile.rivals:
        return False
    if _AND.fullmatch(reading.text, *between):
        begins = reading.text[max(0, one.found.start - LONGEST_LEAD) : one.found.start]
        return bool(_BETWEEN.search(begins)) or family_of(profile.field) == "date"
    if family_of(profile.field) == "date":
        # Of a stretch of days the first one is kept, and said back.
        return bool(_LISTED.fullmatch(reading.text, *between))
    return bool(_TO.fullmatch(reading.text, *between))


def _alike(
    reading: Reading, profile: Profile, one: Found, other: Found
) -> tuple[Said, Said] | None:
    """Both as the field reads them: the first takes the unit, or the month, of the second."""
    match family_of(profile.field):
        case "date":
            return _days(one, other)
        case "time":
            return _hours(reading, profile, one, other)
        case "duration":
            return _lengths(reading.text, one, other)
        case "money":
            return _sums(reading, one, other)
    return (one, _words(reading.text, one)), (other, _words(reading.text, other))


def _kept(profile: Profile) -> int | None:
    """0 for the first of two, 1 for the second, None where the field does not say."""
    field = profile.field
    said = set(words_of(f"{field.title} {field.name.replace('_', ' ')} {field.description}"))
    said |= set(words_of(field.ask))
    if said & _UPPER or profile.role == "end":
        return 1
    return 0 if said & _LOWER or profile.role == "start" else None


def _words(text: str, found: Found) -> str:
    return text[found.start : found.end]


def _days(one: Found, other: Found) -> tuple[Said, Said] | None:
    """`the 3rd or the 10th of April` are both in April."""
    first, last = one.value, other.value
    if not isinstance(first, date) or not isinstance(last, date):
        return None
    if one.note == "month" and other.note != "month":
        day = make_day(last.year, last.month, first.day)
        first = day or first
    return (
        (replace(one, value=first), f"{first.day} {first:%B} {first.year}"),
        (other, f"{last.day} {last:%B} {last.year}"),
    )


def _hours(
    reading: Reading, profile: Profile, one: Found, other: Found
) -> tuple[Said, Said] | None:
    """`6 to 7pm` begins in the evening, `9 to 5` in the morning, dinner `7 to 8` in the evening."""
    said, last = _words(reading.text, one), _words(reading.text, other)
    half = _HALF_OF_DAY.search(last)
    begins, ends = _clock(said), _clock(last)
    if begins is None or ends is None:
        return None
    if half and not _HALF_OF_DAY.search(said):
        later = _clock(said + half.group())
        if later and later <= ends:
            begins, said = later, said + half.group()
    elif not half:
        hour = in_its_half(reading, profile, replace(one, value=begins, note="half")).value
        if not isinstance(hour, Refusal) and hour > begins:
            said, begins = in_both_halves(*begins)[1], hour
            last = in_both_halves(*ends)[1] if ends[0] < NOON else last
        if ends < begins and ends[0] < NOON:
            ends = (ends[0] + NOON, ends[1])
    return (
        (replace(one, value=begins, note=""), said),
        (replace(other, value=ends, note=""), last),
    )


def _clock(said: str) -> tuple[int, int] | None:
    found = find_times(f"at {said.strip()}", bare=True)
    return found[0].value if found else None


def _lengths(text: str, one: Found, other: Found) -> tuple[Said, Said] | None:
    said, last = _words(text, one), _words(text, other)
    unit = _UNIT.search(last)
    if not isinstance(one.value, str):
        said += unit.group() if unit else ""
    found = find_durations(said)
    if not found or not isinstance(other.value, str):
        return None
    return (replace(one, value=found[0].value), said), (other, last)


def _sums(reading: Reading, one: Found, other: Found) -> tuple[Said, Said] | None:
    """Both in the currency that one of them names; `2-3k` are thousands."""
    first, last = _words(reading.text, one), _words(reading.text, other)
    scale = _SCALE.search(last)
    if scale and one.value < other.value / SMALLER:
        first += scale.group()
    currency = next((item.unit for item in (one, other) if item.unit.isupper()), "")
    read = [find_money(said, reading.context.region) for said in (first, last)]
    if not all(read):
        return None
    begin, end = (replace(found[0], unit=currency) for found in read)
    return (begin, first), (end, last)
