"""Numbers as people write them: digits, `two and a half grand`, `myself and three others`."""

import re
from dataclasses import dataclass
from itertools import pairwise

from ai_bridge.runner.normalise.types import Found, longest_first, words

ONES = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(
        words("twenty thirty forty fifty sixty seventy eighty ninety"), start=2
    )
} | {"fourty": 40, "ninty": 90}
SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "grand": 1_000,
    "k": 1_000,
    "lakh": 100_000,
    "million": 1_000_000,
    "mil": 1_000_000,
    "m": 1_000_000,
    "billion": 1_000_000_000,
    "bn": 1_000_000_000,
    "dozen": 12,
}
PEOPLE = (
    "people|person|persons|guests?|adults?|kids?|child|children|friends?|others|of us|pax|"
    "passengers?|travell?ers?|riders?|seats?|tickets?|diners?|ppl"
)
_TOKEN = re.compile(r"[a-z]+|\d[\d,]*(?:\.\d+)?|[^\s\w]", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?")
_UNIT = re.compile(r"[\s-]{0,2}((?:of us|[a-z]+|%|€|£|\$))", re.IGNORECASE)
# "one" is a pronoun far more often than a number in this company.
_PRONOUN_BEFORE = re.compile(
    r"(?:\b(?:the|this|that|another|which|other|any|no|every|each|some|first|last|next|good|nice|"
    r"great|different|new|right|same|better|cheaper|cheapest|best)\s+|-)$",
    re.IGNORECASE,
)
_PRONOUN_AFTER = re.compile(
    r"(?:[\s-]+(?:way|of (?:the|them|those|these|my)|that|i|is|which|more time)\b|'s|-)", re.I
)
_ALONE = re.compile(
    r"\b(?:just|only) (?:for )?(?:me|myself|one|1)\b(?! (?:and|night|day|room|bag|star|bed|bath))|"
    r"\b(?:by|for) myself\b(?! and)|\bon my own\b|\balone\b|\bsolo\b",
    re.IGNORECASE,
)
_COMPANION = re.compile(
    (
        r"\b(?:me|myself|i) (?:and|plus|with) (?:(?:my|a|one|1) )?(wife|husband|partner|"
        r"friend|girlfriend|"
        r"boyfriend|son|daughter|mom|mum|dad|mother|father|brother|sister|boss|"
        r"colleague|spouse|other)\b"
    ),
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:me|myself|i) (?:and|plus|with) (?:my )?(\w+) (?:others?|other people|more|friends?|"
    r"people|guests?|kids|children|colleagues|family members)\b",
    re.IGNORECASE,
)
MAX_FOUND = 100
# Beyond this a float no longer holds every whole number.
MAX_VALUE = 1e15


@dataclass(slots=True)
class _Token:
    text: str
    start: int
    end: int


def find_numbers(text: str) -> list[Found]:
    """Numbers in the order of the text; `unit` is the word right after each, in lower case."""
    tokens = [
        _Token(match.group().lower(), match.start(), match.end()) for match in _TOKEN.finditer(text)
    ]
    found: list[Found] = []
    index = 0
    while index < len(tokens) and len(found) < MAX_FOUND:
        item, index = _read_at(tokens, index, text)
        if item and abs(item.value) < MAX_VALUE and not _is_pronoun(item, text):
            found.append(item)
    return _with_groups(text, [_with_unit(item, text) for item in found])


def _read_at(tokens: list[_Token], index: int, text: str) -> tuple[Found | None, int]:
    token = tokens[index]
    if token.text[0].isdigit():
        return _read_digits(tokens, index, text)
    if token.text in ONES or token.text in TENS:
        return _read_words(tokens, index)
    following = tokens[index + 1].text if index + 1 < len(tokens) else ""
    if token.text in ("a", "half") and following in ("hundred", "thousand", "million", "dozen"):
        return _read_words(tokens, index)
    scale = tokens[index + 2] if index + 2 < len(tokens) else token
    if token.text == "half" and following == "a" and scale.text in ("dozen", "million"):
        return Found(token.start, scale.end, _plain(SCALES[scale.text] / 2)), index + 3
    if token.text in ("couple", "pair") and following == "of":
        return Found(token.start, token.end, 2), index + 2
    return None, index + 1


def _read_digits(tokens: list[_Token], index: int, text: str) -> tuple[Found | None, int]:
    token = tokens[index]
    raw = token.text.rstrip(",")
    end = token.start + len(raw)
    before = text[token.start - 1] if token.start else " "
    if (before.isalnum() or before in "_'’@#") or len(raw) > 24:
        return None, index + 1
    if "," in raw and not _GROUPED.fullmatch(raw):
        raw = raw.split(",")[0]
        end = token.start + len(raw)
    value = float(raw.replace(",", ""))
    if before == "-" and (token.start < 2 or text[token.start - 2].isspace()):
        return Found(token.start - 1, end, _plain(-value)), index + 1
    if end < len(text) and (text[end].isalpha() or text[end] == "_"):
        return _read_glued(tokens, index, value, end)
    value, end, index = _scaled(tokens, index + 1, value, end)
    return Found(token.start, end, _plain(value)), index


def _read_glued(
    tokens: list[_Token], index: int, value: float, end: int
) -> tuple[Found | None, int]:
    """`10k` is a number, `2nd` and `3x4b` are not; `2pm` and `5days` are left to their units."""
    suffix = tokens[index + 1] if index + 1 < len(tokens) else None
    if suffix is None or suffix.start != end or suffix.text in ("st", "nd", "rd", "th"):
        return None, index + 2
    if suffix.text in SCALES:
        return Found(
            tokens[index].start, suffix.end, _plain(value * SCALES[suffix.text])
        ), index + 2
    return Found(tokens[index].start, end, _plain(value)), index + 1


def _read_words(tokens: list[_Token], index: int) -> tuple[Found | None, int]:
    start, end = tokens[index].start, tokens[index].end
    sum_ = _Sum()
    while index < len(tokens) and sum_.value < MAX_VALUE:
        word = tokens[index].text
        if sum_.joins(word) and _is_number_word(tokens, index + 1):
            sum_.last = "and" if word == "and" else sum_.last
        elif sum_.take(word):
            end = tokens[index].end
        else:
            break
        index += 1
    value, end, index = _scaled(tokens, index, sum_.value, end)
    return Found(start, end, _plain(value)), index


@dataclass(slots=True)
class _Sum:
    """A number in words while it is read: what stands before the last `thousand`, and after."""

    total: float = 0.0
    current: float = 0.0
    last: str = ""

    @property
    def value(self) -> float:
        return self.total + self.current

    def joins(self, word: str) -> bool:
        """`hundred and five`, `twenty-one`."""
        return (word == "and" and self.last in SCALES) or (word == "-" and self.last in TENS)

    def take(self, word: str) -> bool:
        """Whether the word goes on with this number; then it is counted in."""
        if word == "a" and not self.last:
            self.current = 1
        elif word in ONES and _may_follow(self.last, ONES[word]):
            self.current += ONES[word]
        elif word in TENS and (not self.last or self.last in SCALES or self.last == "and"):
            self.current += TENS[word]
        elif word in SCALES and len(word) > 1 and self.last not in ("and", "-"):
            self._multiply(SCALES[word])
        else:
            return False
        self.last = word
        return True

    def _multiply(self, scale: int) -> None:
        self.current = max(self.current, 1) * scale
        if scale >= 1_000:
            self.total, self.current = self.value, 0


def _may_follow(last: str, value: int) -> bool:
    return not last or last in SCALES or last == "and" or (last in TENS and 0 < value < 10)


def _is_number_word(tokens: list[_Token], index: int) -> bool:
    return index < len(tokens) and (tokens[index].text in ONES or tokens[index].text in TENS)


def _scaled(tokens: list[_Token], index: int, value: float, end: int) -> tuple[float, int, int]:
    """What may follow a number: `and a half`, then `grand`, `thousand`, `dozen`."""
    words = [token.text for token in tokens[index : index + 3]]
    if words == ["and", "a", "half"]:
        value, end, index = value + 0.5, tokens[index + 2].end, index + 3
    elif words[:2] == ["and", "half"] and len(words) > 1:
        value, end, index = value + 0.5, tokens[index + 1].end, index + 2
    if index < len(tokens) and tokens[index].text in SCALES and len(tokens[index].text) > 1:
        value, end, index = value * SCALES[tokens[index].text], tokens[index].end, index + 1
    return value, end, index


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 6)


def _is_pronoun(item: Found, text: str) -> bool:
    if text[item.start : item.end].lower() != "one":
        return False
    before, after = text[max(0, item.start - 14) : item.start], text[item.end : item.end + 14]
    return bool(_PRONOUN_BEFORE.search(before) or _PRONOUN_AFTER.match(after))


def _with_unit(item: Found, text: str) -> Found:
    match = _UNIT.match(text, item.end)
    unit = match.group(1).lower() if match else ""
    return Found(item.start, item.end, item.value, unit or item.unit)


def _with_groups(text: str, found: list[Found]) -> list[Found]:
    """Counts of people that are said by naming them."""
    groups = [Found(match.start(), match.end(), 1, "people") for match in _ALONE.finditer(text)]
    groups += [
        Found(match.start(), match.end(), 2, "people") for match in _COMPANION.finditer(text)
    ]
    for match in _GROUP.finditer(text):
        word = match.group(1).lower()
        count = int(word) if word.isdecimal() and len(word) < 4 else ONES.get(word)
        if count is not None:
            groups.append(Found(match.start(), match.end(), count + 1, "people"))
    groups += _added(text, found)
    return longest_first(found + groups)


_PEOPLE_UNIT = re.compile(rf"(?:{PEOPLE})\b", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,|and|plus|\+|&|with)(?: and)?\s+$", re.IGNORECASE)


def _added(text: str, found: list[Found]) -> list[Found]:
    """`2 adults and 3 kids` counts five people."""
    sums: list[Found] = []
    for one, other in pairwise(found):
        first, second = _PEOPLE_UNIT.match(one.unit), _PEOPLE_UNIT.match(other.unit)
        if not (first and second and one.unit != other.unit):
            continue
        unit_end = text.lower().find(one.unit, one.end) + len(one.unit)
        if unit_end <= other.start and _AND.fullmatch(text[unit_end : other.start]):
            end = text.lower().find(other.unit, other.end) + len(other.unit)
            sums.append(Found(one.start, end, one.value + other.value, "people"))
    return sums
