"""Typed findings in a message, each with the words around it."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace

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
_CUT = re.compile(r"[.!?;,:]")


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
    findings: list[Finding] = field(default_factory=list)
    words: list[tuple[int, int, str]] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    roots: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

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
            if len(before) >= BEFORE or any(mark in gap for mark in ".!?;\n"):
                break
            before.append(word)
            edge = first
        edge = end
        there = bisect_left(self.words, (end, -1, ""))
        for first, last, word in self.words[there : there + AFTER]:
            gap = self.text[edge:first]
            if len(after) >= AFTER or _CUT.search(gap):
                break
            after.append(word)
            edge = last
        return tuple(before), tuple(after)


def read_findings(text: str, families: frozenset[str], context: Context) -> Message:
    """What is typed in the text; surer families take their characters first."""
    message = Message(text, families, context)
    message.words = [
        (match.start(), match.end(), match.group().lower()) for match in WORD.finditer(text)
    ]
    for start, end, word in message.words:
        message.roots.setdefault(stem(word), []).append((start, end))
    _claim(message, "email", find_emails(text))
    _claim(message, "url", find_urls(text) if "url" in families else [])
    _claim(message, "street", find_streets(text) if "street" in families else [])
    _claim(message, "phone", find_phones(text, context) if "phone" in families else [])
    _claim(message, "date", _dates(text, families, context))
    if "datetime" in families:
        for item in message.findings:
            if item.family == "date":
                message.taken.difference_update(item.span)
    timed = bool(families & {"time", "datetime"})
    _claim(message, "time", find_times(text, bare=timed, now=context.now if timed else None))
    if "duration" in families:
        _claim(message, "duration", find_durations(text))
    amounts = find_money(text, context.region, whole_groups="part of group" not in families)
    _claim(message, "money", [item for item in amounts if item.unit])
    bare = [Found(i.start, i.end, i.value, i.note) for i in amounts if not i.unit]
    _claim(message, "number", bare)
    return message


_SLASHED = re.compile(r"\d{1,2}/\d{1,2}")


def _dates(text: str, families: frozenset[str], context: Context) -> list[Found]:
    """`3/4` is three quarters where no day is wanted."""
    found = find_dates(text, context)
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
