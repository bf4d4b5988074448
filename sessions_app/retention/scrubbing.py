"""What stands where something was erased: pure functions over a conversation's stored JSON."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from ai_bridge.intake import Intake
from sessions_app.mentions import mentions, replace_places, writings
from sessions_app.models import FieldValue
from sessions_app.retention.terms import Terms
from sessions_app.standing import remaining_document, settle

# Words of these stand in many an answer, and in none of them for a person.
PLAIN_KINDS = {"boolean", "consent", "choice", "choices"}
Json = dict[str, Any]


class Span(NamedTuple):
    path: str
    start: int
    end: int


def notice(moment: datetime, days: int) -> str:
    """What is read where something was."""
    return f"[erased on {moment:%Y-%m-%d}, after {days} day{'' if days == 1 else 's'}]"


@dataclass(frozen=True)
class Scrub:
    """One erasure: of the fields whose period is at most `days`, and of the words said.

    `words` is what stands for them; None when they went with an earlier, shorter period. `spans`
    are the words of all fields that will be erased one day, by message.
    """

    intake: Intake
    terms: Terms
    days: int
    moment: datetime
    words: str | None
    secrets: frozenset[str]
    spans: Mapping[UUID, tuple[Span, ...]]

    def is_due(self, path: str) -> bool:
        return 0 < self.terms.days_of(path) <= self.days

    def value(self, path: str, value: Any, status: str) -> Any:
        """What is kept, without what it says of an erased value: a free text, or a refused try."""
        if status == FieldValue.Status.REFUSED:
            return _each_text(value, self.text)
        field = self.intake.field(path)
        is_free = field is None or (field.kind == "text" and not field.options)
        return _each_text(value, self._unless_own) if is_free else value

    def _unless_own(self, text: str) -> str:
        """Equal in whole it is this field's own value, which the template lets be kept."""
        return text if text.strip() in self.secrets else self.text(text)

    def text(self, text: str) -> str:
        places = mentions(self.secrets, text, whole_words=True)
        return replace_places(text, places, "[erased]")

    def quote(self, quote: str, message: UUID | None, place: Span) -> str:
        """Of a kept value: its words stay unless they are, or say, another one's to be erased."""
        others = [span for span in self._at(message) if span.path != place.path]
        is_shared = any(one.start < place.end and place.start < one.end for one in others)
        return "" if is_shared or self.text(quote) != quote else quote

    def _at(self, message: UUID | None) -> tuple[Span, ...]:
        return self.spans.get(message, ()) if message else ()

    def input(self, given: Json) -> Json:
        """A turn's input: of what kind it was and which field it named."""
        blank: Json = {"text": self.words, "value": None, "values": {}, "reason": ""}
        return {key: blank.get(key, kept) for key, kept in given.items()}

    def identity(self, identity: Json) -> Json:
        """The customer's own name for its visitor, as long as that is none of the erased."""
        known = str(identity.get("sub", ""))
        return {"sub": known} if known and self.text(known) == known else {}


def scrub_of(
    intake: Intake,
    terms: Terms,
    history: Iterable[FieldValue],
    *,
    days: int,
    moment: datetime,
    has_words: bool,
) -> Scrub:
    """`history` as it stands before the erasure; `has_words` while what was said is there."""
    rows = list(history)
    due = [row for row in rows if 0 < terms.days_of(row.path) <= days]
    return Scrub(
        intake=intake,
        terms=terms,
        days=days,
        moment=moment,
        words=notice(moment, min(terms.periods)) if has_words else None,
        secrets=frozenset(_secrets(intake, due)),
        spans=_spans(row for row in rows if terms.days_of(row.path)),
    )


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each_text(item, change) for item in value]
    if isinstance(value, Mapping):
        return {name: _each_text(item, change) for name, item in value.items()}
    return value


def _secrets(intake: Intake, rows: Iterable[FieldValue]) -> Iterable[str]:
    for row in rows:
        field = intake.field(row.path)
        kind = field.kind if field else ""
        if kind in PLAIN_KINDS or (field and field.options):
            continue
        said = [text.strip() for text in (row.quote, *writings(row.value))]
        names = [name for text in said for name in text.split()] if kind == "name" else []
        yield from (text for text in (*said, *names) if _is_telling(text))


def _is_telling(text: str) -> bool:
    """A short number may count anything, and one letter is no word."""
    return len(text) >= (4 if text.isdecimal() else 2)


def _spans(rows: Iterable[FieldValue]) -> dict[UUID, tuple[Span, ...]]:
    found: dict[UUID, tuple[Span, ...]] = {}
    for row in rows:
        if row.message_uid and row.start is not None:
            span = _span(row.path, row.start, row.end)
            found[row.message_uid] = (*found.get(row.message_uid, ()), span)
    return found


def _span(path: str, start: int | None, end: int | None) -> Span:
    return Span(path, start or 0, end or 0)


class Told:
    """The events of a conversation, oldest first, as they read after the erasure."""

    def __init__(self, scrub: Scrub, events: Iterable[tuple[int, str, Json]]) -> None:
        self._scrub = scrub
        self._changes: list[tuple[int, Json]] = []
        self.payloads = {seq: self._payload(seq, kind, payload) for seq, kind, payload in events}

    def document_at(self, seq: int) -> Json:
        """What was collected by then, as far as it is kept."""
        fields: Json = {}
        for at, change in self._changes:
            if at <= seq:
                settle(fields, change["path"], change["status"], change["value"])
        return remaining_document(fields)

    def response(self, recorded: str) -> str:
        """A turn's recorded answer."""
        answer = orjson.loads(recorded)
        frames = [frame for frame in (answer["message"], *answer["fields"]) if frame]
        last = max((frame["seq"] for frame in frames), default=0)
        if answer["message"]:
            answer["message"] |= self.payloads[answer["message"]["seq"]]
        answer["fields"] = [frame | self.payloads[frame["seq"]] for frame in answer["fields"]]
        if answer["document"] is not None:
            answer["document"] = self.document_at(last)
        return orjson.dumps(answer).decode()

    def _payload(self, seq: int, kind: str, payload: Json) -> Json:
        if kind == "field":
            changed = scrub_change(self._scrub, payload)
            self._changes.append((seq, changed))
            return changed
        if kind == "completed":
            return {**payload, "fields": self.document_at(seq)}
        if kind == "message" and self._scrub.words is not None:
            return {**payload, "text": self._scrub.words, "choices": []}
        return payload


def scrub_change(scrub: Scrub, payload: Json) -> Json:
    """A `field` event."""
    path, evidence = payload["path"], payload["evidence"] or {}
    is_due = scrub.is_due(path)
    place = _span(path, evidence.get("start"), evidence.get("end"))
    message = _uid(evidence.get("message"))
    quote = "" if is_due else scrub.quote(evidence.get("quote", ""), message, place)
    return {
        **payload,
        "value": None if is_due else scrub.value(path, payload["value"], payload["status"]),
        "reason": _reason(scrub, path, payload["reason"]),
        "evidence": {**evidence, "quote": quote, "start": None, "end": None},
    }


def scrub_row(scrub: Scrub, row: FieldValue) -> None:
    """The same for what is kept of the change."""
    if scrub.is_due(row.path):
        row.value, row.quote, row.reason = None, "", ""
        row.erased_at = row.erased_at or scrub.moment
        row.erased_days = row.erased_days or scrub.terms.days_of(row.path)
    else:
        place = _span(row.path, row.start, row.end)
        row.quote = scrub.quote(row.quote, row.message_uid, place)
        row.value = scrub.value(row.path, row.value, row.status)
        row.reason = scrub.text(row.reason)[:200]
    row.start = row.end = None


def _reason(scrub: Scrub, path: str, reason: str) -> str:
    if not scrub.is_due(path):
        return scrub.text(reason)
    is_told = reason.startswith("[erased on ")
    return reason if is_told else notice(scrub.moment, scrub.terms.days_of(path))


def _uid(message: str | None) -> UUID | None:
    return UUID(message.removeprefix("msg_")) if message else None
