"""The rules of the conversation, from the most urgent to the most ordinary."""

import re

from ai_bridge.contract import Operation
from ai_bridge.runner.extract.lexicon import FUNCTION, words_of
from ai_bridge.runner.extract.types import Signal
from ai_bridge.runner.normalise.types import NAMED
from ai_bridge.runner.planning.asking import Draft, advance, ask_again, finish, press
from ai_bridge.runner.planning.repeating import begins_another, ends_list
from ai_bridge.runner.planning.saying_back import say_back, says_back, waits_for_yes
from ai_bridge.runner.planning.situation import Situation, ladder_length
from ai_bridge.runner.state import SAID_YES, Doubt, is_leaving

# How often the summary may be answered with neither a yes nor a change.
_PATIENCE = 3
NOT_AGREED = "not agreed"
_REFUSALS = ("skip", "refuse", "dont_know", "dont_care")
# Answered in a word; such a message is not a failed answer to the question.
_SMALL: tuple[tuple[str, str], ...] = (
    ("what_have_you_got", "collected"),
    ("identity", "identified"),
    ("thanks", "thanked"),
    ("chit_chat", "small_talk"),
    ("question", "unanswered"),
    ("greeting", "greeted"),
)


def decide(situation: Situation) -> Draft:
    """The acts of the reply, the control values after it, and operations that it adds."""
    draft = Draft(situation)
    _tell_changes(draft)
    if draft.control["stage"] in ("completed", "handoff", "closed"):
        _after_the_end(draft)
    elif not _leaves(draft):
        _answer(draft)
        _hold_to_limit(draft)
    return draft


def _tell_changes(draft: Draft) -> None:
    situation = draft.situation
    is_new = situation.stated or situation.cleared or situation.refused or situation.declined
    for operation in situation.stated if is_new else situation.restated:
        draft.act("noted", operation.path, operation=operation)
    for operation in situation.cleared:
        if operation.reason != "started over":
            draft.act("dropped", operation.path, detail=operation.reason, operation=operation)
    for operation in situation.refused:
        # Who does not consent is told why it is asked, not that a value was wrong.
        if operation.reason != NOT_AGREED:
            draft.act("refused", operation.path, detail=operation.reason, operation=operation)


def _leaves(draft: Draft) -> bool:
    """The visitor wants out. Words that also filled a field are read as the answer they are."""
    situation = draft.situation
    if situation.stated:
        return False
    if _cancels(draft):
        return True
    if "wants_human" in situation.signals or _takes_the_offer(draft):
        draft.hand_off("asked")
        return True
    return False


def _cancels(draft: Draft) -> bool:
    """Stops at once when nothing would be lost; otherwise asks first."""
    signals, was_asked = draft.situation.signals, is_leaving(draft.control)
    draft.control["doubt"] = None
    if was_asked and _STAYS.search(draft.situation.text):
        return False
    if was_asked and "affirm" in signals and "negate" not in signals:
        draft.close("cancelled", "cancelled")
        return True
    if "cancel" not in signals:
        return False
    if was_asked or not draft.situation.fields:
        draft.close("cancelled", "cancelled")
    else:
        draft.ask_whether_to_stop()
    return True


# "Ok, go on" is a yes to going on.
_STAYS = re.compile(
    r"\b(?:(?:go|carry|keep)(?: \w+)? on|continue|keep going|stay|proceed|don'?t stop)\b",
    re.IGNORECASE,
)


def _takes_the_offer(draft: Draft) -> bool:
    asked = draft.control["asked"]
    field = draft.situation.intake.field(asked) if asked else None
    was_leaving = is_leaving(draft.situation.control)
    signals = draft.situation.signals
    if field is None or was_leaving or "affirm" not in signals or "done" in signals:
        return False
    return (
        draft.misses(field.path) > ladder_length(field) and field.path in draft.situation.required
    )


def _answer(draft: Draft) -> None:
    signals, control = draft.situation.signals, draft.control
    if is_leaving(draft.situation.control) and not draft.situation.stated:
        return _resume(draft)
    if "start_over" in signals:
        draft.act("fresh_start")
        return advance(draft)
    if "go_back" in signals and (field := draft.situation.before(control["asked"])):
        return draft.ask(field.path)
    if begins_another(draft) or says_back(draft) or _only_says_yes(draft):
        return None
    if _declines(draft):
        return advance(draft)
    if doubted := _doubted(draft):
        return ask_again(draft, doubted)
    if control["stage"] == "confirming" and _agrees(draft):
        return finish(draft)
    return _talk(draft, is_small=not _objects(draft) and _small_talk(draft))


def _talk(draft: Draft, *, is_small: bool) -> None:
    """What is left once no rule of its own applies: small talk, a question, an answer or none."""
    control = draft.control
    if is_small and waits_for_yes(situation := draft.situation):
        return say_back(draft, situation.control["asked"] or "")
    if _turns_to_another(draft):
        return draft.ask(draft.situation.about)
    if control["stage"] == "confirming":
        return _confirm(draft, is_small)
    return advance(draft, is_miss=not is_small and _is_miss(draft))


def _only_says_yes(draft: Draft) -> bool:
    """Asks for it, once: `yes` to "what's your number?" is a beginning and no failed answer."""
    situation, asked = draft.situation, draft.control["asked"] or ""
    field = situation.intake.field(asked)
    if field is None or field.kind in _YES_OR_NO or asked in situation.intake.repeats:
        return False
    if asked in situation.fields or situation.signals != {"affirm"} or situation.operations:
        return False
    doubt = situation.control["doubt"]
    is_first = not draft.misses(asked) and (doubt is None or doubt["reason"] != SAID_YES)
    if not is_first or draft.control["stage"] != "collecting":
        return False
    draft.ask(asked)
    draft.control["doubt"] = Doubt(path=asked, reason=SAID_YES)
    return True


_YES_OR_NO = ("boolean", "consent")


def _objects(draft: Draft) -> bool:
    """The summary is answered with a no and more: that is no chit-chat."""
    situation = draft.situation
    is_new = situation.stated or situation.refused or situation.cleared
    is_shown = draft.control["stage"] == "confirming" and not is_new
    return is_shown and bool(_NO.match(situation.text)) and not situation.text.endswith("?")


_NO = re.compile(r"\W*(?:no|nope|nah|wait|hold on|not)\b", re.IGNORECASE)


def _doubted(draft: Draft) -> str:
    """A value that stands and was said otherwise, in words that could not be taken."""
    situation = draft.situation
    for operation in situation.refused:
        is_doubt = operation.path == draft.control["asked"] or operation.reason.startswith(
            ("ambiguous", NAMED)
        )
        if operation.path in situation.fields and is_doubt:
            return operation.path
    return ""


def _resume(draft: Draft) -> None:
    """The visitor stays: where we were goes on."""
    return advance(draft)


def _is_miss(draft: Draft) -> bool:
    return not draft.situation.is_no_attempt


def _small_talk(draft: Draft) -> bool:
    """Says the short answers; true when the message was no attempt at an answer."""
    situation, asked = draft.situation, draft.control["asked"]
    if situation.stated:
        return False
    if "why" in situation.signals and (situation.about or asked):
        draft.act("why", situation.about or asked or "")
        return True
    if _asks_for_help(draft):
        draft.act("help", situation.about or asked or "")
        return True
    if "repeat" in situation.signals:
        return True
    for signal, kind in _SMALL:
        if signal in situation.signals:
            mood = _mood(situation.text) if kind == "small_talk" else ""
            draft.act(kind, detail=mood)  # type: ignore[arg-type]  # the table pairs them
            return not situation.refused
    if situation.text.rstrip().endswith("?"):
        draft.act("unanswered")
        return True
    if _mood(situation.text) == "upset" and not situation.refused:
        draft.act("small_talk", detail="upset")
        return True
    return "why" in situation.signals


_UPSET = re.compile(
    r"\b(?:ridiculous|useless|joke|annoying|unbelievable|stupid|awful|terrible|horrible|forever|"
    r"hate|angry|furious|third time|already (?:told|said|gave|asked))\b|!{2,}",
    re.IGNORECASE,
)
_ASKED_HOW = re.compile(r"\bhow (?:are|r) (?:you|u)\b|\bhow'?s it going\b", re.IGNORECASE)


def _mood(text: str) -> str:
    if _UPSET.search(text):
        return "upset"
    return "asked_how" if _ASKED_HOW.search(text) else ""


_HELP = re.compile(
    r"\b(?:where|how|what|which)\b.{0,40}\b(?:that|this|it|mean|find|look|format|number)\b|"
    r"\bhelp\b|\bexplain\b",
    re.IGNORECASE,
)


def _asks_for_help(draft: Draft) -> bool:
    """Whether the template has an answer to what was asked about a field: help or an example."""
    situation = draft.situation
    field = situation.intake.field(situation.about or draft.control["asked"] or "")
    if field is None or not (field.help or field.examples):
        return False
    asks = bool({"question", "repeat"} & situation.signals)
    told = {word for word in words_of(field.help) if word not in FUNCTION}
    is_told = not told.isdisjoint(words_of(situation.text))
    return asks and bool(situation.about or is_told or _HELP.search(situation.text))


_NOT_YET: frozenset[Signal] = frozenset({"negate", "question", "why", "wants_change"})


def _agrees(draft: Draft) -> bool:
    """A yes to the summary, also "great, thank you", with nothing else in it."""
    situation = draft.situation
    if situation.stated or situation.refused or situation.cleared:
        return False
    # "No, that's all" says no to changes.
    if "done" in situation.signals and _NO.match(situation.text):
        return not (_NOT_YET - {"negate"}) & situation.signals
    return "affirm" in situation.signals and not _NOT_YET & situation.signals


def _turns_to_another(draft: Draft) -> bool:
    """Who asks why we need a phone is asked for it next, so that "I would rather not" means it."""
    situation = draft.situation
    if situation.stated or not situation.about:
        return False
    if "wants_change" in situation.signals and situation.about in situation.fields:
        return True
    if "why" not in situation.signals:
        return False
    return any(field.path == situation.about for field in situation.open_fields(draft.control))


def _declines(draft: Draft) -> bool:
    """True when the visitor would not or could not answer something."""
    situation, asked = draft.situation, draft.control["asked"]
    explicit = (*situation.declined, *_not_agreed(situation))
    for operation in explicit:
        _decline(draft, operation)
    if explicit or situation.stated or situation.refused:
        return bool(explicit)
    if "done" in situation.signals and draft.control["stage"] == "collecting":
        return _decline_the_rest(draft)
    signal = next((item for item in _REFUSALS if item in situation.signals), None)
    if signal is None or asked is None or draft.control["stage"] == "confirming":
        return False
    if signal == "dont_know" and asked in situation.fields:
        return False
    op = "unknown" if signal == "dont_know" else "decline"
    _decline(draft, Operation(op=op, path=asked, source="rule", reason=signal))
    return True


def _not_agreed(situation: Situation) -> tuple[Operation, ...]:
    """A no to a consent: it declines, and the value that it names is recorded as refused."""
    return tuple(
        Operation(op="decline", path=item.path, source="rule", reason="refuse")
        for item in situation.refused
        if item.reason == NOT_AGREED
    )


def _decline(draft: Draft, operation: Operation) -> None:
    if ends_list(draft, operation):
        return
    is_pressed_already = (
        operation.path not in draft.situation.required and draft.misses(operation.path) > 0
    )
    if is_pressed_already or draft.situation.may_decline(operation.path):
        draft.record_decline(operation)
    else:
        press(draft, operation)


def _decline_the_rest(draft: Draft) -> bool:
    for field in draft.situation.open_fields(draft.control):
        if draft.situation.may_decline(field.path):
            draft.record_decline(
                Operation(op="decline", path=field.path, source="rule"), is_told=False
            )
    return True


def _confirm(draft: Draft, is_small: bool) -> None:
    situation = draft.situation
    if situation.is_no_attempt or is_small:
        return advance(draft)
    if situation.refused:
        return draft.ask(situation.refused[0].path)
    if situation.about:
        return draft.ask(situation.about)
    draft.add_miss("")
    if draft.misses("") > _PATIENCE:
        return draft.hand_off("stuck")
    return draft.act("change_what")


def _after_the_end(draft: Draft) -> None:
    situation = draft.situation
    if draft.control["stage"] == "handoff":
        return _while_a_person_comes(draft)
    if situation.stated or situation.cleared:
        return advance(draft, is_confirmed=True)
    return draft.act("already_completed")


def _while_a_person_comes(draft: Draft) -> None:
    situation = draft.situation
    if situation.stated or situation.cleared:
        return draft.act("passed_on")
    if "what_have_you_got" in situation.signals:
        return draft.act("collected")
    if "thanks" in situation.signals:
        return draft.act("thanked")
    return draft.act("waiting")


def _hold_to_limit(draft: Draft) -> None:
    limit = draft.situation.intake.settings.max_turns
    is_open = draft.control["stage"] in ("collecting", "confirming")
    if limit and is_open and draft.control["turns"] >= limit:
        draft.acts = [act for act in draft.acts if act.kind == "noted"]
        draft.close("limits", "limits")
