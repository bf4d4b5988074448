"""Numbers as people write them: digits, `two and a half grand`, `three quarters`, `1.5k`."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ai_bridge.runner.normalise.number_shares import parts_of, share_at, slashed
from ai_bridge.runner.normalise.number_tokens import COMMA_REGIONS, Token, tokens_of
from ai_bridge.runner.normalise.number_words import (
    NOUGHTS,
    ONES,
    OPEN_SCALES,
    PARTS,
    SCALES,
    SIGNS,
    TENS,
)
from ai_bridge.runner.normalise.people import count_people
from ai_bridge.runner.normalise.types import Found, both_ends, longest_first

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
# "Half past four" and "half an hour" are no halves.
_NO_HALF = frozenset({"past", "an", "day", "days", "way", "board", "price", "term"})
# Enough for the numbers that are looked at; the middle of a longer table is not read.
MAX_TOKENS = 400
_MINUS = frozenset({"-", "minus", "negative", "−"})
# "2 out of 100" is a share, "2 over 3000" hardly.
MAX_SHARE = 1_000
# Beyond this a float no longer holds every whole number.
MAX_VALUE = 1e15


def find_numbers(text: str, region: str = "", whole_groups: bool = True) -> list[Found]:
    """Numbers in the order of the text; `unit` is the word right after each, in lower case.

    Digits are grouped as the region does. Unless `whole_groups`, `2 adults and 3 kids` stay apart.
    """
    found = list(_read_numbers(text, region.upper() in COMMA_REGIONS))
    return longest_first(count_people(text, found, whole_groups) + found)


# Sums and lengths of time are made of the same numbers.
@lru_cache(maxsize=2)
def _read_numbers(text: str, comma: bool) -> tuple[Found, ...]:
    tokens = list(both_ends(tokens_of(text, comma), MAX_TOKENS))
    found: list[Found] = []
    index = 0
    while index < len(tokens):
        if tokens[index].start < 0:
            index += 1
            continue
        item, index = _signed(tokens, index, text)
        if item and abs(item.value) < MAX_VALUE and not _is_pronoun(item, text):
            found.append(_with_unit(item, text))
    return tuple(found)


def _signed(tokens: list[Token], index: int, text: str) -> tuple[Found | None, int]:
    sign = tokens[index]
    if sign.text not in _MINUS or index + 1 == len(tokens):
        return _unsigned(tokens, index, text)
    leads = sign.start == 0 or text[sign.start - 1].isspace() or text[sign.start - 1] in "($€£"
    item, after = _unsigned(tokens, index + 1, text)
    if not item or item.start != tokens[index + 1].start:
        return None, index + 1
    if not leads or (sign.text == "-" and index and _reads(tokens[index - 1])):
        return item, after
    return Found(sign.start, item.end, -item.value, item.unit), after


def _reads(token: Token) -> bool:
    return token.value is not None or token.text in ONES or token.text in TENS


def _unsigned(tokens: list[Token], index: int, text: str) -> tuple[Found | None, int]:
    token = tokens[index]
    following = tokens[index + 1].text if index + 1 < len(tokens) else ""
    if token.value is not None or token.text in SIGNS:
        return _from_digits(tokens, index, text)
    if token.text in ("couple", "pair"):
        return Found(token.start, token.end, 2), index + 1
    if token.text in ("a", "an", "half") and following in (*PARTS, *TENS):
        # "A quarter", "half a million", "a twenty-first".
        return _from_share(tokens, index)
    if token.text == "half":
        return _from_share(tokens, index)
    counts = token.text in ONES or token.text in TENS or token.text in NOUGHTS - {"oh"}
    if counts or (token.text in OPEN_SCALES and following in OPEN_SCALES):
        return _from_words(tokens, index)
    if token.text == "a" and following in SCALES and len(following) > 2:
        return _from_words(tokens, index)
    return None, index + 1


def _from_share(tokens: list[Token], index: int) -> tuple[Found | None, int]:
    """`half`, `half a million`, `a quarter`, `a twenty-first`."""
    start, share = tokens[index].start, share_at(tokens, index)
    following = tokens[index + 1].text if index + 1 < len(tokens) else ""
    if share is None or (tokens[index].text == "half" and following in _NO_HALF):
        return None, index + 1
    value, index = share
    words = [token.text for token in tokens[index : index + 3]]
    is_ordinal = tokens[index - 1].text not in ("half", "quarter")
    if is_ordinal and words[:1] and words[0].isalpha() and words[0] != "of":
        # "A third person" is no third of anything.
        return None, index
    for skipped in (["of", "a"], ["a"], []):
        scale = words[len(skipped)] if len(words) > len(skipped) else ""
        if words[: len(skipped)] == skipped and scale in SCALES and len(scale) > 1:
            index += len(skipped) + 1
            value *= SCALES[scale]
            break
    return Found(start, tokens[index - 1].end, _plain(value)), index


def _from_digits(tokens: list[Token], index: int, text: str) -> tuple[Found | None, int]:
    token = tokens[index]
    before = text[token.start - 1] if token.start else " "
    if before.isalnum() or before in "_'’@#":
        return None, index + 1
    if text.startswith("24/7", token.start):
        return None, index + 3
    if token.text in SIGNS:
        return Found(token.start, token.end, SIGNS[token.text]), index + 1
    if token.end < len(text) and (text[token.end].isalpha() or text[token.end] == "_"):
        return _from_glued(tokens, index)
    sum_ = _Sum(current=token.value or 0.0, last="#")
    return _finish(sum_, tokens, index + 1, token)


def _from_glued(tokens: list[Token], index: int) -> tuple[Found | None, int]:
    """`10k` is a number, `2nd` and `3x4b` are not; `2pm` and `5days` are left to their units."""
    token, suffix = tokens[index], tokens[index + 1] if index + 1 < len(tokens) else None
    if suffix is None or suffix.start != token.end or suffix.text in ("st", "nd", "rd", "th"):
        return None, index + 2
    # "Room 5b" is no billion, "1.2b" is.
    scales = suffix.text in SCALES and (suffix.text != "b" or "." in token.text)
    value = (token.value or 0.0) * (SCALES[suffix.text] if scales else 1)
    return Found(token.start, suffix.end if scales else token.end, _plain(value)), (
        index + 1 + scales
    )


def _from_words(tokens: list[Token], index: int) -> tuple[Found | None, int]:
    return _finish(_Sum(), tokens, index, tokens[index])


def _finish(sum_: "_Sum", tokens: list[Token], index: int, first: Token) -> tuple[Found, int]:
    """Read on while the words belong to the number, then its fraction and its scale."""
    index = _sum_up(sum_, tokens, index)
    value, index = _with_share(sum_, tokens, index)
    value, index = _divided(value, tokens, index)
    return Found(first.start, tokens[index - 1].end, _plain(value)), index


def _sum_up(sum_: "_Sum", tokens: list[Token], index: int) -> int:
    while index < len(tokens) and sum_.value < MAX_VALUE:
        token = tokens[index]
        ahead = tokens[index + 1] if index + 1 < len(tokens) else token
        if token.text == "-" and sum_.joins("-", ahead):
            pass
        elif sum_.joins(token.text, ahead) and not share_at(tokens, index + 1):
            sum_.last = token.text
        elif not sum_.take(token, ahead):
            break
        index += 1
    return index


@dataclass(slots=True)
class _Sum:
    """A number while it is read: what stands before the last `thousand`, and after.

    `last` is the word before, or `#` for digits; `scale` the last of its scales.
    """

    total: float = 0.0
    current: float = 0.0
    last: str = ""
    scale: int = 1

    @property
    def value(self) -> float:
        return self.total + self.current

    def joins(self, word: str, ahead: Token) -> bool:
        """`hundred and five`, `twenty-one`. Digits go on after `hundred and` alone."""
        if word == "-":
            return self.last in TENS and 0 < ONES.get(ahead.text, 0) < 10
        if word != "and" or self.last not in OPEN_SCALES:
            return False
        if ahead.value is not None:
            return self.last == "hundred" and 0 < ahead.value < 100
        return ahead.text in ONES or ahead.text in TENS

    def take(self, token: Token, ahead: Token) -> bool:
        """Whether the token goes on with this number; then it is counted in."""
        word = token.text
        after_scale = self.last in OPEN_SCALES or self.last == "and"
        if token.value is not None:
            return self._take_digits(token.value, after_scale, ahead)
        if word == "a" and not self.last:
            self.current = 1
        elif word in NOUGHTS and not self.last:
            self.current = 0
        elif word in ONES and (not self.last or after_scale or self._follows_ten(ONES[word])):
            self.current += ONES[word]
        elif word in TENS and (not self.last or after_scale):
            self.current += TENS[word]
        elif (word in TENS or word == "oh") and self._is_century():
            # "Nineteen ninety five", "twenty oh five".
            self.current = 100 * self.current + TENS.get(word, 0)
            word = "twenty"
        elif word in SCALES and (len(word) > 1 or word == "k") and self._scales(word):
            self._multiply(SCALES[word])
        else:
            return False
        self.last = word
        return True

    def _take_digits(self, value: float, after_scale: bool, ahead: Token) -> bool:
        if not after_scale or (self.last == "and") == (ahead.text in OPEN_SCALES):
            return False
        self.current += value
        self.last = "#"
        return True

    def _follows_ten(self, value: int) -> bool:
        return self.last in TENS and 0 < value < 10

    def _is_century(self) -> bool:
        return (
            not self.total
            and 13 <= self.current <= 20
            and (self.last in ONES or self.last == "twenty")
        )

    def _scales(self, word: str) -> bool:
        return self.last != "and" and (not self.last or self.last not in SCALES or
                                       self.last in OPEN_SCALES)  # fmt: skip

    def _multiply(self, scale: int) -> None:
        self.scale = scale
        if scale >= 1_000 and not self.current and self.total:
            # "Three lakh crore": a scale of what has been read.
            self.total *= scale
            return
        self.current = max(self.current, 1) * scale
        if scale >= 1_000:
            self.total, self.current = self.value, 0


def _with_share(sum_: _Sum, tokens: list[Token], index: int) -> tuple[float, int]:
    """`and a half`, `and three quarters million`, `1 4/5`, `point seven one`, then `grand`."""
    value, words = sum_.value, [token.text for token in tokens[index : index + 2]]
    if words[:1] == ["point"]:
        return _after_point(value, tokens, index)
    share = share_at(tokens, index + 1) if words[:1] == ["and"] else None
    if share is None:
        return _with_slash(sum_, tokens, index)
    part, index = share
    scale = SCALES.get(tokens[index].text, 0) if index < len(tokens) else 0
    if sum_.scale >= 1_000 and sum_.last in SCALES:
        return value + part * (scale or sum_.scale), index + bool(scale)
    return ((value + part) * scale, index + 1) if scale > 1 else (value + part, index)


def _after_point(value: float, tokens: list[Token], index: int) -> tuple[float, int]:
    digits, position = "", index + 1
    while position < len(tokens) and len(digits) < 12:
        word = tokens[position].text
        spoken = 0 if word in NOUGHTS else ONES.get(word, TENS.get(word))
        if spoken is None:
            if word != "-" or position + 1 == len(tokens) or tokens[position + 1].text not in ONES:
                break
        elif digits and tokens[position - 1].text in TENS | {"-": 0} and spoken < 10:
            digits = digits[:-1] + str(spoken)
        else:
            digits += str(spoken)
        position += 1
    if not digits:
        return value, index
    value += float(f"0.{digits}")
    scale = SCALES.get(tokens[position].text, 0) if position < len(tokens) else 0
    return (value * scale, position + 1) if scale else (value, position)


def _with_slash(sum_: _Sum, tokens: list[Token], index: int) -> tuple[float, int]:
    """`3/4`, `1 4/5` and `2½`; `24/7` and dates are none."""
    value = sum_.value
    if sum_.last != "#" or index >= len(tokens):
        return value, index
    if tokens[index].text in SIGNS:
        return value + SIGNS[tokens[index].text], index + 1
    above, below = (slashed(tokens, index - 1), slashed(tokens, index))
    if above and above[0] < above[1]:
        return above[0] / above[1], index + 2
    if below and below[0] < below[1]:
        return value + below[0] / below[1], index + 3
    return value, index


def _divided(value: float, tokens: list[Token], index: int) -> tuple[float, int]:
    """`two thirds`, `two thirds of a million`, `one over three`, `one out of three`."""
    words = [token.text for token in tokens[index : index + 6]]
    skip = 1 if words[:1] == ["over"] else 2 if words[:2] == ["out", "of"] else 0
    if skip and index + skip < len(tokens) and _reads(tokens[index + skip]):
        below = _Sum()
        token = tokens[index + skip]
        if token.value is not None:
            below.current, below.last = token.value, "#"
        after = _sum_up(below, tokens, index + skip + (token.value is not None))
        is_share = 0 < value < below.value < MAX_SHARE
        return (value / below.value, after) if is_share else (value, index)
    dash = 1 if words[:1] == ["-"] else 0
    parts = parts_of(words[dash:]) if value and index else None
    if parts is None or words[dash] in ("second", "seconds", "half"):
        return value, index
    is_one = words[dash + parts[1] - 1].endswith("s")
    if not (is_one or value == 1):
        return value, index
    value, index = value / parts[0], index + dash + parts[1]
    rest = [token.text for token in tokens[index : index + 3]]
    if rest[:2] == ["of", "a"] and len(rest) > 2 and rest[2] in SCALES:
        return value * SCALES[rest[2]], index + 3
    return value, index


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else float(f"{value:.15g}")


def _is_pronoun(item: Found, text: str) -> bool:
    if text[item.start : item.end].lower() != "one":
        return False
    before, after = text[max(0, item.start - 14) : item.start], text[item.end : item.end + 14]
    return bool(_PRONOUN_BEFORE.search(before) or _PRONOUN_AFTER.match(after))


def _with_unit(item: Found, text: str) -> Found:
    match = _UNIT.match(text, item.end)
    unit = match.group(1).lower() if match else ""
    return Found(item.start, item.end, item.value, unit or item.unit)
