"""Numbers of a set form, such as a policy's or a parcel's: found by the form itself."""

import re
from collections.abc import Iterator

from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.normalise import Refusal, Value, normalise
from ai_bridge.runner.normalise.types import both_ends

_TOKEN = re.compile(r"(?<![\w@.-])[\w][\w/-]*(?![\w@])")
_DIGIT = re.compile(r"\d")
# A form that everyday words or numbers have as well says nothing by itself.
_EVERYDAY = ("12345", "1234", "123", "415555267", "springfield", "monday", "john", "2026-03-04")
ASKED, ALONE = 4.5, 3.6
_NO_PART = frozenset({"email", "url"})
# Of more words with digits the first half and the last are looked at.
MAX_TOKENS = 60
MAX_ANSWER = 120


def propose_patterned(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    """Each word of the form; without being asked only where the form can mean nothing else."""
    asked = profile.field.path in reading.asked
    is_telling = asked or not _is_everyday(reading, profile)
    spans = [item.span for item in reading.message.findings if item.family in _NO_PART]
    seen = False
    numbered = [match for match in _TOKEN.finditer(reading.text) if _DIGIT.search(match.group())]
    for match in both_ends(numbered, MAX_TOKENS):
        start, end = match.span()
        result = normalise(profile.field, match.group(), reading.context)
        if not isinstance(result, Value) or any(start in span for span in spans):
            continue
        if not reading.tells(start):
            continue
        if is_telling or _is_named(reading, profile, start):
            seen = True
            yield Proposal(profile, start, end, result, ASKED if asked else ALONE)
    if asked and not seen:
        yield from _misshapen(reading, profile)


def _is_everyday(reading: Reading, profile: Profile) -> bool:
    probes = (normalise(profile.field, word, reading.context) for word in _EVERYDAY)
    return any(isinstance(item, Value) for item in probes)


def _is_named(reading: Reading, profile: Profile, start: int) -> bool:
    """`the ZIP is 45402`, or a code after a street: the rest of the address."""
    before, _ = reading.message.around(start, start + 1)
    if any(word in profile.head for word in before[:4]):
        return True
    streets = [item.found.end for item in reading.message.findings if item.family == "street"]
    is_postal = bool(profile.head & {"zip", "postcode", "postal"})
    return is_postal and any(end <= start for end in streets)


def _misshapen(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    """A word with digits that was meant as the answer, refused with the reason."""
    spaced = re.search(r"\w[\w -]*\d[\w -]*", reading.text[:MAX_ANSWER])
    if spaced is None or reading.signals or not reading.tells(spaced.start()):
        return
    result: Value | Refusal = normalise(profile.field, spaced.group().strip(), reading.context)
    end = spaced.start() + len(spaced.group().rstrip())
    yield Proposal(profile, spaced.start(), end, result, ASKED)
