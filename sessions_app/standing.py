"""Which values hold after everything that was said."""

from collections.abc import Iterable
from typing import Any

from sessions_app.models import FieldValue

GONE = (FieldValue.Status.CLEARED, FieldValue.Status.DROPPED, FieldValue.Status.DECLINED)


def standing(history: Iterable[FieldValue]) -> dict[str, Any]:
    """The values that stand after the whole history, oldest first."""
    fields: dict[str, Any] = {}
    for value in history:
        if value.status in GONE:
            fields.pop(value.path, None)
        elif value.status != FieldValue.Status.REFUSED:
            fields[value.path] = value.value
    return fields
