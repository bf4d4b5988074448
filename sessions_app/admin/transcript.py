"""One conversation as a person reads it: the chat beside the fields it filled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import Truncator

from ai_bridge.intake import Intake, IntakeField
from sessions_app.admin.marks import HIDDEN, Segment, Span, segments
from sessions_app.admin.masking import Mask, mask_of
from sessions_app.models import FieldValue, Message, Session
from sessions_app.retention.scrubbing import notice
from sessions_app.standing import document_of, standing
from tenants.pinned import intake_of_version

METHODS = {
    "rule": "rules",
    "rules": "rules",
    "model": "model",
    "edit": "visitor's edit",
    "visitor_edit": "visitor's edit",
    "staff": "staff",
    "prefill": "prefilled",
    "migrate": "carried over",
}
GONE = {
    FieldValue.Status.CLEARED: "taken back by the visitor",
    FieldValue.Status.DROPPED: "dropped: its condition no longer holds",
    FieldValue.Status.DECLINED: "the visitor chose not to answer",
}


@dataclass(frozen=True)
class Line:
    """One message. `number` counts from 1, as the page names it to screen readers."""

    number: int
    message: Message
    segments: tuple[Segment, ...]
    is_degraded: bool


@dataclass(frozen=True)
class Entry:
    """What one turn did to a field. `line` is the message its words stand in, if they do."""

    id: str
    text: str
    status: str
    method: str
    reason: str
    quote: str
    at: datetime
    line: int | None


@dataclass(frozen=True)
class Card:
    """One field of the template: its value now, how it came about, and what was refused."""

    path: str
    title: str
    is_required: bool
    current: Entry | None
    gone: str
    history: tuple[Entry, ...]
    refused: tuple[Entry, ...]


@dataclass(frozen=True)
class Transcript:
    lines: tuple[Line, ...]
    cards: tuple[Card, ...]
    document: Any
    is_masked: bool

    @property
    def answered(self) -> tuple[Card, ...]:
        return tuple(card for card in self.cards if card.current or card.history or card.refused)

    @property
    def open(self) -> tuple[Card, ...]:
        return tuple(card for card in self.cards if card not in self.answered)


def intake_of(session: Session) -> Intake:
    """The template that this conversation began with."""
    return intake_of_version(session.template_version_id)


def read_transcript(session: Session, *, in_full: bool) -> Transcript:
    """Everything the page shows. Without `in_full` personal data is masked wherever it stands."""
    intake = intake_of(session)
    values = list(session.field_values.all())
    mask = Mask() if in_full else mask_of(intake, values)
    messages = list(session.messages.select_related("turn"))
    numbers = {message.uid: number for number, message in enumerate(messages, start=1)}
    return Transcript(
        lines=tuple(_lines(messages, values, mask)),
        cards=tuple(_cards(intake, values, mask, numbers)),
        document=mask.document(_document(session, intake, values)),
        is_masked=bool(mask.paths),
    )


def _lines(messages: list[Message], values: list[FieldValue], mask: Mask) -> Iterable[Line]:
    spans: dict[UUID, list[Span]] = defaultdict(list)
    for row in values:
        if row.message_uid and row.start is not None and row.end is not None:
            span = Span(row.start, row.end, row.pk, is_masked=mask.hides(row.path))
            spans[row.message_uid].append(span)
    for number, message in enumerate(messages, start=1):
        own = [*spans[message.uid], *mask.mentions(message.text)]
        is_degraded = bool(
            message.turn and message.turn.degraded and message.role == Message.Role.ASSISTANT
        )
        yield Line(number, message, tuple(segments(message.text, own)), is_degraded)


def _cards(
    intake: Intake, values: list[FieldValue], mask: Mask, numbers: Mapping[UUID, int]
) -> Iterable[Card]:
    rows: dict[str, list[FieldValue]] = defaultdict(list)
    for row in values:
        rows[row.path].append(row)
    required = set(intake.required(standing(values)))
    whole = intake.grown(rows)
    for field in whole.fields:
        # "That's all" after some items is no refusal to name any.
        if not (field.path in whole.repeats and whole.items.get(field.path)):
            card = _card(field, rows[field.path], mask, numbers, field.path in required)
            yield replace(card, title=_title(field, whole))


def _title(field: IntakeField, intake: Intake) -> str:
    """`Room 2: Leaks`: items are counted as people count."""
    repeat = intake.repeats.get(field.item.rpartition("[")[0]) if field.item else None
    if repeat is None:
        return f"{field.range_title}: {field.title}" if field.range_end else field.title
    item = f"{repeat.noun} {int(field.item.rpartition('[')[2].rstrip(']')) + 1}"
    around = intake.by_path.get(repeat.path)
    outer = f"{_title(around, intake).rpartition(':')[0]}, " if around and around.item else ""
    return f"{outer}{item}" if field.path == field.item else f"{outer}{item}: {field.title}"


def _card(
    field: IntakeField,
    rows: list[FieldValue],
    mask: Mask,
    numbers: Mapping[UUID, int],
    is_required: bool,
) -> Card:
    entries = [(row, _entry(field, row, mask, numbers)) for row in rows]
    accepted = [pair for pair in entries if pair[0].status != FieldValue.Status.REFUSED]
    newest = accepted[-1] if accepted else None
    gone = GONE.get(FieldValue.Status(newest[0].status), "") if newest else ""
    past = accepted if gone else accepted[:-1]
    return Card(
        path=field.path,
        title=field.title,
        is_required=is_required,
        current=newest[1] if newest and not gone else None,
        gone=gone,
        history=tuple(entry for row, entry in reversed(past) if row.status not in GONE),
        refused=tuple(entry for row, entry in entries if row.status == FieldValue.Status.REFUSED),
    )


def _entry(field: IntakeField, row: FieldValue, mask: Mask, numbers: Mapping[UUID, int]) -> Entry:
    is_hidden = mask.hides(row.path)
    has_words = row.message_uid is not None and row.start is not None
    return Entry(
        id=f"v{row.pk}",
        text=_text(field, row, is_hidden=is_hidden),
        status=row.get_status_display(),
        method=METHODS.get(row.method, row.method),
        reason="" if is_hidden else row.reason,
        quote=HIDDEN if is_hidden else row.quote,
        at=row.created_at,
        line=numbers.get(row.message_uid) if has_words and row.message_uid else None,
    )


def readable(field: IntakeField, value: Any) -> str:
    """A value in words: labels for options, yes and no, parts of an object one after the other."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(readable(field, item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(str(item) for item in value.values() if item not in (None, ""))
    return field.label(value) if field.options else str(value)


def _text(field: IntakeField, row: FieldValue, *, is_hidden: bool) -> str:
    if row.erased_at:
        return notice(row.erased_at, row.erased_days or 0)
    if row.value is None and row.quote and row.status == FieldValue.Status.REFUSED:
        # Nothing came of the words: they are what was refused.
        return HIDDEN if is_hidden else Truncator(row.quote).chars(60)
    return _masked(field, row.value) if is_hidden else readable(field, row.value)


def _masked(field: IntakeField, value: Any) -> str:
    text = readable(field, value)
    has_rest = field.mask == "partial" and len(text) > 3
    return f"{text[0]}{HIDDEN}{text[-1]}" if has_rest else HIDDEN


def _document(session: Session, intake: Intake, values: list[FieldValue]) -> Any:
    """The finished document, or what has been collected so far in the same shape.

    The database sorts the keys of a stored document; where both say the same, the collected one has
    them in the template's order.
    """
    collected = document_of(session, intake, values)
    return collected if session.document in (None, collected) else session.document
