"""Every frame of chat.v1, both directions. What comes in is checked here, once."""

import re
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ai_bridge.contract import Choice, CloseReason, Progress
from ai_bridge.intake.bounds import MAX_NUMBER, holds_huge_number
from sessions_app.errors import BadFrame, MessageTooLong, TextInvalid

MAX_FRAME = 64 * 1024
MAX_TEXT = 8 * 1024
NUL = "\x00"
ESCAPED_NUL = re.compile(rb"(?<!\\)(\\\\)*\\u0000")


class Frame(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Hello(Frame):
    type: Literal["hello"]
    token: str = Field(max_length=16 * 1024)
    after: int = Field(default=0, ge=0, lt=2**31)


class SendMessage(Frame):
    type: Literal["message"] = "message"
    client_id: UUID
    text: str


class EditField(Frame):
    type: Literal["edit"] = "edit"
    client_id: UUID
    path: str = Field(min_length=1, max_length=200)
    value: Any


class Typing(Frame):
    type: Literal["typing"]


class Close(Frame):
    type: Literal["close"]


class Ping(Frame):
    type: Literal["ping"]


ClientFrame = Annotated[
    Hello | SendMessage | EditField | Typing | Close | Ping, Field(discriminator="type")
]
CLIENT_FRAME: TypeAdapter[ClientFrame] = TypeAdapter(ClientFrame)


class ProgressCounts(Frame):
    filled: int = 0
    required: int = 0


class Settings(Frame):
    """What anybody who loads the widget may know of the site."""

    name: str
    title: str
    greeting: str
    locale: str
    theme: Literal["auto", "light", "dark"]
    color: str
    position: Literal["right", "left"]
    launcher_title: str


class Ready(Frame):
    type: Literal["ready"] = "ready"
    session: str
    status: Literal["new", "open", "completed", "handoff", "closed"]
    seq: int
    progress: ProgressCounts
    settings: Settings


class Ack(Frame):
    type: Literal["ack"] = "ack"
    client_id: UUID
    seq: int


class Delta(Frame):
    """Provisional: replaced by the turn's message; void when `attempt` changes."""

    type: Literal["delta"] = "delta"
    turn: UUID
    attempt: int
    text: str


class Token(Frame):
    type: Literal["token"] = "token"
    jwt: str
    expires: str


class Resync(Frame):
    """Forget every event; what follows begins after this number."""

    type: Literal["resync"] = "resync"
    after: int


class Pong(Frame):
    type: Literal["pong"] = "pong"


class Problem(Frame):
    type: Literal["error"] = "error"
    code: str
    detail: str
    client_id: UUID | None = None
    retry_after: float | None = None


class Message(Frame):
    """A stored line of the transcript. `turn` is the client id of the input that it answers."""

    type: Literal["message"] = "message"
    id: str
    role: Literal["visitor", "assistant"]
    text: str
    client_id: UUID | None = None
    turn: UUID | None = None
    attempt: int | None = None
    asking: str | None = None
    choices: tuple[Choice, ...] = ()
    progress: Progress | None = None
    at: str


class Evidence(Frame):
    message: str | None
    start: int | None
    end: int | None
    quote: str
    method: str


class FieldChanged(Frame):
    type: Literal["field"] = "field"
    path: str
    value: Any
    status: Literal["set", "corrected", "cleared", "dropped", "declined", "refused"]
    evidence: Evidence | None
    reason: str = ""


class ProgressChanged(Frame):
    type: Literal["progress"] = "progress"
    filled: int
    required: int


class Completed(Frame):
    type: Literal["completed"] = "completed"
    fields: dict[str, Any]


class Closed(Frame):
    type: Literal["closed"] = "closed"
    reason: CloseReason


Fact = Message | FieldChanged | ProgressChanged | Completed | Closed


def parse_frame(text: str | None) -> ClientFrame:
    """One frame from a socket; what it says is still to be checked. Raises BadFrame."""
    if text is None:
        raise BadFrame("Binary frames are not part of chat.v1. Send JSON as a text frame.")
    if len(text) > MAX_FRAME:
        raise BadFrame("A frame may hold 64 KiB.")
    try:
        return CLIENT_FRAME.validate_python(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        raise BadFrame(f"The frame is not valid JSON: {error}.") from error
    except ValidationError as error:
        raise BadFrame(_explain(error)) from error


def checked(given: SendMessage | EditField) -> SendMessage | EditField:
    """The same input with text that can be stored. Raises TextInvalid or MessageTooLong."""
    if isinstance(given, SendMessage):
        return given.model_copy(update={"text": checked_text(given.text)})
    check_value(given.value)
    if NUL in given.path:
        raise TextInvalid("The path holds the character U+0000.")
    return given


def checked_text(text: str) -> str:
    """Without U+0000, which no database takes and no visitor means."""
    kept = text.replace(NUL, "")
    try:
        size = len(kept.encode())
    except UnicodeEncodeError as error:
        raise TextInvalid("The text holds half a surrogate pair. Send valid Unicode.") from error
    if size > MAX_TEXT:
        raise MessageTooLong
    if not kept.strip():
        raise TextInvalid("The message is empty.")
    return kept


def check_value(value: Any) -> None:
    """Raises TextInvalid for a JSON value that cannot be stored, MessageTooLong for a huge one."""
    try:
        written = orjson.dumps(value)
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise TextInvalid("The value is not JSON that can be stored.") from error
    if len(written) > MAX_TEXT:
        raise MessageTooLong
    if holds_nul(written):
        raise TextInvalid("The value holds the character U+0000.")
    if holds_huge_number(value):
        raise TextInvalid(f"The value holds a number beyond {MAX_NUMBER}. Send it as text.")


def holds_nul(written: bytes) -> bool:
    """Whether JSON holds the character itself; a backslash with `u0000` behind it is just text."""
    return bool(ESCAPED_NUL.search(written))


def payload_of(fact: Fact) -> dict[str, Any]:
    """What is stored of an event; its type and number have columns of their own."""
    return fact.model_dump(mode="json", exclude={"type"})


def encode(frame: Frame) -> str:
    return frame.model_dump_json()


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "frame"
    return f"{place}: {first['msg']}."
