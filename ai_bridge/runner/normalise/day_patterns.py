"""Pieces that the patterns of days share."""

import re
from collections.abc import Callable
from datetime import date

from ai_bridge.runner.normalise.day_words import CARDINALS, MONTHS, ORDINALS, WEEKDAYS, any_of
from ai_bridge.runner.normalise.number_words import ONES, TENS
from ai_bridge.runner.normalise.types import Context, Refusal

Reading = Callable[[re.Match[str], Context], "date | Refusal | None"]
# A pattern, how its match is read, what the reading assumes, and the words it cannot do without.
Listed = list[tuple[str, Reading, str, frozenset[str]]]

MONTH = rf"(?P<month>{any_of(MONTHS)})\b\.?"
WEEKDAY = rf"(?P<weekday>{any_of(WEEKDAYS)})"
ORDINAL = rf"(?:\d{{1,2}} ?(?:st|nd|rd|th)|{any_of(ORDINALS)})"
DAY = rf"(?<![$€£])(?<![$€£] )(?P<day>{ORDINAL}|\d{{1,2}}|{any_of(CARDINALS)})"
LEAD = rf"(?:(?P<lead>{any_of(WEEKDAYS)})s?\.?,? (?:the )?)?"
_UNITS = any_of([*ONES, *TENS])
_SPOKEN_YEAR = (
    rf"(?:twenty|nineteen|eighteen|seventeen)(?: hundred)?(?: and)?(?: oh)?(?: (?:{_UNITS})\b)"
    rf"{{1,2}}|two thousand(?: and)?(?: (?:{_UNITS})\b){{0,2}}"
)
YEAR = (
    r"(?: ?,? (?:of )?(?P<year>(?:19|20)\d\d)\b(?!:)|"
    r"(?:,? ?['’]|,? of | (?=[4-9]\d\W*$))(?P<short>\d\d)\b(?!:)|"
    rf",? (?P<spoken>{_SPOKEN_YEAR}))?"
)
COUNT = rf"(?:\d{{1,3}}|an?|(?:a )?couple(?: of)?|{any_of(CARDINALS)})"
UNIT = r"(?:days?|weeks?|months?|years?|fortnights?)"
_STEP = re.compile(rf"(?P<count>{COUNT}) (?P<unit>{UNIT})")
SPAN = rf"{COUNT} {UNIT}(?:,? (?:and )?{COUNT} {UNIT}){{0,2}}"
# A month by its name or by its distance from this one.
ANY_MONTH = (
    rf"(?:(?P<near>this|the|next|the next|following|the following|coming|the current) month|{MONTH}"
    r"(?: (?P<year>(?:19|20)\d\d)\b)?)"
)


def steps_of(said: str) -> list[tuple[int, str]]:
    """`2 years and a month` as counts with their units."""
    return [(count_of(match["count"]), match["unit"]) for match in _STEP.finditer(said)]


def count_of(said: str) -> int:
    if said.isdecimal():
        return int(said)
    return CARDINALS.get(said, 2 if "couple" in said else 1)


def day_number(said: str) -> int:
    digits = re.match(r"\d+", said)
    if digits:
        return int(digits.group())
    return ORDINALS.get(said) or CARDINALS.get(said, 0)
