"""Street addresses: a house number, a name and a word for a road."""

import re
from itertools import islice

from ai_bridge.runner.normalise.nearby import DIGITS, matches, near
from ai_bridge.runner.normalise.texts import lower
from ai_bridge.runner.normalise.types import Found, words

_ROADS = (
    "street|st|avenue|ave|av|road|rd|drive|dr|highway|hwy|lane|ln|boulevard|blvd|court|ct|"
    "terrace|crescent|parkway|pkwy|mews|grove|gardens|square|sq"
)
# Everyday words too: only their capital says that they name a road.
_CAPITAL_ROADS = "Place|Pl|Way|Close|Walk|Row|Hill|Circle|Trail|Green|View|Rise|Park"
_STREET = re.compile(
    rf"(?<![\w$€£.,/-])\d{{1,5}}(?:-\d{{1,4}})?[A-Za-z]?,? "
    r"(?P<name>(?:[^\W\d_][\w'’.-]{0,30} ){1,4}?)"
    rf"(?:(?i:{_ROADS})|{_CAPITAL_ROADS})\b\.?"
    r"(?:,? (?i:apt|apartment|unit|suite|flat|no|#)\.? ?\w{1,6}\b)?"
)
# `Lindenstraße 12`, `bahnhofstr. 5`, `Am Markt 7`: the number stands behind.
_BEHIND = re.compile(
    r"(?<![\w-])(?:(?:Am|An der|Auf der|Im|In der|Zum|Zur|Alte|Neue) )?"
    r"[^\W\d_][\w.-]{0,40}?(?:straße|strasse|str\.|str|weg|allee|platz|gasse|damm|ufer|ring|"
    r"steig|chaussee) \d{1,4} ?[a-z]?(?![\w.])",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    words(
        "a an and at by days down for from hours in is it me minutes my of off on or our rooms "
        "storey storeys stories floor floors this that to up with your"
    )
)
_CUES = frozenset({DIGITS})
MAX_FOUND = 5


def find_streets(text: str) -> list[Found]:
    """Addresses such as `14 Alder Street` or `8 quarry lane, flat 2`, as they were typed."""
    numbered = near(lower(text), _CUES)
    found = [
        Found(match.start(), match.end(), match.group())
        for match in islice(matches(_BEHIND, text, numbered), MAX_FOUND)
    ]
    for match in islice(matches(_STREET, text, numbered), MAX_FOUND):
        if _NO_NAMES.isdisjoint(match["name"].lower().split()):
            end = match.end() - (text[match.end() - 1] == ".")
            found.append(Found(match.start(), end, text[match.start() : end]))
    return sorted(found, key=lambda item: item.start)
