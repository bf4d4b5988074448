"""Counts of people that are said by naming them: `me, my wife and two kids`, `just me`."""

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from ai_bridge.runner.normalise.nearby import DIGITS, begun, matches, near, starts_of, within
from ai_bridge.runner.normalise.number_words import ONES
from ai_bridge.runner.normalise.texts import lower
from ai_bridge.runner.normalise.types import Found, words

_ONE = (
    "wife|husband|partner|friend|girlfriend|boyfriend|fiancee?|son|daughter|mom|mum|dad|mother|"
    "father|brother|sister|boss|colleague|spouse|other|kid|child|baby|guest|assistant|cousin|aunt|"
    "uncle|nephew|niece|grandma|grandpa|neighbou?r|roommate|another|one more|better half"
)
_MANY = (
    "others?|other people|more(?: people)?|friends?|people|guests?|kids?|child|children|sons?|"
    "daughters?|colleagues?|family members|adults?|brothers?|sisters?|boys?|girls?|cousins?|"
    "girlfriends|boyfriends|guys|ladies|teenagers?|toddlers?|babies|coworkers?|co-workers?|mates?|buddies|parents"
)
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(word for word, value in ONES.items() if value)}|an?|both)"
_TERM = (
    rf"(?:(?:me|myself|i)\b|(?:(?:my|our|a|an|one|1|his|her|the) )?(?:{_ONE})\b|"
    rf"(?P<count>{_COUNT}) (?:of my |of our |my )?(?:{_MANY})\b|(?:my )?parents\b)"
)
_TERM_AGAIN = _TERM.replace("?P<count>", "?:")
# A comma before "I" begins a new clause; "with me" says who holds what.
_LINK = r"(?:,? (?:and|plus|with(?! me)|&|\+)|,(?! i\b)) "
_GROUP = re.compile(rf"\b{_TERM_AGAIN}(?:{_LINK}{_TERM_AGAIN}){{1,5}}", re.IGNORECASE)
_EACH = re.compile(rf"\b{_TERM}", re.IGNORECASE)
_SELF = re.compile(r"\b(?:me|myself|i)\b", re.IGNORECASE)
_ALONE = re.compile(
    r"\b(?:just|only) (?:be )?(?:for )?(?:me|myself|one|1)\b"
    r"(?! (?:and|night|day|room|bag|star|bed|bath)|,)"
    r"|\b(?:by|for) myself\b(?! and|,)|\bon my own\b|\balone\b|\bsolo\b",
    re.IGNORECASE,
)
_FEW = re.compile(
    r"\b(?:(?:family|party|group|table) (?:of|for)|(?:for|of|be|just|it's|its) us) $", re.IGNORECASE
)
_OF_FEW = ("of ", "for ", "us ")
PEOPLE = (
    "people|person|persons|guests?|adults?|kids?|child|children|friends?|others|of us|pax|"
    "passengers?|travell?ers?|riders?|seats?|tickets?|diners?|ppl"
)
_PEOPLE_UNIT = re.compile(rf"(?:{PEOPLE})\b", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,|and|plus|\+|&|with)(?: and)?\s+$", re.IGNORECASE)
_ALONE_CUES = frozenset({"just", "only", "myself", "own", "alone", "solo"})
# Whoever counts a group names others than themselves.
_GROUP_CUES = frozenset(
    words(
        "wife husband partner friend friends girlfriend girlfriends boyfriend boyfriends fiance "
        "fiancee son sons daughter daughters mom mum dad mother father brother brothers sister "
        "sisters boss colleague colleagues spouse other others kid kids child children baby babies "
        "guest guests assistant cousin cousins aunt uncle nephew niece grandma grandpa neighbour "
        "neighbor roommate another more better people members adult adults boy boys girl girls "
        "guys ladies teenager teenagers toddler toddlers coworkers workers mate mates buddies "
        "parents"
    )
)
# All that one of its terms begins with.
_GROUP_STARTS = _GROUP_CUES | {DIGITS, *ONES} | {*words("me myself i my our his her the a an both")}
MAX_GROUPS = 10


def count_people(text: str, found: list[Found], whole_groups: bool) -> list[Found]:
    """Groups in the text; `found` are its numbers, which `2 adults and 3 kids` is made of."""
    lowered = lower(text)
    alone = matches(_ALONE, text, near(lowered, _ALONE_CUES))
    groups = [Found(*match.span(), 1, "people") for match in islice(alone, MAX_GROUPS)]
    for match in islice(_groups(text, lowered), MAX_GROUPS):
        if whole_groups or _SELF.search(match.group()):
            groups.append(Found(*match.span(), _count(match.group()), "people"))
    groups += [
        Found(item.start, item.end, item.value, "people")
        for item in found
        if lowered.endswith(_OF_FEW, 0, item.start)
        and _FEW.search(text, max(0, item.start - 18), item.start)
    ]
    return groups + (_added(text, found) if whole_groups else [])


def _groups(text: str, lowered: str) -> Iterator[re.Match[str]]:
    windows = near(lowered, _GROUP_CUES)
    starts = starts_of(lowered, _GROUP_STARTS) if windows else ()
    return begun(_GROUP, text, within(starts, windows))


def _count(said: str) -> int:
    total = 0
    for match in _EACH.finditer(said):
        word = (match["count"] or "").lower()
        if word:
            total += int(word) if word.isdecimal() else ONES.get(word, 2 if word == "both" else 1)
        else:
            total += 2 if match.group().lower().endswith("parents") else 1
    return total


def _added(text: str, found: list[Found]) -> list[Found]:
    """`2 adults and 3 kids` counts five people."""
    sums: list[Found] = []
    lowered = text.lower()
    for one, other in pairwise(found):
        first, second = _PEOPLE_UNIT.match(one.unit), _PEOPLE_UNIT.match(other.unit)
        if not (first and second and one.unit != other.unit):
            continue
        unit_end = lowered.find(one.unit, one.end) + len(one.unit)
        if unit_end <= other.start and _AND.fullmatch(text[unit_end : other.start]):
            end = lowered.find(other.unit, other.end) + len(other.unit)
            sums.append(Found(one.start, end, one.value + other.value, "people"))
    return sums
