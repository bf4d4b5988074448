"""Why a value could not be taken, what is wrong with it and how to say it so that it can."""

import re
from datetime import date

from ai_bridge.contract import Operation
from ai_bridge.intake import IntakeField
from ai_bridge.runner.extract.operations import tells_otherwise
from ai_bridge.runner.normalise.typed import currencies
from ai_bridge.runner.wording.spoken import join_words, label_of, title_of

_REASONS = {
    "past": "Sorry, {said} is in the past. Please give a later day.",
    "future": "Sorry, {said} is in the future. Please give an earlier day.",
    "no one day": "To me {said} leaves several days open. Which one shall I note?",
    "neither yes nor no": "Please answer yes or no.",
    "too large": "Sorry, {said} is too large a number. Please give a smaller one.",
    "quote_not_found": "I could not find {title} in your message. Please write it once more.",
    "which currency": "In which currency is {said}? Please write the amount with it.",
    "unknown field": "That is not one of the things I ask for.",
}


_NOT = {
    "not valid": "I can't take that value.",
    "not one of the options": "I can't take that value.",
    "not agreed": "I need your agreement to go on.",
    "not in the form asked for": "That is not in the form I need.",
}
_LIMIT = re.compile(r"(?P<side>before|after) (?P<day>\d{4}-\d{2}-\d{2})")
_OF_LISTS = {
    "already there": "I have {said} already.",
    "not in the list": "I do not have {said} in the {title}.",
}
_FULL = re.compile(r"more than (?P<count>\d+) items")
_BOUND = re.compile(r"(?:less|more|shorter|longer|fewer) than")
MAX_QUOTED = 60


def refusal(field: IntakeField | None, operation: Operation) -> str:
    """One or two sentences for the visitor; `reason` alone decides which.

    None begins with the quoted words: their script would give the whole reply its direction.
    """
    said = f"“{_shortened(operation.quote)}”" if operation.quote else "that"
    if field is None:
        return _REASONS["unknown field"]
    title = title_of(field)
    reason = operation.reason
    if reason in _OF_LISTS:
        return _OF_LISTS[reason].format(said=said, title=title)
    if most := _FULL.fullmatch(reason):
        return f"I can take at most {most['count']} {title}."
    if reason.startswith("ambiguous"):
        what = reason.removeprefix("ambiguous").strip() or said
        return f"I can read {what} in more than one way. {_plainly(field)}"
    if reason.startswith("not one of the options") and field.options:
        said = "that" if tells_otherwise(field, operation) else said
        return f"I could not match {said} to one of these: {options(field)}."
    if reason.startswith("not "):
        return _is_not(field, operation, said)
    if limit := _LIMIT.fullmatch(reason):
        day = date.fromisoformat(limit["day"])
        end = "earliest" if limit["side"] == "before" else "latest"
        return f"Sorry, {said} does not fit: the {end} day is {day.day} {day:%B} {day.year}."
    if _BOUND.match(reason):
        return f"Sorry, {said} is {reason}, which I can't take here."
    template = _REASONS.get(reason)
    if template:
        return template.format(said=said, title=f"your {title}")
    return f"I could not take {said} as your {title}: {reason.rstrip('.')}."


def _is_not(field: IntakeField, operation: Operation, said: str) -> str:
    """With what the template says about the form, where that is what was wrong."""
    reason = operation.reason
    if field.kind == "money" and reason == "not one of the options":
        return f"Sorry, I can only take an amount in {join_words([*currencies(field)], 'or')}."
    if tells_otherwise(field, operation):
        # Nobody takes a whole sentence for a phone number: it is not thrown back at its writer.
        return f"For now I am only asking for {reason.removeprefix('not ')}."
    told = _NOT.get(
        reason, f"Sorry, {said} does not look like {reason.removeprefix('not ')} to me."
    )
    return f"{told} {field.help}".strip() if reason == "not in the form asked for" else told


def _shortened(quote: str) -> str:
    return quote if len(quote) <= MAX_QUOTED else f"{quote[:MAX_QUOTED].rstrip()}…"


def options(field: IntakeField) -> str:
    """The options in words, as many as one can read at a glance."""
    names = [label_of(field, option) or str(option) for option in field.options]
    if len(names) > 8:
        return f"{', '.join(names[:8])} and {len(names) - 8} more"
    return join_words(names, "or")


def _plainly(field: IntakeField) -> str:
    if field.kind in ("date", "datetime"):
        return "Please write the month as a word, such as 4 March."
    if field.kind == "time":
        return "Please say whether it is morning or afternoon."
    return "Please say it in other words."
