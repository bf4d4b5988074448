"""Fields that repeat: when another item is begun, and when the visitor has told of the last one."""

from ai_bridge.contract import Operation
from ai_bridge.intake.repeats import MAX_INDEX, Repeat, item_path, parents
from ai_bridge.runner.planning.asking import Draft, press
from ai_bridge.runner.state import Control


def begins_another(draft: Draft) -> bool:
    """Asks for the next item of a visitor who said yes to one more and has not told which."""
    if _wants_another(draft):
        _begin_item(draft, draft.control["asked"] or "")
        return True
    return False


def _wants_another(draft: Draft) -> bool:
    situation, asked = draft.situation, draft.control["asked"] or ""
    if asked not in situation.intake.repeats or not situation.has_room(asked):
        return False
    if draft.control["stage"] != "collecting" or "affirm" not in situation.signals:
        return False
    return not (situation.stated or situation.refused or situation.declined or situation.cleared)


def _begin_item(draft: Draft, path: str) -> None:
    """Ask for the first field of the next item."""
    indexes = draft.situation.items.get(path, ())
    index = indexes[-1] + 1 if indexes else 0
    repeat = draft.situation.intake.repeats[path]
    if index >= MAX_INDEX:
        draft.hand_off("incomplete")
        return
    draft.control["begun"].append(item_path(path, index))
    draft.ask(next(field.path for field in repeat.fields_at(index) if not field.hidden))


def ends_list(draft: Draft, operation: Operation) -> bool:
    """Records that there are no more items; false when the operation is about something else."""
    repeat = _repeat_of(draft, operation.path)
    if repeat is None:
        return False
    draft.control["begun"] = [
        path for path in draft.control["begun"] if not path.startswith(repeat.path + "[")
    ]
    ended = operation.model_copy(update={"path": repeat.path})
    if repeat.path in draft.situation.required:
        press(draft, ended)
    else:
        draft.record_decline(ended, is_told=not draft.situation.items.get(repeat.path))
    return True


def _repeat_of(draft: Draft, path: str) -> Repeat | None:
    """The repeated field that was asked about: itself, or by an item that holds nothing yet."""
    repeats = draft.situation.intake.repeats
    if path in repeats:
        return repeats[path]
    begun = begun_item(path, draft.control)
    return repeats.get(begun.rpartition("[")[0]) if begun else None


def begun_item(path: str, control: Control) -> str:
    """The begun and still empty item that this path belongs to, or nothing."""
    around = {path, *parents(path)}
    return next((item for item in control["begun"] if item in around), "")
