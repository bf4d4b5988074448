"""A text cut into numerals, words and marks; numerals are read as the region writes them."""

import re
from functools import lru_cache
from typing import NamedTuple

from ai_bridge.runner.normalise.nearby import DIGITS, matches, near
from ai_bridge.runner.normalise.number_words import (
    LAST_PARTS,
    NOUGHTS,
    ONES,
    PARTS,
    SCALES,
    SIGNS,
    TENS,
)
from ai_bridge.runner.normalise.texts import lower
from ai_bridge.runner.normalise.types import words

# Where a comma stands before the cents and a point between thousands.
COMMA_REGIONS = frozenset(
    words(
        "AT BE BR BG CL CO CZ DE DK EE ES FI FR GR HR HU ID IS IT LT LU LV NL NO PL PT RO RS RU SE "
        "SI SK TR UA VN AR"
    )
)
MAX_DIGITS = 24
_SPACE = "[ \u00a0\u202f]"
_SPACED = rf"(?<!\d )\d{{1,3}}(?:{_SPACE}\d{{3}}){{1,5}}(?!\d|{_SPACE}?\d)"
_EXPONENT = r"(?:e[+-]?\d{1,2}(?!\w))?"
# Marks that stand in a row tell nothing, but for those that a number is made of.
_WORDS = r"(?P<word>[a-z]+)|(?P<mark>(?:[^\w\s/−-](?!\.?\d))++|[^\w\s]|[½⅓⅔¼¾⅕⅛])"


class Token(NamedTuple):
    """`value` is that of a numeral, else None; `text` is in lower case."""

    text: str
    start: int
    end: int
    value: float | None = None


# These stand for a run of words and marks that no number is made of, by what it begins with.
_OTHER = {"word": Token("other", -1, -1), "mark": Token(",", -1, -1)}
_TELLING = frozenset(
    words(
        "a an and half of out over point couple pair past day days way board price term st nd rd "
        "th - − / minus negative"
    )
) | {*ONES, *TENS, *NOUGHTS, *SCALES, *PARTS, *LAST_PARTS, *SIGNS}

# A number's own words stand no further apart.
_REACH = (25, 45)
_CUES = frozenset(
    {DIGITS, "half", "quarter", "couple", "pair", *ONES, *TENS, *NOUGHTS, *SCALES, *PARTS, *SIGNS}
)


def tokens_of(text: str, comma: bool) -> tuple[Token, ...]:
    """Numerals, the words and marks of numbers, and one token for all that stands between two;
    with `comma` that sign stands before a fraction.
    """
    found: list[Token] = []
    before = _OTHER["mark"]
    lowered = lower(text)
    for match in matches(_pattern(comma), lowered, near(lowered, _CUES, reach=_REACH)):
        kind, said = match.lastgroup or "", match.group()
        if kind not in _OTHER:
            before = Token(said, *match.span(), _value(said, kind, comma))
        elif said in _TELLING or (before.value is not None and before.end == match.start()):
            before = Token(said, *match.span())
        elif before.start < 0 and found:
            continue
        else:
            before = _OTHER[kind]
        found.append(before)
    return tuple(found)


@lru_cache(maxsize=2)
def _pattern(comma: bool) -> re.Pattern[str]:
    mark, point = (r"\.", ",") if comma else (",", r"\.")
    grouped = rf"\d{{1,3}}(?:{mark}\d{{2,3}}){{0,5}}{mark}\d{{3}}(?![\d{mark}]\d|\d)"
    decimal = rf"(?:{point}\d++(?!{point}\d))?"
    # Whatever the region, both marks together tell which is which.
    other = rf"\d{{1,3}}(?:{point}\d{{3}}){{1,5}}{mark}\d{{1,2}}(?!\d)"
    lone = r"(?<![\d.,])[.]\d++(?!\.\d)"
    foreign = r"\d+\.\d{1,2}(?![\d.])|" if comma else ""
    return re.compile(
        rf"(?P<other>{other})|(?P<literal>(?:{grouped}|{_SPACED}){decimal}|{foreign}"
        rf"(?<!\d{point})\d++{decimal}{_EXPONENT}|\d++|{lone})|{_WORDS}",
        re.IGNORECASE,
    )


def _value(text: str, kind: str, comma: bool) -> float | None:
    if len(text) > MAX_DIGITS:
        return None
    is_foreign = kind == "other" or bool(comma and re.fullmatch(r"\d+\.\d{1,2}", text))
    return _number(text, comma != is_foreign)


# Without what stands between thousands, and with a point before the fraction.
_PLAIN = {
    False: str.maketrans("", "", ", \u00a0\u202f"),
    True: str.maketrans(",", ".", ". \u00a0\u202f"),
}


def _number(text: str, comma: bool) -> float:
    return float(text.translate(_PLAIN[comma]))
