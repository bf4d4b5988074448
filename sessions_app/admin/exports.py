"""The list of conversations as a file, with what the person's role may see."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, StreamingHttpResponse

from ai_bridge.intake import Intake, IntakeField
from sessions_app.admin.marks import HIDDEN
from sessions_app.admin.masking import mask_of
from sessions_app.exporting import Cover, Export, Format, download
from sessions_app.mentions import replace_places
from sessions_app.models import FieldValue, SessionQuerySet


def export_sessions(
    request: HttpRequest, sessions: SessionQuerySet, named: str, *, in_full: bool
) -> StreamingHttpResponse:
    """Without `in_full` personal data is masked in every cell, as it is on the pages."""
    if named not in set(Format):
        raise Http404(f"Conversations are exported as {', '.join(Format)}.")
    kind = Format(named)
    return download(Export(sessions, kind, None if in_full else covering), kind)


def covering(intake: Intake, history: Sequence[FieldValue]) -> Cover:
    """Hides the columns of personal fields, and every mention of their values in other ones."""
    mask = mask_of(intake, history)
    hidden = {field.path for field in intake.fields if _is_personal(intake, field)}

    def cover(path: str, value: Any) -> Any:
        if value is None:
            return None
        if path in hidden or mask.hides(path):
            return HIDDEN
        if isinstance(value, str):
            places = ((span.start, span.end) for span in mask.mentions(value))
            return replace_places(value, places, HIDDEN)
        return HIDDEN if any(True for _ in mask.mentions(str(value))) else value

    return cover


def _is_personal(intake: Intake, field: IntakeField) -> bool:
    """A repeated field is personal when any part of an item is."""
    repeat = intake.repeats.get(field.path)
    return field.pii or bool(repeat and any(part.pii for part in repeat.parts))
