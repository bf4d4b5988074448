"""Each act in words. What is said is decided by the plan; only how it is said is decided here."""

import re
from collections.abc import Callable

from ai_bridge.intake import IntakeField
from ai_bridge.intake.repeats import item_path
from ai_bridge.runner.extract.naming import is_clause
from ai_bridge.runner.extract.operations import HAS_NO_OPTION
from ai_bridge.runner.normalise.types import NAMED
from ai_bridge.runner.turn import Act, ActKind
from ai_bridge.runner.wording.acknowledging import acknowledge, let_go
from ai_bridge.runner.wording.facts import Facts, field_of
from ai_bridge.runner.wording.halves import is_half, rest_of_question
from ai_bridge.runner.wording.questions import example, question
from ai_bridge.runner.wording.refusals import options, refusal
from ai_bridge.runner.wording.repeating import (
    indexes,
    item_question,
    label_of_item,
    list_question,
    summary_lines,
)
from ai_bridge.runner.wording.spoken import full_title, join_words, sentence_case, title_of

_PLACEHOLDER = re.compile(r"\s*\{([\w.]+)\}")
_FIXED: dict[ActKind, str] = {
    "identified": "I'm an automated assistant. You can ask for a person at any time.",
    "confirm_leaving": "Shall I stop here? What you told me so far will not be sent.",
    "fresh_start": "All right, let's start again.",
    "offer_skip": "If you would rather not say, you can skip it.",
    "offer_person": "Or would you like to talk to a person?",
    "already_completed": "Everything is in place, thank you. There is nothing more to fill in.",
    "cancelled": "All right, I have stopped here. You can start a new chat at any time.",
    "limits": "We have reached the end of what I can do in one chat. "
    "What you told me so far is kept.",
}
# Said in the words of the template's tone.
_TONED = frozenset({"greeted", "thanked", "declined", "unanswered", "change_what"})
_HANDOFF = {
    "asked": "Of course. A person will take over from here; what you told me so far is kept.",
    "incomplete": "I can't finish this alone. A person will take over from here.",
    "stuck": "I am sorry, I can't go on without this. A person will take over from here.",
}

_MOODS = {"upset": "I'm sorry about that.", "asked_how": "I'm fine, thank you."}
# Where the template gives no reason; the second where the question may be passed over.
_REASON = ("The team needs it to help you.", "It helps the team; you can skip it if you like.")
# Why a required answer is still wanted of who does not care or does not know.
_WANTED = {
    "dont_care": "The choice is yours, but I need one to go on.",
    "dont_know": "That's all right, a best guess will do.",
}

_GUESSED = frozenset(
    {"date", "time", "datetime", "integer", "number", "money", "duration", "choice"}
)
_CHOSEN = _GUESSED | {"choices"}

# Said while a person is on the way: kindly, and not the same sentence each time.
_WAITING = (
    "A person will read this and answer you here.",
    "The person who takes over will see that too.",
    "Somebody from the team will come back to you on this.",
)
_PASSED_ON = (
    "I have added it for the person who takes over.",
    "The team will see that too.",
    "It is with the rest for the team.",
)


def lines(acts: tuple[Act, ...], facts: Facts) -> list[str]:
    """The reply's sentences in order; each is sent on as soon as it stands."""
    noted = [act for act in acts if act.kind == "noted"]
    dropped = [act for act in acts if act.kind == "dropped"]
    said = [line for line in (acknowledge(noted, facts), let_go(dropped, facts)) if line]
    for act in acts:
        if act.kind not in ("noted", "dropped") and (line := _line(act, facts)):
            said.append(line)
    return said


def _line(act: Act, facts: Facts) -> str:
    special = _SPECIAL.get(act.kind)
    if special:
        return special(act, facts)
    return facts.line(act.kind) if act.kind in _TONED else _FIXED[act.kind]


def _asked(act: Act, facts: Facts) -> str:
    field = field_of(act, facts)
    if rest := rest_of_question(field, facts):
        return rest
    repeat = facts.intake.repeats.get(act.path)
    if repeat is not None and (act.miss == 0 or not field.reprompts):
        said = list_question(repeat, facts)
        is_miss = act.miss > 0 and act.detail != "explained"
        return f"{facts.line('not_understood')} {said}" if is_miss else said
    said = question(field, act.miss, facts, is_explained=act.detail == "explained")
    return item_question(field, said, facts) if field.item and act.miss == 0 else said


def _refused(act: Act, facts: Facts) -> str:
    if act.operation is None or _is_asked_for_rest(act, facts):
        return ""
    if act.operation.source == "rule" and act.operation.reason.startswith(NAMED):
        # Nothing is noted of it yet: it is asked for when its turn comes.
        return ""
    return refusal(facts.intake.field(act.path), act.operation)


def _is_asked_for_rest(act: Act, facts: Facts) -> bool:
    is_asked = act.path == facts.control["asked"]
    return is_asked and act.operation is not None and is_half(act.operation.reason)


def _small_talk(act: Act, facts: Facts) -> str:
    return _MOODS.get(act.detail) or facts.line("heard")


def _needed(act: Act, facts: Facts) -> str:
    field = field_of(act, facts)
    repeat = facts.intake.repeats.get(act.path)
    if repeat is not None:
        least = max(1, repeat.least)
        one = repeat.noun.lower() if least == 1 else title_of(field)
        return f"I need at least {least} {one} to go on."
    if act.detail == HAS_NO_OPTION:
        count = "at least one" if field.kind == "choices" else "one"
        one = f"I need {count} of these to go on: {options(field)}."
        return f"{one} {field.why}".rstrip()
    is_wanted = field.kind in (_GUESSED if act.detail == "dont_know" else _CHOSEN)
    said = (
        _WANTED.get(act.detail) if is_wanted else ""
    ) or f"I need {_needed_thing(field)} to go on."
    if act.detail == "dont_know" and not is_wanted and field.kind != "name":
        said = f"No hurry, I can wait while you look. {said}"
    return " ".join(part for part in (said, field.why) if part)


def _needed_thing(field: IntakeField) -> str:
    match field.kind:
        case "consent":
            return "your agreement"
        case "boolean" | "choice":
            return "an answer here"
        case "phone" if title_of(field) in ("phone", "mobile", "telephone"):
            return f"your {title_of(field)} number"
        case "email" if title_of(field) == "e-mail":
            return "your e-mail address"
        case "text" if is_clause(field.title):
            return "an answer here"
        case "time" | "datetime":
            return "a time"
        case "date":
            return f"the {title_of(field)}"
        case _:
            return f"your {title_of(field)}"


def _why(act: Act, facts: Facts) -> str:
    field = field_of(act, facts)
    is_free = field.path not in facts.required and field.skip is not False
    return field.why or _REASON[is_free]


def _helped(act: Act, facts: Facts) -> str:
    field = field_of(act, facts)
    return field.help or example(field)


def _waiting(act: Act, facts: Facts) -> str:
    return facts.in_turn(_WAITING)


def _passed_on(act: Act, facts: Facts) -> str:
    return facts.in_turn(_PASSED_ON)


def _unfit(act: Act, facts: Facts) -> str:
    return (
        f"One thing does not fit yet, {title_of(field_of(act, facts))}: {act.detail.rstrip('.')}."
    )


def _known(facts: Facts) -> list[str]:
    said: list[str] = []
    for field in facts.intake.fields:
        repeat = facts.intake.repeats.get(field.path)
        if repeat is not None and not field.item and not field.hidden:
            said += summary_lines(repeat, facts) if indexes(repeat, facts) else []
        elif field.path in facts.values and not field.hidden and not field.item:
            said.append(_known_line(field, facts))
    return [line for line in said if line]


def _known_line(field: IntakeField, facts: Facts) -> str:
    """A range whose two ends are known takes one line."""
    if field.range_end and field.partner in facts.values:
        if field.range_end == "end":
            return ""
        end = facts.intake.by_path[field.partner]
        return f"- {sentence_case(field.range_title)}: {facts.said(field)} to {facts.said(end)}"
    return f"- {full_title(field)}: {facts.said(field)}"


def _collected(act: Act, facts: Facts) -> str:
    known = _known(facts)
    return "\n".join(["So far I have:", *known]) if known else "I have nothing yet."


def _summary(act: Act, facts: Facts) -> str:
    known = _known(facts)
    if not known:
        return "I have nothing to send yet. Shall I finish here?"
    return "\n".join([facts.line("summary"), *known, facts.line("is_right")])


def _completed(act: Act, facts: Facts) -> str:
    def value(found: re.Match[str]) -> str:
        said = _value(found[1], facts)
        return found[0][: found[0].index("{")] + said if said else ""

    return _PLACEHOLDER.sub(value, facts.intake.settings.closing or facts.line("completed"))


def _value(path: str, facts: Facts) -> str:
    """What a placeholder stands for; empty when nothing is known of it."""
    repeat = facts.intake.repeats.get(path)
    if repeat is not None:
        items = [item_path(path, index) for index in indexes(repeat, facts)]
        return join_words([label_of_item(item, facts) for item in items])
    field = facts.intake.field(path)
    return facts.said(field) if field and path in facts.values else ""


def _handoff(act: Act, facts: Facts) -> str:
    return _HANDOFF[act.detail]


def _said_back(act: Act, facts: Facts) -> str:
    field = field_of(act, facts)
    return f"I have {facts.said(field)} as your {title_of(field)}. Is that right?"


_SPECIAL: dict[ActKind, Callable[[Act, Facts], str]] = {
    "said_back": _said_back,
    "ask": _asked,
    "refused": _refused,
    "needed": _needed,
    "small_talk": _small_talk,
    "why": _why,
    "help": _helped,
    "waiting": _waiting,
    "passed_on": _passed_on,
    "unfit": _unfit,
    "collected": _collected,
    "summary": _summary,
    "completed": _completed,
    "handoff": _handoff,
}
