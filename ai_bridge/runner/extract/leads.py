"""Whose an answer is, and where it ends: by the words before it and the contacts after it."""

import re

from ai_bridge.runner.extract.companies import is_company, names_no_company
from ai_bridge.runner.extract.freetext import is_talk
from ai_bridge.runner.extract.lexicon import FUNCTION, stem, words_of
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.normalise.types import words

MAX_LEAD = 60
# `our inbox is a mess` names no company: what is said of something else is no answer.
_OTHER_IS = re.compile(
    r"\b(?:my|our|the) (?P<what>[\w-]+(?: [\w-]+){0,2}?) (?:is|are|was|were)(?: (?:an?|the|in))? $",
    re.IGNORECASE,
)
_ANY_THING = frozenset(words("answer one name title number thing it company firm best usual"))


def tells_of_other(reading: Reading, profile: Profile, start: int) -> bool:
    """Whether the answer that begins here belongs to "our inbox is", and not to the field."""
    if profile.field.kind != "text" or profile.is_place:
        return False
    if is_company(profile) and names_no_company(reading.text):
        return True
    match = _OTHER_IS.search(reading.text[max(0, start - MAX_LEAD) : start])
    if match is None:
        return False
    said = words_of(match["what"])
    return not any(word in _ANY_THING or stem(word) in profile.words for word in said)


# `between 5 and 6`
_LEADS_TO = FUNCTION | {"between"}


def name_ends(reading: Reading, profile: Profile, end: int) -> int:
    """`al green, al@green.com` begins with the name, `al green, about 5 guests` does as well;
    `actually, my email is ...` does not.
    """
    cut = reading.text.find(",", 0, end)
    if profile.field.kind != "name" or cut < 0 or is_talk(reading.text, 0, cut + 1):
        return end
    is_typed = any(
        cut < item.found.start < end
        and _LEADS_TO.issuperset(words_of(reading.text[cut : item.found.start]))
        for item in reading.message.findings
    )
    return cut if is_typed else end
