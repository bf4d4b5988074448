"""Which values hold after everything that was said."""

from collections.abc import Iterable
from typing import Any

from ai_bridge.intake import Intake
from ai_bridge.intake.nesting import nest
from sessions_app.models import FieldValue, Session

GONE = (FieldValue.Status.CLEARED, FieldValue.Status.DROPPED, FieldValue.Status.DECLINED)


def standing(history: Iterable[FieldValue]) -> dict[str, Any]:
    """The values that stand after the whole history, oldest first, and are not erased."""
    fields: dict[str, Any] = {}
    for value in history:
        settle(fields, value.path, value.status, None if value.erased_at else value.value)
    return fields


def settle(fields: dict[str, Any], path: str, status: str, value: Any) -> None:
    """Does one change to the values that stand; None is no value."""
    if status == FieldValue.Status.REFUSED:
        return
    if status in GONE or value is None:
        fields.pop(path, None)
    else:
        fields[path] = value


def erased_values(history: Iterable[FieldValue]) -> dict[str, FieldValue]:
    """By path what would stand if it had not been erased."""
    newest = {row.path: row for row in history if row.status != FieldValue.Status.REFUSED}
    return {path: row for path, row in newest.items() if row.erased_at and row.status not in GONE}


def document_of(session: Session, intake: Intake, history: Iterable[FieldValue]) -> dict[str, Any]:
    """The values that stand, nested as the template has them."""
    fields = standing(history)
    if session.words_erased_at is None:
        return intake.to_document(fields)
    return remaining_document(fields)


def remaining_document(fields: dict[str, Any]) -> dict[str, Any]:
    """What is left of a document after an erasure: its conditions may hang on what is erased."""
    return nest(fields, frozenset(fields))[0]
