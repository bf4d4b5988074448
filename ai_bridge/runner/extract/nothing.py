"""`None of these` where an option says so, `none` of a count, `all of them` of several choices."""

import re
from collections.abc import Iterator

from ai_bridge.intake import IntakeField
from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.operations import HAS_NONE
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.scoring import ANSWERED, CHOICE
from ai_bridge.runner.normalise import Value
from ai_bridge.runner.normalise.choices import phrases_of
from ai_bridge.runner.normalise.constraints import meet_constraints

_OF_THEM = r"(?: (?:of|from) (?:these|them|those|the(?:se| above)?(?: \w+)?))?"
_SAYS_NONE = re.compile(
    rf"^\W*(?:(?:no|nope|nah|well|um)\b[\s,.]*)?(?:none|neither|nothing|no|not any|i have none)"
    rf"{_OF_THEM}(?: at all| really| thanks?| thank you| sorry)?\W*$|"
    r"^\W*(?:no[,.]? )?(?:not that i(?:'m| am)? (?:know|aware|can think)(?: of)?|"
    r"i (?:don'?t|do not|haven'?t)(?: (?:have|got|need|want))?(?: any)?"
    r"(?: of (?:these|them|those))?)\W*$",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"(?:none|neither|nothing|no)(?:[ _]of[ _](?:these|them|those|the[ _]above))?", re.IGNORECASE
)
MAX_ANSWER = 60


def propose_none(reading: Reading, profile: Profile) -> Proposal | None:
    """The option that means none of the others, for an answer that says just that."""
    text = reading.text
    if len(text) > MAX_ANSWER or not (_SAYS_NONE.match(text) or HAS_NONE.match(text)):
        return None
    option = _none_option(profile.field)
    if option is None:
        return None
    value = [option] if profile.field.kind == "choices" else option
    result = meet_constraints(profile.field, value, reading.context)
    start = len(text) - len(text.lstrip())
    return Proposal(profile, start, len(text.rstrip()), result, ANSWERED)


_SAYS_ALL = re.compile(
    r"^\W*(?:(?:yes|ok|well|um|i want|we want|we need|show (?:me|us))\b[\s,]*)?"
    r"(?:all|everything|every one|each|the lot)"
    r"(?: (?:of )?(?:them|these|those|it|that|(?:the )?above))?(?: please| pls)?\W*$",
    re.IGNORECASE,
)


def propose_all(reading: Reading, profile: Profile) -> Proposal | None:
    """Each of the options, but the one that means none."""
    text = reading.text
    if len(text) > MAX_ANSWER or not _SAYS_ALL.match(text):
        return None
    none = _none_option(profile.field)
    chosen = [option for option in profile.field.options if option != none]
    result = meet_constraints(profile.field, chosen, reading.context)
    start = len(text) - len(text.lstrip())
    return Proposal(profile, start, len(text.rstrip()), result, ANSWERED)


def _none_option(field: IntakeField) -> object:
    """None when no option or more than one could be meant."""
    meant = {option for phrase, option in phrases_of(field) if _NONE.fullmatch(phrase)}
    return meant.pop() if len(meant) == 1 else None


_NO_COUNT = re.compile(
    r"^\W*(?:none|zero|nil|none at all|nobody|no ?one|(?:no,? )?(?:i|we) "
    r"(?:don['’]?t|do not|won['’]?t) (?:need|want|expect|have|bring) any"
    r"(?: of (?:them|those))?)\W*$",
    re.IGNORECASE,
)


def propose_no_count(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    """To `how many?`, `none` is a number where the template allows it."""
    is_count = profile.field.kind == "integer" and profile.field.path in reading.asked[:1]
    if not is_count or not _NO_COUNT.match(reading.text):
        return
    result = meet_constraints(profile.field, 0, reading.context)
    if isinstance(result, Value):
        yield Proposal(profile, 0, len(reading.text), result, CHOICE)
