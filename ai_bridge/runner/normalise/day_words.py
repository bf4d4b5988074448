"""The words that days are named with, and how they are joined into patterns."""

import re
from collections.abc import Iterable

from ai_bridge.runner.normalise.number_words import ONES, TENS
from ai_bridge.runner.normalise.types import words

# Where people write the month first.
MONTH_FIRST = frozenset({"US", "PH", "PR", "GU", "VI", "AS", "FM", "MH", "PW", "CA", "BZ"})
_MONTH_NAMES = words(
    "january february march april may june july august september october november december"
)
MONTHS = {name: index for index, name in enumerate(_MONTH_NAMES, start=1)}
MONTHS |= {name[:3]: index for name, index in MONTHS.items()} | {"sept": 9}
MONTHS |= {"febuary": 2, "feburary": 2, "agust": 8, "septmber": 9, "setember": 9, "novemeber": 11}
_DAY_NAMES = words("monday tuesday wednesday thursday friday saturday sunday")
WEEKDAYS = {name: index for index, name in enumerate(_DAY_NAMES)}
WEEKDAYS |= {name[:3]: index for name, index in WEEKDAYS.items()}
WEEKDAYS |= {
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
    "wensday": 2,
    "wednsday": 2,
    "thrusday": 3,
}
WEEKDAYS |= {"saterday": 5, "tuseday": 1, "wednesay": 2, "wendsday": 2, "firday": 4}
_ORDINAL_WORDS = words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINALS = {word: index for index, word in enumerate(_ORDINAL_WORDS, start=1)}
ORDINALS |= {"thirtieth": 30, "twelveth": 12}
ORDINALS |= {
    f"{tens}{dash}{word}": base + ORDINALS[word]
    for tens, base in (("twenty", 20), ("thirty", 30))
    for dash in (" ", "-")
    for word in _ORDINAL_WORDS[:9]
    if base + ORDINALS[word] <= 31
}
CARDINALS = {word: value for word, value in ONES.items() if value}
CARDINALS |= {
    f"{tens}{dash}{word}": TENS[tens] + value
    for tens in ("twenty", "thirty")
    for dash in (" ", "-")
    for word, value in ONES.items()
    if 0 < value < 10
} | {"twenty": 20, "thirty": 30}


def any_of(words: Iterable[str]) -> str:
    """A pattern of these words, longer ones first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
