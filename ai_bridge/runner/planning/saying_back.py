"""Fields of which the template wants every value confirmed: said back, and a yes waited for."""

from ai_bridge.runner.planning.asking import Draft
from ai_bridge.runner.planning.situation import Situation
from ai_bridge.runner.state import SAID_BACK, Doubt, is_said_back

_SAID = ("rule", "model")


def says_back(draft: Draft) -> bool:
    """Asks whether the value that this message gave is right; false when there is none to ask of.

    A value from the page or from staff needs no yes of the visitor.
    """
    situation = draft.situation
    if draft.control["stage"] != "collecting":
        return False
    paths = [
        operation.path
        for operation in situation.stated
        if operation.source in _SAID
        and (field := situation.intake.field(operation.path)) is not None
        and field.confirm
    ]
    if not paths:
        return False
    draft.acts = [act for act in draft.acts if act.kind != "noted" or act.path != paths[0]]
    say_back(draft, paths[0])
    return True


def say_back(draft: Draft, path: str) -> None:
    """Ask whether the value that stands is right."""
    draft.control["asked"] = path
    draft.control["doubt"] = Doubt(path=path, reason=SAID_BACK)
    draft.act("said_back", path)


def waits_for_yes(situation: Situation) -> bool:
    """Whether a value was said back, stands, and got neither a yes nor a no: a question back."""
    is_left = is_said_back(situation.control) and situation.control["asked"] in situation.fields
    return is_left and not (situation.stated or {"affirm", "negate"} & situation.signals)
