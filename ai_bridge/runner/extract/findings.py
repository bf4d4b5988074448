"""Typed findings in a message, each with the words around it."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ai_bridge.runner.extract.lexicon import WORD, stem
from ai_bridge.runner.normalise import Context, Found
from ai_bridge.runner.normalise.contacts import find_emails, find_phones, find_urls
from ai_bridge.runner.normalise.dates import find_dates
from ai_bridge.runner.normalise.durations import find_durations
from ai_bridge.runner.normalise.money import find_money
from ai_bridge.runner.normalise.streets import find_streets
from ai_bridge.runner.normalise.times import find_times
from ai_bridge.runner.normalise.types import both_ends

BEFORE, AFTER = 7, 4
# Of more than so many of one kind, the first half and the last are looked at: whoever pastes a
# long list says what is meant before it or after it.
MAX_CLAIMED = 40
_STOP = re.compile(r"[.!?;\n]")
_CUT = re.compile(r"[.!?;,:]")
Words = tuple[tuple[int, int, str], ...]
Roots = Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a field of this family could take. Words are in lower case, nearest first."""

    family: str
    found: Found
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def span(self) -> range:
        return range(self.found.start, self.found.end)


@dataclass(slots=True)
class Message:
    """A message with its words and its typed findings, each found once.

    `roots` holds the places of the words of each root.
    """

    text: str
    families: frozenset[str]
    context: Context
    words: Words
    roots: Roots
    findings: list[Finding] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def around(self, start: int, end: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words before (nearest first) and after, within the sentence."""
        before: list[str] = []
        after: list[str] = []
        edge = start
        here = bisect_left(self.words, (start, -1, ""))
        for first, last, word in reversed(self.words[max(0, here - BEFORE - 1) : here]):
            if last > start:
                continue
            gap = self.text[last:edge]
            if len(before) >= BEFORE or (gap != " " and _STOP.search(gap)):
                break
            before.append(word)
            edge = first
        edge = end
        there = bisect_left(self.words, (end, -1, ""))
        for first, last, word in self.words[there : there + AFTER]:
            gap = self.text[edge:first]
            if len(after) >= AFTER or (gap != " " and _CUT.search(gap)):
                break
            after.append(word)
            edge = last
        return tuple(before), tuple(after)


def read_findings(text: str, families: frozenset[str], context: Context) -> Message:
    """What is typed in the text; surer families take their characters first."""
    words, roots = _words(text)
    message = Message(text, families, context, words, roots)
    _claim(message, "email", _emails(text))
    _claim(message, "url", _urls(text) if "url" in families else [])
    _claim(message, "street", _streets(text) if "street" in families else [])
    _claim(message, "phone", _phones(text, context) if "phone" in families else [])
    _claim(message, "date", _dates(text, families, context))
    if "datetime" in families:
        for item in message.findings:
            if item.family == "date":
                message.taken.difference_update(item.span)
    timed = bool(families & {"time", "datetime"})
    _claim(message, "time", _times(text, bare=timed, now=context.now if timed else None))
    if "duration" in families:
        _claim(message, "duration", _durations(text))
    amounts = _money(text, context.region, whole_groups="part of group" not in families)
    _claim(message, "money", [item for item in amounts if item.unit])
    bare = [Found(i.start, i.end, i.value, i.note) for i in amounts if not i.unit]
    _claim(message, "number", bare)
    return message


# A message is read again when its first value makes room for more.
_emails = lru_cache(maxsize=2)(find_emails)
_urls = lru_cache(maxsize=2)(find_urls)
_streets = lru_cache(maxsize=2)(find_streets)
_phones = lru_cache(maxsize=2)(find_phones)
_days = lru_cache(maxsize=2)(find_dates)
_times = lru_cache(maxsize=2)(find_times)
_durations = lru_cache(maxsize=2)(find_durations)
_money = lru_cache(maxsize=2)(find_money)


@lru_cache(maxsize=2)
def _words(text: str) -> tuple[Words, Roots]:
    words = tuple((*match.span(), match.group().lower()) for match in WORD.finditer(text))
    roots: dict[str, list[tuple[int, int]]] = {}
    for start, end, word in words:
        roots.setdefault(stem(word), []).append((start, end))
    return words, roots


_SLASHED = re.compile(r"\d{1,2}/\d{1,2}")


def _dates(text: str, families: frozenset[str], context: Context) -> list[Found]:
    """`3/4` is three quarters where no day is wanted."""
    found = _days(text, context)
    if families & {"date", "datetime", "date_range"}:
        return found
    return [item for item in found if not _SLASHED.fullmatch(text, item.start, item.end)]


def _untaken(message: Message, item: Found) -> Found:
    """`8:00 tonight` is a time and a day: each keeps its own words."""
    start, end = item.start, item.end
    while end > start and (end - 1 in message.taken or message.text[end - 1].isspace()):
        end -= 1
    while start < end and (start in message.taken or message.text[start].isspace()):
        start += 1
    return replace(item, start=start, end=end)


def _claim(message: Message, family: str, found: list[Found]) -> None:
    for item in both_ends(found, MAX_CLAIMED):
        item = _untaken(message, item)
        if item.start < item.end and message.taken.isdisjoint(range(item.start, item.end)):
            message.taken.update(range(item.start, item.end))
            message.findings.append(Finding(family, item, *message.around(item.start, item.end)))
