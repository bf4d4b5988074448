"""Fields that take words: names, places, free text."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.companies import find_companies, is_company
from ai_bridge.runner.extract.findings import Finding
from ai_bridge.runner.extract.freetext import (
    find_cued_story,
    find_cued_text,
    find_stated_names,
    trim_answer,
)
from ai_bridge.runner.extract.leads import name_ends, tells_of_other
from ai_bridge.runner.extract.lexicon import COMMON, FUNCTION, NOT_NAMES, stem, words_of
from ai_bridge.runner.extract.narrative import is_narrative, propose_narrative
from ai_bridge.runner.extract.operations import HAS_NONE
from ai_bridge.runner.extract.patterned import propose_patterned
from ai_bridge.runner.extract.places import place_points, repairs_place, states_place
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.scoring import ASKED, ENOUGH, role_of
from ai_bridge.runner.extract.signals import DECLINES
from ai_bridge.runner.extract.surnames import is_count, is_everyday, is_whole_name
from ai_bridge.runner.normalise import Found, Refusal, Value, normalise
from ai_bridge.runner.normalise.types import words

_NAMED_AT = frozenset({"at", "try", "called", "named"})
_NO_ANSWER = frozenset({*DECLINES, "question", "why", "what_have_you_got", "repeat", "go_back",
                        "start_over", "cancel", "wants_human", "done", "chit_chat"})  # fmt: skip
MAX_ANSWER_WORDS = 60
MAX_NAME_WORDS = 8
# Nobody leads up to a name or a place with more than this.
MAX_ANSWER = 400


def propose_words(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    asked = profile.field.path in reading.asked
    if reading.asked[:1] == (profile.field.path,) and is_narrative(profile.field):
        yield from propose_narrative(reading, profile)
        return
    if "pattern" in profile.field.schema:
        yield from propose_patterned(reading, profile)
        return
    if profile.is_street:
        yield from _streets(reading, profile, asked)
    if profile.field.kind == "name":
        yield from _names(reading, profile, asked)
    elif profile.is_place:
        yield from _places(reading, profile, asked)
    else:
        yield from _texts(reading, profile, asked)
    if (asked and reading.asked[0] == profile.field.path) or (asked and profile.is_place):
        yield from _whole_answer(reading, profile)


def _proposal(
    reading: Reading, profile: Profile, found: Found, points: float
) -> Iterator[Proposal]:
    if points < ENOUGH or not reading.tells(found.start) or reading.skips(found.start):
        return
    result: Value | Refusal = normalise(
        profile.field, reading.text[found.start : found.end], reading.context
    )
    if isinstance(result, Value):
        yield Proposal(profile, found.start, found.end, result, points)


def _names(reading: Reading, profile: Profile, asked: bool) -> Iterator[Proposal]:
    if _is_own(profile):
        for found in find_stated_names(reading.text, firm=not asked):
            said = str(found.value)
            if said.islower() and (is_everyday(words_of(said)) or _goes_on(reading, found)):
                continue
            if found.note and not profile.name_part and profile.field.path in _standing(reading):
                yield _with_part(reading, profile, found)
            else:
                yield from _proposal(reading, profile, _part(profile, found), 3.5)
        yield from _introduced(reading, profile)
    standing = words_of(str(reading.utterance.values.get(profile.field.path, "")))
    for finding in reading.propers:
        yield from _by_name(reading, profile, finding, standing)


def _standing(reading: Reading) -> Mapping[str, Any]:
    return reading.utterance.values


def _with_part(reading: Reading, profile: Profile, found: Found) -> Proposal:
    """`My surname is Shaw` changes one part of the name that stands, and leaves the other."""
    parts = str(_standing(reading)[profile.field.path]).split()
    said = reading.text[found.start : found.end]
    spelled = said.capitalize() if said.islower() else said
    kept = parts[:1] if found.note == "last" else parts[1:]
    whole = [*kept, spelled] if found.note == "last" else [spelled, *kept]
    result = normalise(profile.field, " ".join(whole), reading.context)
    return Proposal(profile, found.start, found.end, result, 3.5)


def _by_name(
    reading: Reading, profile: Profile, finding: Finding, standing: list[str]
) -> Iterator[Proposal]:
    """What one name in the message says of this field; `standing` are the words it holds."""
    asked, said = profile.field.path in reading.asked, set(words_of(str(finding.found.value)))
    if standing and _is_respelled(reading, standing, finding):
        yield _respelled(reading, profile, finding)
    elif said < set(standing):
        return
    elif said & set(standing) and not _asks_for_words(reading, profile):
        # `Ann Leigh` after `Ann Lee`: the same person, spelled again.
        yield from _proposal(reading, profile, finding.found, 3.0)
    elif profile.name_part and asked and _is_own(profile):
        yield from _proposal(reading, profile, _part(profile, finding.found), 2.4)
    else:
        found = _with_titles(reading, finding.found) if asked else finding.found
        yield from _proposal(reading, profile, found, _name_points(reading, profile, finding))


def _name_points(reading: Reading, profile: Profile, finding: Finding) -> float:
    is_answer = profile.field.path in reading.asked and _fills_answer(reading, profile, finding)
    if is_answer and str(finding.found.value).islower():
        is_answer = not _goes_on(reading, finding.found)
    points = (ASKED if is_answer else 0.0) + _cue_points(profile, finding)
    return points + (2.2 if profile.role == "end" and finding.before[:1] == ("to",) else 0.0)


def _is_own(profile: Profile) -> bool:
    return not profile.role and not _speaks_of_other(profile)


_RESPELLED = 75.0
_SPELLS = re.compile(
    r"\b(?:actually|actualy|no|sorry|spelled|spelt|with an?|i mean(?:t)?|not)\b", re.IGNORECASE
)


def _is_respelled(reading: Reading, standing: list[str], finding: Finding) -> bool:
    """`actually it's Anne with an e`: one part of the name that stands, written otherwise."""
    from rapidfuzz import fuzz

    said = words_of(str(finding.found.value))
    if len(said) != 1 or said[0] in standing or not _SPELLS.search(reading.text):
        return False
    return any(fuzz.ratio(said[0], part) >= _RESPELLED for part in standing)


def _respelled(reading: Reading, profile: Profile, finding: Finding) -> Proposal:
    from rapidfuzz import fuzz

    standing = str(reading.utterance.values[profile.field.path]).split()
    said = reading.text[finding.found.start : finding.found.end]
    spelled = said.capitalize() if said.islower() else said
    nearest = max(standing, key=lambda part: fuzz.ratio(part.lower(), said.lower()))
    whole = " ".join(spelled if part == nearest else part for part in standing)
    result = normalise(profile.field, whole, reading.context)
    return Proposal(profile, finding.found.start, finding.found.end, result, 3.0)


def _asks_for_words(reading: Reading, profile: Profile) -> bool:
    """Whether the answer may well name somebody else."""
    return any(
        item.field.path in reading.asked
        and item.field.path != profile.field.path
        and item.field.kind in ("text", "name", "address")
        for item in reading.profiles
    )


_GOES_ON = frozenset(words("for to with about of at in on that because by"))


_HONOUR = re.compile(r"\b(?:mr|mrs|ms|miss|dr|prof)\.? $", re.IGNORECASE)
LONGEST_HONOUR = len("prof. ")
_YOUNGER = re.compile(r"\b(?:jr|sr)\.", re.IGNORECASE)


def _with_titles(reading: Reading, found: Found) -> Found:
    """`Mrs. Doyle` and `Henry Ford Jr.` keep what was written before and after the name."""
    before = _HONOUR.search(reading.text, max(0, found.start - LONGEST_HONOUR), found.start)
    start = before.start() if before else found.start
    younger = _YOUNGER.search(reading.text, found.start, found.end + 1)
    end = found.end + 1 if younger and younger.end() == found.end + 1 else found.end
    return Found(start, end, reading.text[start:end])


def _goes_on(reading: Reading, found: Found) -> bool:
    """`i'm desperate for help`, `i'm struggling`: what follows or ends it makes no name of it."""
    _, after = reading.message.around(found.start, found.end)
    if after[:3] == ("by", "the", "way"):
        return False
    return bool(_GOES_ON & set(after[:1])) or str(found.value).endswith("ing")


def _introduced(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    """`I'm Sara Connor`: a capital is what tells a name from `I'm tired` here."""
    for found in find_stated_names(reading.text):
        said = reading.text[found.start : found.end]
        if _is_of_thing(reading, profile, found):
            continue
        if said[0].isupper() and not set(words_of(said)) <= COMMON:
            yield from _proposal(reading, profile, _part(profile, found), 3.0)


_IT_IS = re.compile(r"\bit['’]s $", re.IGNORECASE)


def _is_of_thing(reading: Reading, profile: Profile, found: Found) -> bool:
    """`It's Dayton` tells nobody's name where one stands and another thing is spoken of."""
    if profile.field.path in reading.asked or profile.field.path not in _standing(reading):
        return False
    return bool(_IT_IS.search(reading.text, max(0, found.start - 6), found.start))


def _part(profile: Profile, found: Found) -> Found:
    """A first name is the first word of a whole name, a last name what follows it."""
    said = str(found.value)
    if profile.name_part and found.note not in ("", profile.name_part):
        # "My surname is Lee" gives no first name.
        return Found(found.start, found.start, "")
    gap = said.find(" ")
    if not profile.name_part or gap < 0:
        return found
    if profile.name_part == "first":
        return Found(found.start, found.start + gap, said[:gap])
    return Found(found.start + gap + 1, found.end, said[gap + 1 :])


def _fills_answer(reading: Reading, profile: Profile, finding: Finding) -> bool:
    """Without capitals an unknown word is a name only among everyday words, with no article."""
    if _NO_ANSWER & set(reading.signals):
        return False
    start, end = finding.found.start, finding.found.end
    if any(character.isupper() for character in reading.text[start:end]):
        return True
    if len(reading.text) > MAX_ANSWER:
        return False
    rest = words_of(reading.text[:start]) + words_of(reading.text[end:])
    if finding.before[:1] and finding.before[0] in _ARTICLES:
        return False
    if finding.before[:1] == ("to",) or profile.is_place:
        return all(word in COMMON or stem(word) in profile.words for word in rest)
    return _is_lead(profile, rest)


def _is_lead(profile: Profile, rest: list[str]) -> bool:
    """Whether these words only lead up to an answer: `sure, my name is`."""
    return all(
        word in FUNCTION or word in ("name", "call") or stem(word) in profile.words for word in rest
    )


_ARTICLES = frozenset({"a", "an", "the", "so", "very", "really", "too", "not"})


def _speaks_of_other(profile: Profile) -> bool:
    return bool(
        {"director", "actor", "artist", "author", "company", "recipient", "star"} & profile.head
    )


def _cue_points(profile: Profile, finding: Finding) -> float:
    points = 0.0
    for distance, word in enumerate(finding.before[:4]):
        weight = profile.words.get(stem(word), 0.0)
        points = max(points, 3.0 * min(1.0, weight * 1.5) * (1 - distance / 6))
    for distance, word in enumerate(finding.after[:2]):
        weight = profile.words.get(stem(word), 0.0)
        points = max(points, 2.4 * min(1.0, weight * 1.5) * (1 - distance / 4))
    return points


def _places(reading: Reading, profile: Profile, asked: bool) -> Iterator[Proposal]:
    for finding in reading.propers:
        points = ASKED if asked and _fills_answer(reading, profile, finding) else 0.0
        points += min(1.5, _cue_points(profile, finding))
        points += place_points(reading, profile, finding) + repairs_place(reading, profile, finding)
        points += states_place(reading, profile, finding)
        if profile.role and profile.rivals:
            said = role_of(finding.before)
            points += 0.0 if not said else 1.5 if said == profile.role else -2.5
        yield from _proposal(reading, profile, finding.found, points)


def _streets(reading: Reading, profile: Profile, asked: bool) -> Iterator[Proposal]:
    for finding in reading.message.findings:
        if finding.family == "street":
            yield from _proposal(reading, profile, finding.found, 3.2 + asked)


def _texts(reading: Reading, profile: Profile, asked: bool) -> Iterator[Proposal]:
    if is_company(profile):
        for found in find_companies(reading.text[:MAX_ANSWER]):
            # Surer than the whole of the message, which it is a part of.
            yield from _proposal(reading, profile, found, 6.5)
    names = frozenset(word for word in words_of(profile.field.title) if stem(word) in profile.head)
    if is_narrative(profile.field):
        cued = find_cued_story(reading.text, names)
    else:
        cued = find_cued_text(reading.text, names, profile.is_title)
    for found in cued:
        yield from _proposal(reading, profile, found, 2.6 + asked)
    if asked or profile.is_title:
        for finding in reading.propers:
            points = (ASKED if asked else 0.0) + min(1.0, _cue_points(profile, finding))
            named = profile.is_title and finding.before[:1] and finding.before[0] in _NAMED_AT
            yield from _proposal(reading, profile, finding.found, points + (2.2 if named else -0.6))
    # Most messages say none of the field's words, and are searched for no proper name then.
    if not (profile.is_title or profile.words.keys().isdisjoint(reading.message.roots)):
        for finding in reading.propers:
            points = _modifier_points(profile, finding)
            yield from _proposal(reading, profile, finding.found, points + (1.0 if asked else 0.0))


def _modifier_points(profile: Profile, finding: Finding) -> float:
    """`Japanese food`: a word right before the thing that the field describes."""
    return 2.4 if finding.after[:1] and stem(finding.after[0]) in profile.words else 0.0


def _most_words(profile: Profile) -> int:
    is_open = profile.field.kind == "text" and not profile.is_place and not profile.is_title
    return MAX_ANSWER_WORDS if is_open else MAX_NAME_WORDS


def _whole_answer(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    """What is left of the answer without talk, when it says nothing else."""
    if _NO_ANSWER & set(reading.signals) or HAS_NONE.match(reading.text):
        return
    sentence = next((item for item in reading.sentences if not item.is_question), None)
    if sentence is None or reading.text[: sentence.end].rstrip().endswith("?"):
        return
    start, end = trim_answer(
        reading.text, sentence.start, name_ends(reading, profile, sentence.end)
    )
    if tells_of_other(reading, profile, start):
        return
    said = words_of(reading.text[start:end])
    typed = reading.message.taken & set(range(start, end))
    if not said or len(said) > _most_words(profile) or (typed and profile.field.kind == "name"):
        return
    if (profile.is_street or profile.is_place) and _is_other(reading, start, end):
        return
    if profile.is_street and (is_count(said) or said[0] in _SUBJECTS):
        return
    all_common = all(word in COMMON for word in said)
    if all_common and (reading.signals.keys() & _POLITE or _no_name(reading, profile, start, said)):
        return
    if _is_talk(reading, profile, start, said) or (profile.name_part and len(said) > 1):
        return
    # A longer answer to an open question is all of it the answer, whatever words it uses.
    open_answer = len(said) > 4 and not typed and not profile.is_title and not profile.is_place
    points = 6.0 if open_answer and profile.field.kind == "text" else 2.3
    if profile.field.kind == "name" and is_whole_name(said):
        # `sam may` is more than the Sam whose month stands beside him.
        points = ASKED + 0.5
    yield from _proposal(reading, profile, Found(start, end, None), points)


# `I own it` is no street.
_SUBJECTS = frozenset({"i", "i'm", "we", "it", "it's", "they", "he", "she"})
_OTHER = frozenset({"date", "time", "email", "phone", "url", "money"})


def _is_other(reading: Reading, start: int, end: int) -> bool:
    """A day, an address of mail or a sum is no place, whatever was asked."""
    span = range(start, end)
    return any(
        item.family in _OTHER and item.found.start in span for item in reading.message.findings
    )


_POLITE = frozenset({"affirm", "negate", "greeting", "thanks"})


def _no_name(reading: Reading, profile: Profile, start: int, said: list[str]) -> bool:
    """Everyday words are a name or a place only when they are few and begin with a capital."""
    if not profile.is_place and profile.field.kind != "name":
        return False
    return len(said) > 2 or not reading.text[start].isupper()


def _is_talk(reading: Reading, profile: Profile, start: int, said: list[str]) -> bool:
    """`a stupid question` is no person: everyday words in small letters make no name."""
    if profile.field.kind != "name" or reading.text[start].isupper():
        return False
    lead = words_of(reading.text[:start])
    if not lead and is_whole_name(said):
        return False
    return bool(set(said) & NOT_NAMES) or not _is_lead(profile, lead)
