"""A conversation as the integrator's API shows it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from sessions_app.models import FieldValue, Message, Session
from sessions_app.standing import erased_values, standing


class Erased(BaseModel):
    """When it was erased, and after how many days, as the template asks."""

    at: str
    after_days: int


class SessionRow(BaseModel):
    """`fields` maps each path to its value; `document` is there once the intake is complete.

    `erased` says by path which values are erased; `words_erased` is null while what was said is
    kept.
    """

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
    erased: dict[str, Erased]
    words_erased: Erased | None


class SessionPage(BaseModel):
    next: str | None
    previous: str | None
    results: list[SessionRow]


class MessageRow(BaseModel):
    id: str
    session: str
    role: str
    text: str
    created_at: str


class MessagePage(BaseModel):
    next: str | None
    previous: str | None
    results: list[MessageRow]


class FieldRow(BaseModel):
    """What one turn did to one field; `start` and `end` count code points of the message."""

    session: str
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
    erased: Erased | None


class FieldPage(BaseModel):
    next: str | None
    previous: str | None
    results: list[FieldRow]


class SessionDetail(SessionRow):
    messages: list[MessageRow]
    history: list[FieldRow]


def row_of(session: Session) -> dict[str, Any]:
    row = SessionRow(**_columns(session), **_collected(list(session.field_values.all())))
    return row.model_dump(mode="json")


def detail_of(session: Session) -> SessionDetail:
    history = list(session.field_values.all())
    return SessionDetail(
        **_columns(session),
        **_collected(history),
        messages=[message_row(line) for line in session.messages.all()],
        history=[field_row(value) for value in history],
    )


def message_row(line: Message) -> MessageRow:
    return MessageRow(
        id=line.public_id,
        session=f"ses_{line.session_id.hex}",
        role=line.role,
        text=line.text,
        created_at=line.created_at.isoformat(),
    )


def _collected(history: list[FieldValue]) -> dict[str, Any]:
    erased = {
        path: _erased(row.erased_at, row.erased_days)
        for path, row in erased_values(history).items()
    }
    return {"fields": standing(history), "erased": erased}


def _erased(moment: datetime | None, days: int | None) -> Erased | None:
    return Erased(at=moment.isoformat(), after_days=days or 0) if moment else None


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
        "words_erased": _erased(session.words_erased_at, session.words_days),
    }


def field_row(value: FieldValue) -> FieldRow:
    return FieldRow(
        session=f"ses_{value.session_id.hex}",
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
        erased=_erased(value.erased_at, value.erased_days),
    )
