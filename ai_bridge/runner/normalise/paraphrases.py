"""Options meant in other words: by near synonyms, or by the word that tells them apart."""

import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any

from ai_bridge.intake import IntakeField
from ai_bridge.runner.normalise.nearby import holds, opening
from ai_bridge.runner.normalise.types import Found, both_ends, longest_first, words

# One group a line: words and short phrases that people use for the same thing.
_GROUPS = """
music, concert, concerts, gig, gigs, live band, recital
sports, sport, sporting, game, games, match, matches, tournament, race
theater, theatre, musical
standard, medium, medium-sized, medium size, mid-size, midsize, intermediate, regular, normal
compact, small, smaller, little, tiny
full-size, full size, large, larger, big, bigger, spacious, roomy
moderate, moderately, reasonable, reasonably, average, mid-range, midrange, medium priced, \
not very costly, not too costly, not too expensive, not very expensive
cheap, inexpensive, cheaper, low-cost, low cost, economical, on a budget, low price, low priced
expensive, pricey, costly, fancy, upscale, high-end, high end, luxurious, luxury
urgent, urgently, emergency, asap, immediately, critical, right away, straight away
not urgent, whenever, no rush, no hurry
morning, mornings, before noon, before lunch, early in the day
afternoon, afternoons, after lunch
evening, evenings, after work
weekend, weekends, saturday, sunday
repair, fix, mend, broken, patch up, leak, leaking, leaky
replacement, replace, swap, new one, brand new
inspection, inspect, survey, look at it, checked over
installation, install, put in, fitted
cleaning, clean, cleaned, wash
checkup, check-up, check up, exam, examination
pain, ache, toothache, hurts, hurting, sore, painful
phone, telephone, call, call me, ring, ring me, mobile, cell
email, e-mail, mail
text, sms, text message, whatsapp
single, unmarried, never married
male, man, boy, gentleman
female, woman, girl, lady
cash, in cash
card, credit card, debit card, visa, mastercard
bank transfer, wire, wire transfer, transfer
monthly, per month, every month, each month, month by month
yearly, annual, annually, per year, every year, once a year
weekly, per week, every week, once a week
daily, per day, every day, each day
house, detached, bungalow, villa, cottage
apartment, flat, condo, condominium
rent, renting, rental, lease, leasing
buy, buying, purchase, purchasing
sell, selling
car, automobile, sedan, auto
truck, lorry, pickup truck
motorcycle, motorbike, scooter
owner, own it, homeowner, i own
tenant, renter, i rent, we rent
billing, bill, invoice, invoiced, charged, overcharged
delivery, shipping, shipped, delivered, parcel
pickup, pick up, pick it up, collect, collection
refund, money back, refunded
beginner, novice, newbie, just starting
theft, stolen, burglary, robbed, break-in
water, flood, flooded, flooding, burst pipe
fire, burned, burnt, smoke
collision, crash, crashed, accident, rear-ended
birthday, bday, b-day
as needed, when needed, when i need it, when it hurts, if needed, as required, occasionally
childcare, nanny, babysitter
vegetarian, veggie, no meat, meatless
outdoor, outside, outdoors, al fresco, alfresco
indoor, inside, indoors
"""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NONE = frozenset({"none", "no", "nothing"})
LONGEST = 4
# More of them say nothing more; a longer text's middle is not looked at.
MAX_FOUND = 40
Phrases = tuple[tuple[str, Any], ...]
# The option is named by a part or a paraphrase and nothing says that the field is meant.
LOOSELY = "paraphrase"


def _lines(text: str) -> list[tuple[str, ...]]:
    return [tuple(item.strip() for item in line.split(",")) for line in text.strip().splitlines()]


_SAME: dict[str, set[str]] = {}
for _group in _lines(_GROUPS.replace("\\\n", "")):
    for _item in _group:
        _SAME.setdefault(_item, set()).update(_group)


def find_paraphrases(field: IntakeField, listed: Phrases, lowered: str) -> list[Found]:
    """Options that the text, in lower case, means without naming them; each way only where it
    means one option. `note` is LOOSELY where no word of the field or its options stands beside.
    """
    if not holds(lowered, _openings(listed)):
        return _none_of_it(field, listed, lowered)
    said, places = _said(lowered)
    table = _meanings(listed)
    found = []
    for index in sorted(chain(*(places[word] for word in places.keys() & _first_words(listed)))):
        start = said[index][0]
        for _, end in said[index : index + LONGEST]:
            if (meant := table.get(lowered[start:end], table)) is not table:
                found.append(Found(start, end, meant))
    if not found:
        return _none_of_it(field, listed, lowered)
    own = f"{field.title} {field.name.replace('_', ' ')} {field.description}"
    cues = _cues(own.lower(), listed)
    beside = [said[index] for word in places if _root(word) in cues for index in places[word]]
    found = [_weighed(item, beside) for item in longest_first(list(both_ends(found, MAX_FOUND)))]
    return longest_first(_none_of_it(field, listed, lowered) + found)


# Several fields with options look at the same text.
@lru_cache(maxsize=2)
def _said(text: str) -> tuple[tuple[tuple[int, int], ...], dict[str, list[int]]]:
    """The places of the words, and which of them are those of each word."""
    places: dict[str, list[int]] = {}
    spans = []
    for index, match in enumerate(_WORD.finditer(text)):
        spans.append(match.span())
        places.setdefault(match.group(), []).append(index)
    return tuple(spans), places


@lru_cache(maxsize=1024)
def _first_words(listed: Phrases) -> frozenset[str]:
    return frozenset(_WORD.findall(said)[0] for said in _meanings(listed))


@lru_cache(maxsize=1024)
def _openings(listed: Phrases) -> frozenset[str]:
    return frozenset(map(opening, _first_words(listed)))


def _weighed(item: Found, cues: list[tuple[int, int]]) -> Found:
    """`cues` are the places of the words of the field and its options."""
    is_cued = any(end <= item.start or start >= item.end for start, end in cues)
    return item if is_cued else replace(item, note=LOOSELY)


def _root(word: str) -> str:
    """`priced` and `price`, `subtitles` and `subtitle` meet."""
    return word[:-1] if word[-1:] in "sd" and len(word) > 4 else word


@lru_cache(maxsize=1024)
def _meanings(listed: Phrases) -> dict[str, Any]:
    """What is said for exactly one option."""
    meant: dict[str, set[Any]] = {}
    known = {phrase for phrase, _ in listed}
    for phrase, option in listed:
        for other in _SAME.get(phrase, ()):
            meant.setdefault(other, set()).add(option)
    for word, options in _telling(listed).items():
        meant.setdefault(word, set()).update(options)
    return {
        said: next(iter(options))
        for said, options in meant.items()
        if len(options) == 1 and said not in known
    }


def _telling(listed: Phrases) -> dict[str, set[Any]]:
    """`kitchen` tells the kitchen speaker from the bedroom speaker."""
    parts = {phrase: _WORD.findall(phrase) for phrase, _ in listed}
    of: dict[str, set[Any]] = {}
    for phrase, option in listed:
        for part in parts[phrase]:
            of.setdefault(part, set()).add(option)
    return {
        part: of[part]
        for phrase, _ in listed
        for part in parts[phrase]
        if len(parts[phrase]) > 1
        and len(part) > 2
        and part not in _SMALL
        and len(of[part]) == 1
        and all(len(of[other]) > 1 for other in parts[phrase] if other != part)
    }


_SMALL = frozenset(
    words(
        "the and for with not new old other any all one two out off per your you more less than "
        "from into same day time need want have just good great best first last next"
    )
)


@lru_cache(maxsize=1024)
def _cues(own: str, listed: Phrases) -> frozenset[str]:
    """Roots of the field's own words, and of those that several of its options share."""
    of = {(part, str(option)) for phrase, option in listed for part in _WORD.findall(phrase)}
    parts = Counter(part for part, _ in of)
    shared = {part for part, count in parts.items() if count > 1}
    words_ = {part for part in (*_WORD.findall(own), *shared) if len(part) > 2}
    return frozenset(_root(part) for part in words_ - _SMALL - _PLAIN)


_PLAIN = frozenset(
    words(
        "type kind sort name number value what which where when how whether should would like "
        "preferred used user want wants are was has have customer visitor"
    )
)


def _none_of_it(field: IntakeField, listed: Phrases, text: str) -> list[Found]:
    """`no subtitles`, where one of the options is none."""
    option = next((option for phrase, option in listed if phrase in _NONE), None)
    own = [word for word in _WORD.findall(field.title.lower()) if len(word) > 2]
    roots = [word.rstrip("s") for word in own]
    if option is None or not any(root in text for root in roots):
        return []
    names = "|".join(map(re.escape, roots))
    pattern = rf"\b(?:no|without(?: any)?|don'?t (?:want|need)(?: any)?) (?:{names})s?\b"
    return [Found(*match.span(), option) for match in re.finditer(pattern, text)][:1]
