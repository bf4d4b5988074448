"""Bodies of the public HTTP interface, as they come in and go out."""

import re
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from ai_bridge.intake.bounds import MAX_NUMBER, holds_huge_number
from sessions_app.frames import NUL, Settings, holds_nul

LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
MAX_PREFILL = 4 * 1024
MAX_IDENTITY = 4 * 1024


def _locale(value: Any) -> str:
    """A language tag, or nothing: what a browser says of itself is no reason to refuse it."""
    text = value if isinstance(value, str) else ""
    return text if LOCALE.fullmatch(text) and len(text) <= 16 else ""


def _timezone(value: Any) -> str:
    return value if isinstance(value, str) and value in available_timezones() else ""


def _session(value: Any) -> UUID:
    """`ses_` and 32 hexadecimal digits."""
    if not isinstance(value, str) or not re.fullmatch(r"ses_[0-9a-f]{32}", value):
        raise ValueError("a session id is ses_ and 32 hexadecimal digits")
    return UUID(value.removeprefix("ses_"))


def _prefill(value: Any) -> Any:
    written = orjson.dumps(value)
    if len(written) > MAX_PREFILL or holds_nul(written):
        raise ValueError("prefill holds at most 4 KiB of JSON, without the character U+0000")
    if holds_huge_number(value):
        raise ValueError(f"prefill holds no number beyond {MAX_NUMBER}; send it as text")
    return value or {}


def _plain(text: str) -> str:
    if NUL in text:
        raise ValueError("it holds the character U+0000; leave it out")
    return text


SessionId = Annotated[UUID, BeforeValidator(_session)]
PlainText = Annotated[str, AfterValidator(_plain)]


class TokenRequest(BaseModel):
    """`site` is the publishable key; with a secret key in the header it may be left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    site: str = Field(default="", max_length=200)
    session: SessionId | None = None
    resume: str = Field(default="", max_length=200)
    locale: Annotated[str, BeforeValidator(_locale)] = ""
    timezone: Annotated[str, BeforeValidator(_timezone)] = ""
    identity: str | dict[str, Any] | None = None
    prefill: Annotated[dict[str, Any], BeforeValidator(_prefill)] = Field(default_factory=dict)


class TokenGranted(BaseModel):
    token: str
    expires: str
    session: str
    resume: str
    status: Literal["new", "open", "completed", "handoff", "closed"]
    settings: Settings


class ChatRequest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    client_id: UUID
    text: str


class ChatAnswered(BaseModel):
    """The recorded answer; the same `client_id` gets it again byte for byte."""

    client_id: UUID
    session: str
    turn: UUID
    message: dict[str, Any] | None
    fields: tuple[dict[str, Any], ...]
    status: Literal["open", "completed", "handoff", "closed"]
    document: dict[str, Any] | None


class SessionClosedAnswer(BaseModel):
    session: str
    status: str


class ProblemAnswer(BaseModel):
    """RFC 9457; `code` is stable, `detail` is for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[dict[str, str], ...] = ()
    request_id: str
