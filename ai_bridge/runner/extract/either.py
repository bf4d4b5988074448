"""Two options that are named with an `or` between them, and may share their words."""

import re
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake import IntakeField
from ai_bridge.runner.normalise import Found
from ai_bridge.runner.normalise.choices import phrases_of
from ai_bridge.runner.normalise.texts import lower

_OR = re.compile(
    r",?\s?(?:\bor\b|/|\b(?:maybe|perhaps|possibly)\b)"
    r"(?: (?:maybe|perhaps|possibly|even|else|rather)\b){0,2}(?: the)?\s?"
)
# `full or`, `full- or`, before `part time`; `or shower` after `a bath`.
_BEFORE = re.compile(r"(?P<other>[^\W_]+)-?(?:,? or |/)(?:the |an? )?$")
_AFTER = re.compile(r"(?:,? or |/)(?:the |an? )?(?P<other>[^\W_]+)")
_BLANK = re.compile(r"[\s-]+")
REACH = 40


@dataclass(frozen=True, slots=True)
class Either:
    """`text[start:end]` names these two options, in this order."""

    start: int
    end: int
    options: tuple[Any, Any]


def options_either(field: IntakeField, found: list[Found], text: str) -> Either | None:
    """`morning or afternoon`; and `full or part time`, whose halves share a word.

    `found` are all the options that the text names.
    """
    if len(found) == 1:
        return _shared(field, found[0], lower(text))
    if len(found) != 2 or found[0].value == found[1].value:
        return None
    if not _OR.fullmatch(lower(text), found[0].end, found[1].start):
        return None
    return Either(found[0].start, found[1].end, (found[0].value, found[1].value))


def _shared(field: IntakeField, found: Found, text: str) -> Either | None:
    """The other option begins or ends with the words of the one that is named whole."""
    if "or" not in text and "/" not in text:
        return None
    options = dict(phrases_of(field))
    said = _BLANK.split(text[found.start : found.end])
    if before := _BEFORE.search(text, max(0, found.start - REACH), found.start):
        for shared in range(1, len(said)):
            other = options.get(" ".join((before["other"], *said[shared:])), found.value)
            if other != found.value:
                return Either(before.start(), found.end, (other, found.value))
    if after := _AFTER.match(text, found.end):
        for shared in range(1, len(said)):
            other = options.get(" ".join((*said[:shared], after["other"])), found.value)
            if other != found.value:
                return Either(found.start, after.end(), (found.value, other))
    return None
