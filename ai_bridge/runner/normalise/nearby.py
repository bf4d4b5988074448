"""Where in a long text a pattern is worth trying: around the words that it cannot do without."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from ai_bridge.runner.normalise.types import both_ends

# A shorter text is looked at as a whole.
LONG = 300
# The cue of every numeral, and of one that a mark joins to the next: `3/4`.
DIGITS, JOINED = "#", "#/#"
_MARKS = frozenset("/.-")
# How far before a cue and after it. Nothing that is looked for is longer, so that no end of a
# window cuts one in two.
Reach = tuple[int, int]
FAR: Reach = (70, 100)
LONGEST_WORD = 50
_CUE = re.compile(r"[^\W\d_]+|\d+")
# Of more places than these the first half and the last are looked at: a table of so many numerals
# holds what was asked for before it or after it, as with MAX_CLAIMED findings.
MAX_PLACES = 400

Windows = tuple[tuple[int, int], ...]


def near(
    text: str, cues: frozenset[str], *, reach: Reach = FAR, with_edges: bool = False
) -> Windows:
    """The parts of a text in lower case that lie around any of these words, apart from each other;
    and its beginning and end, when they are wanted.
    """
    if len(text) <= LONG:
        is_there = with_edges or holds(text, cues)
        return ((0, len(text)),) if is_there else ()
    return _around(text, cues, reach, with_edges)


def holds(text: str, cues: frozenset[str]) -> bool:
    """Whether one of these words is in a text in lower case."""
    return not _places(text).keys().isdisjoint(cues)


@lru_cache(maxsize=64)
def _around(text: str, cues: frozenset[str], reach: Reach, with_edges: bool) -> Windows:
    before, after = reach
    found = both_ends(starts_of(text, cues), MAX_PLACES)
    if with_edges:
        found = (0, *found, len(text))
    windows: list[tuple[int, int]] = []
    for first, place in pairwise([-len(text), *found]):
        if place - first > before + after:
            windows.append((place - before, place + after))
        else:
            windows[-1] = windows[-1][0], place + after
    return tuple(_whole_words(text, *window) for window in windows)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Half a word could be taken for another one."""
    start, end = max(0, start), min(len(text), end)
    first, last = max(0, start - LONGEST_WORD), min(len(text), end + LONGEST_WORD)
    while start > first and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < last and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def matches(pattern: re.Pattern[str], text: str, windows: Windows) -> Iterator[re.Match[str]]:
    for start, end in windows:
        yield from pattern.finditer(text, start, end)


def within(starts: Sequence[int], windows: Windows) -> Iterator[int]:
    """Those of the places, in the order of the text, that lie in a window."""
    for start, end in windows:
        yield from starts[bisect_left(starts, start) : bisect_left(starts, end)]


def begun(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """Matches that begin at one of these places, apart from each other."""
    end = 0
    for start in starts:
        if start >= end and (match := pattern.match(text, start)):
            end = match.end()
            yield match


@lru_cache(maxsize=64)
def starts_of(text: str, cues: frozenset[str]) -> tuple[int, ...]:
    """Where these words begin in a text in lower case. A pattern that can begin with nothing else
    is tried there alone, which costs far less than trying it at every character around them.
    """
    places = _places(text)
    found = sorted(chain.from_iterable(places[cue] for cue in cues & places.keys()))
    return tuple(found)


def first_match(pattern: re.Pattern[str], text: str, windows: Windows) -> re.Match[str] | None:
    return next(matches(pattern, text, windows), None)


def cues_of(phrases: Iterable[str]) -> frozenset[str]:
    """One word of each phrase, the longest: where it does not stand the phrase does not."""
    return frozenset(max(_CUE.findall(phrase), key=len) for phrase in phrases)


def opening(phrase: str) -> str:
    """The cue of the first word of a phrase in lower case; empty where it has none."""
    first = _CUE.search(phrase)
    if first is None:
        return ""
    return DIGITS if first.group().isdecimal() else first.group()


@lru_cache(maxsize=4)
def _places(text: str) -> dict[str, list[int]]:
    """Where each word begins. A message is looked at many times in a row, hence the caches."""
    places: dict[str, list[int]] = {}
    for match in _CUE.finditer(text):
        word = match.group()
        if word[0].isdecimal():
            end = match.end()
            if text[end : end + 1] in _MARKS and text[end + 1 : end + 2].isdecimal():
                places.setdefault(JOINED, []).append(match.start())
            word = DIGITS
        places.setdefault(word, []).append(match.start())
    return places
