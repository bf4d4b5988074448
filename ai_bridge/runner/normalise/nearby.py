"""Where in a long text a pattern is worth trying: around the words that it cannot do without."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, pairwise

# A shorter text is looked at as a whole.
LONG = 300
# The cue of every numeral.
DIGITS = "#"
# Nothing that is looked for is longer, so that no end of a window cuts one in two.
BEFORE, AFTER = 70, 100
_CUE = re.compile(r"[^\W\d_]+|\d+")
Windows = tuple[tuple[int, int], ...]


def near(text: str, cues: frozenset[str], *, with_edges: bool = False) -> Windows:
    """The parts of a text in lower case that lie around any of these words, apart from each other;
    and its beginning and end, when they are wanted.
    """
    if len(text) <= LONG:
        return ((0, len(text)),)
    return _around(text, cues, with_edges)


@lru_cache(maxsize=64)
def _around(text: str, cues: frozenset[str], with_edges: bool) -> Windows:
    places = _places(text)
    found = sorted(chain.from_iterable(places[cue] for cue in cues & places.keys()))
    if with_edges:
        found = [0, *found, len(text)]
    windows: list[tuple[int, int]] = []
    for first, place in pairwise([-len(text), *found]):
        if place - first > BEFORE + AFTER:
            windows.append((place - BEFORE, place + AFTER))
        else:
            windows[-1] = windows[-1][0], place + AFTER
    return tuple(_whole_words(text, *window) for window in windows)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Half a word could be taken for another one."""
    start, end = max(0, start), min(len(text), end)
    while start and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def matches(pattern: re.Pattern[str], text: str, windows: Windows) -> Iterator[re.Match[str]]:
    for start, end in windows:
        yield from pattern.finditer(text, start, end)


def first_match(pattern: re.Pattern[str], text: str, windows: Windows) -> re.Match[str] | None:
    return next(matches(pattern, text, windows), None)


def cues_of(phrases: Iterable[str]) -> frozenset[str]:
    """One word of each phrase, the longest: where it does not stand the phrase does not."""
    return frozenset(max(_CUE.findall(phrase), key=len) for phrase in phrases)


@lru_cache(maxsize=4)
def _places(text: str) -> dict[str, list[int]]:
    """Where each word begins. A message is looked at many times in a row, hence the caches."""
    places: dict[str, list[int]] = {}
    for match in _CUE.finditer(text):
        word = match.group()
        places.setdefault(DIGITS if word[0].isdecimal() else word, []).append(match.start())
    return places
