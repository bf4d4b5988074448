"""Which columns an export has, and what stands in them for one conversation."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake import Intake
from sessions_app.exporting.cells import Cell, cell_of
from sessions_app.models import FieldValue, Session, SessionQuerySet
from sessions_app.retention.scrubbing import notice
from sessions_app.standing import document_of, erased_values
from tenants.pinned import intake_of_version
from tenants.workspace.models import TemplateVersion

ABOUT = (
    "id",
    "status",
    "close_reason",
    "created_at",
    "closed_at",
    "website",
    "template",
    "template_version",
    "locale",
    "filled",
    "required",
)
# What may be shown of the value at a path; the value itself, or what stands in its place.
Cover = Callable[[str, Any], Any]
Covering = Callable[[Intake, Sequence[FieldValue]], Cover]


@dataclass(frozen=True)
class Row:
    """One conversation. `fields` maps every path that has a value to it.

    `erased` says of the others where one was, when it was erased and after how long.
    """

    about: dict[str, Any]
    fields: dict[str, Any]
    erased: dict[str, str]

    def cells(self, paths: Sequence[str]) -> list[Cell]:
        about = [cell_of(self.about[name]) for name in ABOUT]
        known = self.erased | self.fields
        return [*about, *(cell_of(known.get(path)) for path in paths)]

    def line(self) -> dict[str, Any]:
        """For a reader of JSON, which has no cells to say two things in."""
        whole = self.about | {"fields": self.fields}
        return whole | {"erased": self.erased} if self.erased else whole


def field_paths(sessions: SessionQuerySet) -> tuple[str, ...]:
    """Every field of every template version that these conversations used, newest version first."""
    used = sessions.order_by().values("template_version")
    versions = TemplateVersion.objects.filter(id__in=used).order_by("-published_at", "id")
    intakes = (
        intake_of_version(version_id) for version_id in versions.values_list("id", flat=True)
    )
    return tuple(dict.fromkeys(field.path for intake in intakes for field in intake.fields))


def row_of(session: Session, covering: Covering | None) -> Row:
    """Asks for the session with `field_values`, website and template at hand."""
    intake = intake_of_version(session.template_version_id)
    history = list(session.field_values.all())
    document = document_of(session, intake, history)
    fields = {field.path: _at(document, field.path) for field in intake.fields}
    if covering is not None:
        cover = covering(intake, history)
        fields = {path: cover(path, value) for path, value in fields.items()}
    known = {path: value for path, value in fields.items() if value is not None}
    return Row(_about(session), known, _erased(history))


def _erased(history: Sequence[FieldValue]) -> dict[str, str]:
    """Of a repeated field the whole of it, which is what has a column."""
    return {
        path.partition("[")[0]: notice(row.erased_at, row.erased_days or 0)
        for path, row in erased_values(history).items()
        if row.erased_at
    }


def _about(session: Session) -> dict[str, Any]:
    values: Iterable[Any] = (
        session.public_id,
        session.status,
        session.close_reason,
        session.created_at.isoformat(),
        session.closed_at.isoformat() if session.closed_at else None,
        session.website.name,
        session.template_version.template.name,
        session.template_version.number,
        session.locale,
        session.filled,
        session.required,
    )
    return dict(zip(ABOUT, values, strict=True))


def _at(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    return document
