"""Hides personal data from people whose role does not include it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake import Intake, IntakeField
from ai_bridge.intake.fields import join
from ai_bridge.intake.repeats import without_indexes
from sessions_app.admin.marks import HIDDEN, Span
from sessions_app.mentions import mentions, writings
from sessions_app.models import FieldValue


@dataclass(frozen=True)
class Mask:
    """What to hide in one conversation: the values at `paths`, and every mention of `secrets`.

    Paths have no indexes (`rooms[].name`): what is hidden of one item is hidden of all.
    """

    paths: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()

    def hides(self, path: str) -> bool:
        return without_indexes(path) in self.paths

    def mentions(self, text: str) -> Iterator[Span]:
        """Where the text says a hidden value, in whatever writing of it is known."""
        for start, end in mentions(self.secrets, text):
            yield Span(start, end, is_masked=True)

    def document(self, document: Any, path: str = "") -> Any:
        """The document with hidden leaves masked."""
        if path and self.hides(path):
            return HIDDEN
        if isinstance(document, list):
            return [self.document(item, f"{path}[]") for item in document]
        if not isinstance(document, Mapping):
            return document
        return {name: self.document(value, join(path, name)) for name, value in document.items()}


def mask_of(intake: Intake, values: Iterable[FieldValue]) -> Mask:
    """What must be hidden of this conversation from a person who may not see personal data."""
    values = list(values)
    grown = intake.grown(row.path for row in values)
    paths = frozenset(without_indexes(field.path) for field in grown.fields if _is_hidden(field))
    secrets = {
        secret.strip()
        for row in values
        if without_indexes(row.path) in paths
        for secret in (row.quote, *writings(row.value))
    }
    return Mask(paths, frozenset(secret for secret in secrets if len(secret) > 1))


def _is_hidden(field: IntakeField) -> bool:
    """A word on masking holds; without one personal data is hidden and other data is not."""
    return field.mask != "none" if field.mask else field.pii
