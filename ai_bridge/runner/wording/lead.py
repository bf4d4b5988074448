"""A model's own words at the head of a reply. What is asked stays in the template's words."""

from ai_bridge.runner.turn import Act
from ai_bridge.runner.wording.facts import Facts, field_of
from ai_bridge.runner.wording.phrases import lines

# What a lead says instead of us, and what may follow it. Beside anything else it is left out:
# a refusal, an ending or a hand-over is said in words that are known to be right.
REPLACED = frozenset({"noted", "greeted", "thanked", "unanswered", "small_talk", "declined"})
BESIDE = frozenset({"ask", "summary", "completed", "offer_skip", "identified", "help"})
# Their value is what the visitor typed; saying it back tells nothing new.
COPIED = frozenset({"email", "url", "text", "name", "address"})


def lines_with_lead(acts: tuple[Act, ...], lead: str, facts: Facts) -> list[str]:
    """The reply's sentences in order, those of the template alone when the lead does not fit."""
    kinds = {act.kind for act in acts}
    if not lead or not kinds or kinds - REPLACED - BESIDE:
        return lines(acts, facts)
    rest = tuple(
        # The lead has met the visitor already: no "Sorry, I did not get that" after it.
        act._replace(detail="explained") if act.kind == "ask" else act
        for act in acts
        if act.kind not in REPLACED or _has_to_be_said(act, lead, facts)
    )
    return [lead, *lines(rest, facts)]


def _has_to_be_said(act: Act, lead: str, facts: Facts) -> bool:
    """What was read rather than copied is said back, so that it can be corrected."""
    if act.kind != "noted" or act.operation is None:
        return False
    field = field_of(act, facts)
    said = facts.said(field)
    is_read = field.kind not in COPIED and said.casefold() != act.operation.quote.casefold()
    return (is_read or act.operation.op == "correct") and said.casefold() not in lead.casefold()
