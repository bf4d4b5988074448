"""Both ends of a range from one phrase, and the one end that was still open."""

import re
from dataclasses import replace
from datetime import date, timedelta

from ai_bridge.contract import Operation
from ai_bridge.intake import IntakeField
from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.items import stated
from ai_bridge.runner.extract.lexicon import roots_in, stem, words_of
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.types import Utterance
from ai_bridge.runner.normalise import Context, Found, Refusal, Value
from ai_bridge.runner.normalise.dates import find_dates
from ai_bridge.runner.normalise.day_patterns import COUNT, count_of
from ai_bridge.runner.normalise.ranges import Range, read_range
from ai_bridge.runner.normalise.texts import lower
from ai_bridge.runner.normalise.typed import settle

_LENGTH = re.compile(
    rf"\b(?:for |lasting )?(?:another )?(?P<count>{COUNT}) (?P<unit>nights?|days?|weeks?)\b"
    r"(?! (?:ago|from|before|later|earlier|in advance)\b)"
)
# A last day said without its month is not further off than this; else it was said wrongly.
MAX_DAYS = 62
_DAYS = {"night": 1, "day": 1, "week": 7}


def read_ranges(utterance: Utterance, live: frozenset[str]) -> list[Operation]:
    """Operations on the ends of the range that a phrase of two days, or of a length, tells."""
    starts = [
        field
        for field in utterance.intake.fields
        if field.range_end == "start" and field.path in live and not field.hidden
    ]
    start = _meant(starts, utterance)
    if start is None:
        return []
    end = utterance.intake.by_path[start.partner]
    if length := _length(utterance, start, end):
        return length
    found = read_range(utterance.text, utterance.now, utterance.region)
    if isinstance(found, Range):
        return [*_state(start, found.start, utterance), *_state(end, found.end, utterance)]
    return []


def _meant(starts: list[IntakeField], utterance: Utterance) -> IntakeField | None:
    """The range that is asked about, else the one named in the message, else the only one."""
    for field in starts:
        if utterance.asking in (field.path, field.partner):
            return field
    said = roots_in(utterance.text).keys()
    named = [field for field in starts if said & {stem(w) for w in words_of(field.range_title)}]
    if len(named) == 1:
        return named[0]
    return starts[0] if len(starts) == 1 else None


def _state(field: IntakeField, found: Found, utterance: Utterance) -> list[Operation]:
    result = settle(field, found, Context(utterance.now, utterance.locale, utterance.region))
    standing, place = utterance.values.get(field.path), (found.start, found.end)
    if isinstance(result, Refusal):
        refused = stated("set", field.path, None, utterance.text, place)
        return [refused.model_copy(update={"accepted": False, "reason": result.reason})]
    if standing == result.value:
        return []
    op = "set" if standing is None else "correct"
    return [stated(op, field.path, result.value, utterance.text, place)]


def _length(utterance: Utterance, start: IntakeField, end: IntakeField) -> list[Operation]:
    """`four nights` is an answer to the question for the last day, and to no other."""
    known = utterance.values.get(start.path)
    is_meant = utterance.asking == end.path or (
        utterance.confirming and end.path in utterance.values
    )
    if known is None or not is_meant:
        return []
    context = Context(utterance.now, utterance.locale, utterance.region)
    length = _LENGTH.search(lower(utterance.text))
    if length is None or find_dates(utterance.text, context):
        return []
    unit = length["unit"].removesuffix("s")
    # Nights end on the morning after; of days the first one counts.
    days = count_of(length["count"]) * _DAYS[unit] - (unit == "day")
    last = date.fromisoformat(known) + timedelta(days=max(days, 0))
    return _state(end, Found(*length.span(), last), utterance)


def after_the_first(reading: Reading, chosen: list[Proposal]) -> list[Proposal]:
    """`until the 7th`, of a stay that begins on 3 June, is 7 June."""
    return [
        _later(reading, item) if item.profile.field.range_end == "end" else item for item in chosen
    ]


def _later(reading: Reading, item: Proposal) -> Proposal:
    field = item.profile.field
    first = reading.utterance.values.get(field.partner)
    if first is None or (isinstance(item.result, Value) and item.result.value >= first):
        return item
    day = date.fromisoformat(first)
    # Read as if it had been said on the first day.
    now = reading.context.now.replace(year=day.year, month=day.month, day=day.day)
    later = find_dates(reading.text[item.start : item.end], replace(reading.context, now=now))
    if not later or isinstance(later[0].value, Refusal):
        return item
    if not 0 <= (later[0].value - day).days <= MAX_DAYS:
        return item
    found = Found(item.start, item.end, later[0].value)
    return replace(item, result=settle(field, found, reading.context))
