"""Fields of which the template wants every value confirmed: said back, and a yes waited for."""

from ai_bridge.runner.planning.asking import Draft
from ai_bridge.runner.state import SAID_BACK, Doubt

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
    draft.control["asked"] = paths[0]
    draft.control["doubt"] = Doubt(path=paths[0], reason=SAID_BACK)
    draft.act("said_back", paths[0])
    return True
