"""The questions themselves, their buttons, and the ladder of other words for them."""

from ai_bridge.contract import Choice
from ai_bridge.intake import IntakeField
from ai_bridge.runner.extract.lexicon import FUNCTION, words_of
from ai_bridge.runner.turn import Act, ActKind
from ai_bridge.runner.wording.ambiguous import readings_of
from ai_bridge.runner.wording.facts import Facts
from ai_bridge.runner.wording.halves import both_of
from ai_bridge.runner.wording.refusals import options
from ai_bridge.runner.wording.repeating import list_choices
from ai_bridge.runner.wording.spoken import is_or_are, label_of, title_of

# More buttons than this do not fit a phone; the options are then named in the question's help.
_MOST_BUTTONS = 12

YES = Choice(value="yes", label="Yes")
NO = Choice(value="no", label="No")
SKIP = Choice(value="skip", label="Skip")
PERSON = Choice(value="person", label="Talk to a person")


STOP = Choice(value="yes", label="Yes, stop")
STAY = Choice(value="no", label="No, go on")
_OFFERS: dict[ActKind, tuple[Choice, ...]] = {
    "offer_skip": (SKIP,),
    "offer_person": (PERSON,),
    "summary": (YES, NO),
    "said_back": (YES, NO),
    "confirm_leaving": (STOP, STAY),
}


def question(field: IntakeField, miss: int, facts: Facts, *, is_explained: bool) -> str:
    """`miss` is how often the question went unanswered: 0 asks as the template says.

    `is_explained`: the reply has said already what was wrong with the answer.
    """
    if 0 < miss <= len(field.reprompts) and not (is_explained and _repeats(field, miss)):
        return field.reprompts[miss - 1]
    if miss == 0:
        return _plain(field)
    if is_explained:
        return f"{_plain(field)} {example(field)}".rstrip()
    return f"{facts.line('not_understood')} {_plain(field)}{_examples(field)}"


def _repeats(field: IntakeField, miss: int) -> bool:
    """Whether these other words only say again what the form's help, just told, has said."""
    told = set(words_of(field.help)) | FUNCTION
    return "pattern" in field.schema and told.issuperset(words_of(field.reprompts[miss - 1]))


def choices(field: IntakeField, facts: Facts) -> tuple[Choice, ...]:
    """Quick replies. A button sends its label, which reads back as its value."""
    if field.path in facts.intake.repeats:
        return list_choices(facts.intake.repeats[field.path], facts)
    readings = readings_of(field, facts) or both_of(field, facts)
    if readings:
        return readings
    return _options(field) or _may_skip(field, facts)


def _may_skip(field: IntakeField, facts: Facts) -> tuple[Choice, ...]:
    """A button only where the template says so: an open question invites an answer."""
    return (SKIP,) if field.skip and field.path not in facts.required else ()


def _options(field: IntakeField) -> tuple[Choice, ...]:
    if field.kind in ("boolean", "consent"):
        return tuple(
            Choice(value=value, label=label_of(field, value) or fallback)
            for value, fallback in ((True, "Yes"), (False, "No"))
        )
    if field.kind != "choice" or len(field.options) > _MOST_BUTTONS:
        return ()
    return tuple(
        Choice(value=option, label=label_of(field, option) or str(option))
        for option in field.options
    )


def offers(act: Act) -> tuple[Choice, ...]:
    return _OFFERS.get(act.kind, ())


def _plain(field: IntakeField) -> str:
    if field.ask or field.title.endswith("?"):
        return field.ask or field.title
    if field.kind in ("boolean", "consent"):
        return f"{field.title}: yes or no?"
    return f"What {is_or_are(field.title)} your {title_of(field)}?"


def example(field: IntakeField) -> str:
    return f"For example: {field.examples[0]}." if field.examples else ""


def _examples(field: IntakeField) -> str:
    if field.examples:
        return f" {example(field)}"
    if field.options:
        return f" You can say {options(field)}."
    return f" {field.help}" if field.help else ""
