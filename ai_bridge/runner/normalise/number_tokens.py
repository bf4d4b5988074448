"""A text cut into numerals, words and marks; numerals are read as the region writes them."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from ai_bridge.runner.normalise.types import words

# Where a comma stands before the cents and a point between thousands.
COMMA_REGIONS = frozenset(
    words(
        "AT BE BR BG CL CO CZ DE DK EE ES FI FR GR HR HU ID IS IT LT LU LV NL NO PL PT RO RS RU SE "
        "SI SK TR UA VN AR"
    )
)
MAX_TOKENS = 1_200
MAX_DIGITS = 24
_SPACE = "[ \u00a0\u202f]"
_SPACED = rf"(?<!\d )\d{{1,3}}(?:{_SPACE}\d{{3}}){{1,5}}(?!\d|{_SPACE}?\d)"
_EXPONENT = r"(?:e[+-]?\d{1,2}(?!\w))?"
_WORDS = r"(?P<word>[a-z]+)|(?P<mark>[^\w\s]|[½⅓⅔¼¾⅕⅛])"


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is that of a numeral, else None; `text` is in lower case."""

    text: str
    start: int
    end: int
    value: float | None = None


def tokens_of(text: str, region: str) -> list[Token]:
    """The first tokens of a text; more than so many are no answer."""
    comma = region.upper() in COMMA_REGIONS
    found = islice(_pattern(comma).finditer(text), MAX_TOKENS)
    return [_token(match, comma) for match in found]


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


def _token(match: re.Match[str], comma: bool) -> Token:
    text = match.group().lower()
    if match["word"] or match["mark"]:
        return Token(text, *match.span())
    is_foreign = bool(match["other"]) or bool(comma and re.fullmatch(r"\d+\.\d{1,2}", text))
    value = _number(text, comma != is_foreign) if len(text) <= MAX_DIGITS else None
    return Token(text, *match.span(), value)


def _number(text: str, comma: bool) -> float:
    mark, point = (".", ",") if comma else (",", ".")
    plain = re.sub(_SPACE, "", text).replace(mark, "").replace(point, ".")
    return float(plain)
