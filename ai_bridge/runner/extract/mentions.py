"""Where a message speaks of an item that stands: by its name, its number, or as "the last one"."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ai_bridge.intake.repeats import Repeat, item_path, items_in
from ai_bridge.runner.extract.lexicon import FUNCTION, words_of
from ai_bridge.runner.extract.pieces import key_of
from ai_bridge.runner.normalise.day_words import ORDINALS

_RANKS = {word: rank for word, rank in ORDINALS.items() if rank <= 20}
_ORDINAL = "|".join(sorted(_RANKS, key=len, reverse=True))
MIN_WORD = 3


@dataclass(frozen=True, slots=True)
class Mention:
    index: int
    start: int
    end: int
    is_by_number: bool


@dataclass(frozen=True, slots=True)
class Known:
    """The items of one repeated field that stand, with what each is called."""

    repeat: Repeat
    indexes: tuple[int, ...]
    names: Mapping[int, str]

    @property
    def inside(self) -> str:
        """The path of the naming field inside an item: empty, or `.name`."""
        key = key_of(self.repeat.parts)
        return f".{key.path}" if key.path else ""

    def path(self, index: int) -> str:
        return item_path(self.repeat.path, index)


def known_items(repeat: Repeat, values: Mapping[str, Any]) -> Known:
    known = Known(repeat, items_in(values).get(repeat.path, ()), {})
    names = {index: values.get(known.path(index) + known.inside) for index in known.indexes}
    return Known(repeat, known.indexes, {index: str(name) for index, name in names.items() if name})


def mentions_of(known: Known, text: str) -> list[Mention]:
    """In the order of the text, without overlaps."""
    found = sorted(
        [*_by_name(known, text), *_by_number(known, text)],
        key=lambda item: (item.start, item.start - item.end),
    )
    kept: list[Mention] = []
    for item in found:
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


def _by_name(known: Known, text: str) -> Iterator[Mention]:
    lowered = text.casefold()
    words: dict[str, set[int]] = {}
    for index, name in known.names.items():
        for word in words_of(name):
            words.setdefault(word, set()).add(index)
    for index, name in known.names.items():
        own = [word for word in words_of(name) if words[word] == {index} and _tells(word)]
        for phrase in dict.fromkeys([name.casefold(), *own]):
            # A phrase that is nowhere needs no pattern; some letters grow when folded.
            is_there = phrase in lowered and len(lowered) == len(text)
            places = _phrase(phrase).finditer(lowered) if is_there else ()
            yield from (Mention(index, *match.span(), is_by_number=False) for match in places)


def _tells(word: str) -> bool:
    return len(word) >= MIN_WORD and word not in FUNCTION


@lru_cache(maxsize=1024)
def _phrase(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)")


def _by_number(known: Known, text: str) -> Iterator[Mention]:
    for match in _numbers(known.repeat.noun.lower()).finditer(text):
        said = (match["rank"] or match["number"] or match["bare"]).lower()
        digits = re.match(r"\d+", said)
        rank = int(digits.group()) if digits else _RANKS.get(said, len(known.indexes))
        if 0 < rank <= len(known.indexes):
            yield Mention(known.indexes[rank - 1], *match.span(), is_by_number=True)


@lru_cache(maxsize=256)
def _numbers(noun: str) -> re.Pattern[str]:
    name = re.escape(noun)
    ranked = (
        rf"\b(?:the )?(?P<rank>{_ORDINAL}|last|\d{{1,2}}(?:st|nd|rd|th)) "
        rf"(?:one|item|entry|name|{name})\b"
    )
    numbered = rf"\b(?:{name}|item|number|entry) ?#?(?P<number>\d{{1,2}})\b"
    bare = rf"\bthe (?P<bare>{_ORDINAL}|last)(?= (?:is|should|was|to|from)\b|\W{{0,3}}$)"
    return re.compile(f"{ranked}|{numbered}|{bare}", re.IGNORECASE)
