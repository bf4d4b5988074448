"""A conversation as the integrator's API shows it."""

from typing import Any

from pydantic import BaseModel

from sessions_app.models import FieldValue, Session

GONE = (FieldValue.Status.CLEARED, FieldValue.Status.DROPPED, FieldValue.Status.DECLINED)


class SessionRow(BaseModel):
    """`fields` maps each path to its value; `document` is there once the intake is complete."""

    id: str
    status: str
    close_reason: str
    created_at: str
    closed_at: str | None
    website: str
    template_version: str
    locale: str
    identity: dict[str, Any]
    filled: int
    required: int
    fields: dict[str, Any]
    document: dict[str, Any] | None


class SessionPage(BaseModel):
    next: str | None
    previous: str | None
    results: list[SessionRow]


class MessageRow(BaseModel):
    id: str
    role: str
    text: str
    created_at: str


class FieldRow(BaseModel):
    """What one turn did to one field; `start` and `end` count code points of the message."""

    path: str
    value: Any
    status: str
    reason: str
    message: str | None
    quote: str
    start: int | None
    end: int | None
    method: str
    confidence: float
    template_version: str
    checkpoint: str
    created_at: str


class SessionDetail(SessionRow):
    messages: list[MessageRow]
    history: list[FieldRow]


def row_of(session: Session) -> dict[str, Any]:
    fields = standing(list(session.field_values.all()))
    return SessionRow(**_columns(session), fields=fields).model_dump(mode="json")


def detail_of(session: Session) -> SessionDetail:
    history = list(session.field_values.all())
    return SessionDetail(
        **_columns(session),
        fields=standing(history),
        messages=[
            MessageRow(
                id=line.public_id,
                role=line.role,
                text=line.text,
                created_at=line.created_at.isoformat(),
            )
            for line in session.messages.all()
        ],
        history=[_field_row(value) for value in history],
    )


def standing(history: list[FieldValue]) -> dict[str, Any]:
    """The values that stand after the whole history, oldest first."""
    fields: dict[str, Any] = {}
    for value in history:
        if value.status in GONE:
            fields.pop(value.path, None)
        elif value.status != FieldValue.Status.REFUSED:
            fields[value.path] = value.value
    return fields


def _columns(session: Session) -> dict[str, Any]:
    return {
        "id": session.public_id,
        "status": session.status,
        "close_reason": session.close_reason,
        "created_at": session.created_at.isoformat(),
        "closed_at": session.closed_at.isoformat() if session.closed_at else None,
        "website": str(session.website_id),
        "template_version": str(session.template_version_id),
        "locale": session.locale,
        "identity": session.identity,
        "filled": session.filled,
        "required": session.required,
        "document": session.document,
    }


def _field_row(value: FieldValue) -> FieldRow:
    return FieldRow(
        path=value.path,
        value=value.value,
        status=value.status,
        reason=value.reason,
        message=f"msg_{value.message_uid.hex}" if value.message_uid else None,
        quote=value.quote,
        start=value.start,
        end=value.end,
        method=value.method,
        confidence=value.confidence,
        template_version=str(value.template_version_id),
        checkpoint=value.checkpoint_id,
        created_at=value.created_at.isoformat(),
    )
