"""Typed findings in a message, each with the words around it."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial

from ai_bridge.runner.extract.lexicon import Roots, roots_in
from ai_bridge.runner.normalise import Context, Found
from ai_bridge.runner.normalise.contacts import find_emails, find_phones, find_urls
from ai_bridge.runner.normalise.dates import find_dates
from ai_bridge.runner.normalise.durations import find_durations
from ai_bridge.runner.normalise.money import find_money
from ai_bridge.runner.normalise.streets import find_streets
from ai_bridge.runner.normalise.texts import lower, words_in
from ai_bridge.runner.normalise.times import find_times
from ai_bridge.runner.normalise.types import both_ends

BEFORE, AFTER = 7, 4
# Of more than so many of one kind, the first half and the last are looked at: whoever pastes a
# long list says what is meant before it or after it.
MAX_CLAIMED = 40
_STOP = re.compile(r"[.!?;\n]")
_CUT = re.compile(r"[.!?;,:]")
Words = tuple[tuple[int, int, str], ...]


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
class Typed:
    """What is typed in a message, and the places of its characters."""

    findings: list[Finding] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)


@dataclass
class Message:
    """A message with its words and its typed findings, each found once.

    `roots` holds the places of the words of each root.
    """

    text: str
    families: frozenset[str]
    context: Context
    words: Words
    roots: Roots

    @cached_property
    def _typed(self) -> Typed:
        # When it is needed first: a part of a list often tells enough with its words.
        return _find_typed(self)

    @cached_property
    def findings(self) -> list[Finding]:
        return self._typed.findings

    @cached_property
    def taken(self) -> set[int]:
        return self._typed.taken

    def following(self, finding: Finding, reach: int) -> list[Finding]:
        """Those of its family that begin behind it, no further away than this."""
        known = self._in_order[finding.family]
        first = bisect_right(known, finding.found.end, key=_start)
        return known[first : bisect_left(known, finding.found.end + reach, key=_start)]

    @cached_property
    def _in_order(self) -> dict[str, list[Finding]]:
        families: dict[str, list[Finding]] = {}
        for item in sorted(self.findings, key=_start):
            families.setdefault(item.family, []).append(item)
        return families

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


def _start(finding: Finding) -> int:
    return finding.found.start


def read_words(text: str, families: frozenset[str], context: Context) -> Message:
    return Message(text, families, context, words_in(lower(text)), roots_in(text))


def _find_typed(message: Message) -> Typed:
    """Surer families take their characters first."""
    text, families, context = message.text, message.families, message.context
    typed = Typed()
    claim = partial(_claim, message, typed)
    claim("email", _emails(text))
    claim("url", _urls(text) if "url" in families else [])
    claim("street", _streets(text) if "street" in families else [])
    claim("phone", _phones(text, context) if "phone" in families else [])
    claim("date", _dates(text, families, context))
    if "datetime" in families:
        for item in typed.findings:
            if item.family == "date":
                typed.taken.difference_update(item.span)
    timed = bool(families & {"time", "datetime"})
    claim("time", _times(text, bare=timed, now=context.now if timed else None))
    if "duration" in families:
        claim("duration", _durations(text))
    amounts = _money(text, context.region, whole_groups="part of group" not in families)
    claim("money", [item for item in amounts if item.unit])
    bare = [Found(i.start, i.end, i.value, i.note) for i in amounts if not i.unit]
    claim("number", bare)
    return typed


# A message is read again when its first value makes room for more.
_emails = lru_cache(maxsize=2)(find_emails)
_urls = lru_cache(maxsize=2)(find_urls)
_streets = lru_cache(maxsize=2)(find_streets)
_phones = lru_cache(maxsize=2)(find_phones)
_days = lru_cache(maxsize=2)(find_dates)
_times = lru_cache(maxsize=2)(find_times)
_durations = lru_cache(maxsize=2)(find_durations)
_money = lru_cache(maxsize=2)(find_money)


_SLASHED = re.compile(r"\d{1,2}/\d{1,2}")


def _dates(text: str, families: frozenset[str], context: Context) -> list[Found]:
    """`3/4` is three quarters where no day is wanted."""
    found = _days(text, context)
    if families & {"date", "datetime", "date_range"}:
        return found
    return [item for item in found if not _SLASHED.fullmatch(text, item.start, item.end)]


def _untaken(text: str, taken: set[int], item: Found) -> Found:
    """`8:00 tonight` is a time and a day: each keeps its own words."""
    start, end = item.start, item.end
    while end > start and (end - 1 in taken or text[end - 1].isspace()):
        end -= 1
    while start < end and (start in taken or text[start].isspace()):
        start += 1
    return replace(item, start=start, end=end)


def _claim(message: Message, typed: Typed, family: str, found: list[Found]) -> None:
    for item in both_ends(found, MAX_CLAIMED):
        item = _untaken(message.text, typed.taken, item)
        if item.start < item.end and typed.taken.isdisjoint(range(item.start, item.end)):
            typed.taken.update(range(item.start, item.end))
            typed.findings.append(Finding(family, item, *message.around(item.start, item.end)))
