"""Which field could take what: every pairing worth a look, with its points."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ai_bridge.runner.extract.alternatives import (
    propose_one_of_named,
    propose_one_of_two,
    propose_one_option,
    propose_pair_with,
)
from ai_bridge.runner.extract.answers import (
    beside_standing,
    propose_of_scale,
    propose_since,
    propose_until,
    says_until,
)
from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.booleans import propose_boolean
from ai_bridge.runner.extract.daytime import in_its_half
from ai_bridge.runner.extract.either import options_either
from ai_bridge.runner.extract.findings import Finding
from ai_bridge.runner.extract.hours import propose_hours, propose_part_of_day
from ai_bridge.runner.extract.lexicon import CONCEPTS, stem
from ai_bridge.runner.extract.looser import looser_options, unless_generic
from ai_bridge.runner.extract.nothing import propose_all, propose_no_count, propose_none
from ai_bridge.runner.extract.parts import (
    bare_clock,
    join_parts,
    missing_day,
    missing_time,
    pending_clock,
    pending_day,
    propose_part,
)
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.retracting import takes_back, with_retractions_first
from ai_bridge.runner.extract.scoring import CHOICE, ENOUGH, score
from ai_bridge.runner.extract.types import Signal
from ai_bridge.runner.extract.words import propose_words
from ai_bridge.runner.normalise import Found, Refusal, Value
from ai_bridge.runner.normalise.choices import find_options
from ai_bridge.runner.normalise.constraints import meet_constraints
from ai_bridge.runner.normalise.paraphrases import LOOSELY
from ai_bridge.runner.normalise.typed import join_datetime, settle
from ai_bridge.runner.normalise.types import NAMED

# An option that was not named needs the question, or words of its field, beside it.
CHOICES = {"fuzzy": 2.2, LOOSELY: 1.2}


def propose(reading: Reading) -> list[Proposal]:
    found: list[Proposal] = []
    for profile in reading.profiles:
        found.extend(_by_kind(reading, profile))
    return with_retractions_first(reading, found)


def _by_kind(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    if reading.asked[:1] == (profile.field.path,) and (whole := _answer(reading, profile)):
        yield whole
        return
    match profile.field.kind:
        case "choice" | "choices":
            yield from _choices(reading, profile)
        case "boolean" | "consent":
            yield from propose_boolean(reading, profile)
        case "text" | "name" | "address":
            yield from propose_words(reading, profile)
        case "datetime":
            yield from _moments(reading, profile)
        case "time" if reading.asked[:1] == (profile.field.path,):
            yield from _typed(reading, profile)
            yield from propose_hours(reading, profile)
            yield from propose_part_of_day(reading, profile)
        case _:
            if profile.family == "number" and (said := propose_of_scale(reading, profile)):
                yield said
            yield from _typed(reading, profile)
            yield from propose_no_count(reading, profile)


def _answer(reading: Reading, profile: Profile) -> Proposal | None:
    """What is read from the answer as a whole, and then from none of its words."""
    match profile.field.kind:
        case "choice":
            named = propose_one_of_named(reading, profile) or propose_none(reading, profile)
            return named or propose_one_option(reading, profile)
        case "choices":
            return propose_none(reading, profile) or propose_all(reading, profile)
        case "date":
            return (
                propose_one_of_named(reading, profile)
                or propose_part(reading, profile)
                or propose_since(reading, profile)
                or propose_one_of_two(reading, profile)
            )
        case "integer" | "number":
            return (
                propose_of_scale(reading, profile, asked=True)
                or propose_one_of_named(reading, profile)
                or propose_one_of_two(reading, profile)
            )
        case "duration":
            return (
                propose_one_of_named(reading, profile)
                or propose_until(reading, profile)
                or propose_one_of_two(reading, profile)
            )
        case "money" | "time":
            found = propose_one_of_named(reading, profile)
            return found or propose_one_of_two(reading, profile)
    return None


def _typed(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    asked = profile.field.path in reading.asked
    family = profile.family
    for finding in reading.message.findings:
        fits = finding.family == family or _is_amount(profile, finding, family)
        if (
            not fits
            or not reading.tells(finding.found.start)
            or (not asked and (_bounds(profile, finding) or _of_moment(reading, profile, finding)))
            or _in_passing(reading, finding, asked)
            or (not asked and _answers_another(reading, finding))
        ):
            continue
        points = score(profile, finding, asked) - _superseded(reading, profile, finding)
        points += _correcting(reading, profile, finding) + _only_taker(reading, profile, finding)
        if points < ENOUGH:
            continue
        if not asked and (both := propose_pair_with(reading, profile, finding, points)):
            yield both
            continue
        found = beside_standing(reading, profile, _turned(reading, profile, finding.found))
        if family == "time":
            found = in_its_half(reading, profile, found)
        result = settle(profile.field, found, reading.context)
        if asked and profile.role == "start" and _is_end(finding):
            # "Until midnight" tells no beginning; it is refused rather than taken for one.
            result = Refusal("not a beginning")
        if isinstance(result, Refusal) and not (asked or _asks_back(reading, profile, result)):
            continue
        yield Proposal(profile, finding.found.start, finding.found.end, result, points)


def _is_amount(profile: Profile, finding: Finding, family: str) -> bool:
    """A bare number may be a sum, and a sum the number that a budget is kept as."""
    if finding.family == "number":
        return family == "money"
    counts_other = profile.concepts and "money" not in profile.concepts
    return finding.family == "money" and family == "number" and not counts_other


def _bounds(profile: Profile, finding: Finding) -> bool:
    """`Since Tuesday` tells when something began and `till midnight` when it ends: nothing else."""
    if finding.family not in ("date", "time") or not finding.before:
        return False
    if finding.before[0] == "since":
        return profile.role != "start" and "since" not in profile.head
    return says_until(finding) and profile.role != "end"


def _is_end(finding: Finding) -> bool:
    is_clock = finding.family == "time" and not isinstance(finding.found.value, Refusal)
    return is_clock and says_until(finding)


def _of_moment(reading: Reading, profile: Profile, finding: Finding) -> bool:
    """A day or an hour alone answers the question for both, unless it is said whose it is."""
    if finding.family not in ("date", "time") or not reading.asked:
        return False
    meant = next((item for item in reading.profiles if item.field.path == reading.asked[0]), None)
    if meant is None or meant.field.kind != "datetime":
        return False
    said = {stem(word) for word in (*finding.before, *finding.after)}
    return said.isdisjoint(profile.head) and not _CORRECTS.search(reading.text, 0, MAX_REPAIR)


_PARTING: frozenset[Signal] = frozenset({"chit_chat", "thanks", "done"})


def _in_passing(reading: Reading, finding: Finding, asked: bool) -> bool:
    """`That is all for today` names no day, `one moment` no number."""
    if finding.family == "number" and "chit_chat" in reading.signals:
        return finding.found.unit not in CONCEPTS or finding.found.unit == "minute"
    is_today = finding.found.value == reading.context.now.date()
    return is_today and not asked and bool(_PARTING & reading.signals.keys())


def _answers_another(reading: Reading, finding: Finding) -> bool:
    """Digits alone answer the question for a number of a set form: they are nobody's phone."""
    if finding.family != "phone" or not any("pattern" in i.field.schema for i in _asked(reading)):
        return False
    return reading.text[finding.found.start : finding.found.end] == reading.text.strip(" .!")


_CHANGES = frozenset({"change", "changed", "changing", "move", "moved", "switch"})
# "No insurance" takes nothing back; "no, Tuesday" does.
_REPAIR = re.compile(
    r"\bno\b(?=\s*(?:[,.;!-]|wait|sorry|make|i\b|actually|rather|not|$))|"
    r"\b(?:wait|sorry|actually|i mean|i meant|scratch that|or rather|correction)\b",
    re.IGNORECASE,
)
# `half a day, so four hours`
_SUMS_UP = re.compile(r",? so(?: that(?:'s| is))? ?", re.IGNORECASE)
_CORRECTS = re.compile(
    r"\b(?:actually|make (?:it|that)|change (?:it|that)|i mean|i meant|instead|rather|wait|sorry|"
    r"correction|should be|no)\b",
    re.IGNORECASE,
)
MAX_REPAIR = 120
# Without one of these nothing is repaired or summed up.
_MAY_REPAIR = re.compile(r"no|so|wait|actual|mean|scratch|rather|correct", re.IGNORECASE)
_SMALL = frozenset({"the", "a", "on", "at", "for"})


def _superseded(reading: Reading, profile: Profile, finding: Finding) -> float:
    """`change it from 6 to 7`, `not Monday` and `6, no, 7` name what no longer holds."""
    before = tuple(word for word in finding.before if word not in _SMALL)
    if before[:1] == ("not",) or before[:2] in (("of", "instead"), ("than", "rather")):
        return 3.0
    if _is_repaired(reading, finding):
        return 2.0
    leaves = before[:1] == ("from",) and profile.role != "start"
    return 2.0 if leaves and set(before[1:]) & _CHANGES else 0.0


def _is_repaired(reading: Reading, finding: Finding) -> bool:
    end = finding.found.end
    if not _MAY_REPAIR.search(reading.text, end, end + MAX_REPAIR):
        return False
    for later in reading.message.following(finding, MAX_REPAIR):
        between = reading.text[end : later.found.start]
        if _REPAIR.search(between) or _SUMS_UP.fullmatch(between):
            return True
    return False


def _correcting(reading: Reading, profile: Profile, finding: Finding) -> float:
    """`make it 5` means the one value of this kind that stands."""
    standing = [
        item
        for item in reading.profiles
        if item.field.path in reading.utterance.values and item.family == profile.family
    ]
    if [item.field.path for item in standing] != [profile.field.path]:
        return 0.0
    if any(item.family == profile.family for item in _asked(reading)):
        return 0.0
    return 2.1 if _CORRECTS.search(reading.text, 0, finding.found.start) else 0.0


def _asked(reading: Reading) -> list[Profile]:
    return [item for item in reading.profiles if item.field.path in reading.asked]


def _only_taker(reading: Reading, profile: Profile, finding: Finding) -> float:
    """A day that every rival refuses is meant for the one field that can take it."""
    if finding.family != "date" or profile.rivals == 0:
        return 0.0
    if any(item.field.kind == "date" for item in _asked(reading)):
        return 0.0
    found = replace(finding.found, note="")
    others = [
        item for item in reading.profiles if item.field.kind == "date" and item is not profile
    ]
    if any(isinstance(settle(item.field, found, reading.context), Value) for item in others):
        return 0.0
    if profile.field.kind != "date":
        return 0.0
    return 1.1 if isinstance(settle(profile.field, found, reading.context), Value) else 0.0


def _turned(reading: Reading, profile: Profile, found: Found) -> Found:
    """A bare weekday is the last one only for the field that it is surely meant for."""
    path = profile.field.path
    is_meant = path in reading.asked or path in reading.utterance.values
    return found if found.note != "weekday" or is_meant else replace(found, note="")


def _asks_back(reading: Reading, profile: Profile, refused: Refusal) -> bool:
    """Of two values one is asked for at once, also of a field that was not asked for.

    And `I arrived on 03/02, sorry` makes the day that stands doubtful again.
    """
    if refused.reason.startswith(NAMED):
        return True
    is_doubt = refused.reason.startswith("ambiguous")
    return is_doubt and profile.field.path in reading.utterance.values and profile.rivals == 0


def _moments(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    """A date and a time in one message make a date-time."""
    days = [item.found for item in reading.message.findings if item.family == "date"]
    times = [
        in_its_half(reading, profile, item.found)
        for item in reading.message.findings
        if item.family == "time"
    ]
    asked = profile.field.path in reading.asked
    for day in days[:1]:
        if not reading.tells(day.start) or not (asked or profile.rivals == 0):
            continue
        if isinstance(day.value, Refusal) or not times:
            if asked:
                yield _half_moment(reading, profile, day)
            continue
        start, end = min(day.start, times[0].start), max(day.end, times[0].end)
        value = join_datetime(profile.field, day.value, times[0], reading.context)
        result = meet_constraints(profile.field, value, reading.context)
        yield Proposal(profile, start, end, result, 3.0)
    if asked and not days:
        times = times or [in_its_half(reading, profile, item) for item in bare_clock(reading)]
        if times:
            yield _half_moment(reading, profile, times[0])


def _half_moment(reading: Reading, profile: Profile, said: Found) -> Proposal:
    """A day or an hour alone, with the other half if that was said before."""
    if isinstance(said.value, Refusal):
        return Proposal(profile, said.start, said.end, said.value, ENOUGH)
    is_day = isinstance(said.value, date)
    known = pending_clock(reading) if is_day else pending_day(reading)
    if known is None:
        reason = missing_time(said, reading.text) if is_day else missing_day(said)
        return Proposal(profile, said.start, said.end, reason, ENOUGH)
    day, clock = (said, known) if is_day else (known, said)
    return Proposal(profile, *join_parts(reading, profile, day, clock), 3.0)


def _choices(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    asked = profile.field.path in reading.asked
    named = find_options(profile.field, reading.text)
    # `When needed` asks nothing when it is the name of an option.
    is_bare = asked and len(named) == 1 and _is_all(reading.text, named[0])
    found = [item for item in named if is_bare or reading.tells(item.start)]
    found = found if asked else unless_generic(found, reading.text)
    found = found or looser_options(reading, profile, asked)
    if not found:
        return
    if profile.field.kind == "choices":
        yield _several(reading, profile, found, asked)
        return
    if options_either(profile.field, named, reading.text):
        # Who does not mind which one chose none.
        either = None if asked else propose_one_option(reading, profile)
        yield from [replace(either, points=CHOICE)] if either else []
        return
    for item in found:
        if not asked and _is_mention(reading, profile, item):
            continue
        finding = Finding("choice", item, *reading.message.around(item.start, item.end))
        points = score(profile, finding, asked)
        points += CHOICES.get(item.note, CHOICE) / (1 + 0.2 * min(2, profile.rivals))
        points += 0.01 * item.start / max(1, len(reading.text))
        result = meet_constraints(profile.field, item.value, reading.context)
        if points >= ENOUGH:
            yield Proposal(profile, item.start, item.end, result, points)


_WHOSE = re.compile(r"\b(?:the|my|our|his|her|their|this|that) $", re.IGNORECASE)
_IS = re.compile(
    r"(?:'s| name)?(?: (?:is|was|are|were|has|had|will|called|named)\b|:)", re.IGNORECASE
)


def _is_mention(reading: Reading, profile: Profile, found: Found) -> bool:
    """`A company`, in answer to another question, changes no choice that stands.

    Nor does `the company is BrightCo`. Who means the choice corrects it, or names it.
    """
    standing = reading.utterance.values.get(profile.field.path)
    if standing is None:
        return False
    is_meant = bool(_CORRECTS.search(reading.text)) or takes_back(reading.text)
    is_aside = profile.head.isdisjoint(reading.message.roots) and found.value != standing
    if reading.asked and not is_meant and is_aside:
        return True
    before = reading.text[max(0, found.start - 6) : found.start]
    return bool(_WHOSE.search(before)) and bool(_IS.match(reading.text, found.end))


def _is_all(text: str, found: Found) -> bool:
    return text.strip(" .!").lower() == text[found.start : found.end].strip().lower()


def _several(reading: Reading, profile: Profile, found: list[Found], asked: bool) -> Proposal:
    named = {item.value for item in found}
    chosen = [option for option in profile.field.options if option in named]
    result: Value | Refusal = meet_constraints(profile.field, chosen, reading.context)
    start, end = found[0].start, max(item.end for item in found)
    return Proposal(profile, start, end, result, CHOICE + (1.0 if asked else 0.0))
