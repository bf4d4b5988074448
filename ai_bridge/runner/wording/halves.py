"""The question for the rest of an answer: half a date, one of two values, more than a yes."""

import re
from datetime import date

from ai_bridge.contract import Choice
from ai_bridge.intake import IntakeField
from ai_bridge.runner.normalise.part_days import PartDay, is_birth, part_of
from ai_bridge.runner.normalise.types import NAMED, OPEN_END, PART_OF_DAY
from ai_bridge.runner.state import SAID_YES
from ai_bridge.runner.wording.facts import Facts
from ai_bridge.runner.wording.refusals import options
from ai_bridge.runner.wording.spoken import join_words

_NO_TIME, _NO_DAY = "the time is missing: ", "the day is missing: "
_HALVES = (NAMED, PART_OF_DAY, OPEN_END, _NO_TIME, _NO_DAY)
# What a yes leaves to be said, by kind; of other kinds by the question's own words.
_REST = {
    "date": "which day?",
    "datetime": "which day, and at what time?",
    "time": "at what time?",
    "duration": "how long?",
    "money": "how much?",
    "address": "what is the address?",
    "email": "what is the address?",
    "url": "what is the address?",
    "phone": "what is the number?",
    "name": "what is the name?",
}
_COUNTS = re.compile(r"\bhow many\b", re.IGNORECASE)
_WHERE = re.compile(r"^\W*where\b", re.IGNORECASE)
_THING = re.compile(r"\b(?:what'?s|which|number|name|code|called)\b", re.IGNORECASE)


def rest_of_question(field: IntakeField, facts: Facts) -> str:
    """What is still to be said, where half of the answer stands already; empty where none does."""
    doubt = facts.control["doubt"]
    if doubt is None or doubt["path"] != field.path:
        return ""
    reason = doubt["reason"]
    if reason == SAID_YES:
        return f"All right, {_more_than_yes(field)}"
    if part := part_of(reason):
        return _rest_of_day(field, part)
    if reason.startswith(NAMED):
        return _one_of(_both(reason))
    if reason.startswith(_NO_TIME):
        day, _, when = reason.removeprefix(_NO_TIME).partition(" ")
        return f"At what time on {spoken_day(day, facts)} {when}".rstrip() + "?"
    if reason.startswith(_NO_DAY):
        return "And on which day?"
    if reason.startswith(PART_OF_DAY):
        return _rest_of_hour(reason.removeprefix(PART_OF_DAY))
    if reason == OPEN_END:
        return "About how many hours is that?"
    return ""


def is_half(reason: str) -> bool:
    """Whether the question for the rest says all there is to say of this refusal."""
    return part_of(reason) is not None or reason.startswith(_HALVES)


def both_of(field: IntakeField, facts: Facts) -> tuple[Choice, ...]:
    """A button for each of the values that were named."""
    doubt = facts.control["doubt"]
    if doubt is None or doubt["path"] != field.path or not doubt["reason"].startswith(NAMED):
        return ()
    return tuple(Choice(value=said, label=said) for said in _both(doubt["reason"]))


def _both(reason: str) -> list[str]:
    return reason.removeprefix(NAMED).split(", ")


def spoken_day(iso: str, facts: Facts) -> str:
    day = date.fromisoformat(iso)
    return f"{day:%A} {day.day} {day:%B}"


def _one_of(named: list[str]) -> str:
    both = join_words(named, "or")
    is_one_hour = len({said.partition(" in the ")[0] for said in named}) < len(named)
    return f"Is that {both}?" if is_one_hour else f"Which one shall I note, {both}?"


def _rest_of_hour(when: str) -> str:
    if when in ("early", "late"):
        return f"How {when}: around what hour?"
    return f"Around what hour {when}?"


def _rest_of_day(field: IntakeField, part: PartDay) -> str:
    month = f"{date(2000, part.month, 1):%B}" if part.month else ""
    if part.day and month:
        return f"{part.day} {month} of which year?"
    if month:
        which = f"Which day in {month}{f' {part.year}' if part.year else ''}"
        return f"{which}, and in which year?" if is_birth(field) and not part.year else f"{which}?"
    return f"Which day and month in {part.year}?" if part.year else "In which month?"


def _more_than_yes(field: IntakeField) -> str:
    if field.options:
        which = "which ones" if field.kind == "choices" else "which one"
        return f"{which}: {options(field)}?"
    if field.kind in ("integer", "number"):
        return "how many?" if _COUNTS.search(field.ask) else "what is the number?"
    if field.kind == "text" and _WHERE.match(field.ask):
        return "where?"
    is_thing = _THING.search(f"{field.ask} {field.title}")
    return _REST.get(field.kind) or ("what is it?" if is_thing else "please go ahead.")
