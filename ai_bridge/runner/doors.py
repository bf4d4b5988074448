"""What the ASGI app and the Lambda handler share: reading requests and writing answers."""

import hmac
from collections.abc import Sequence
from typing import TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from ai_bridge.contract import CloseRequest, Failed, Provider, TurnRequest
from ai_bridge.errors import ChatError, InvalidTurn

Wire = TypeVar("Wire", bound=BaseModel)

MAX_BODY = 1024 * 1024
MAX_THREAD_ID = 200
NDJSON = "application/x-ndjson"
JSON = "application/json"


def is_authorised(header: str, token: str) -> bool:
    """Compares in constant time; the header is `Bearer` and the service token."""
    return hmac.compare_digest(header.encode(), f"Bearer {token}".encode())


def read_turn(body: bytes) -> TurnRequest:
    """Raises InvalidTurn, naming the place that does not fit."""
    request = _read(TurnRequest, body)
    check_thread_id(request.thread_id)
    return request


def read_close(body: bytes) -> CloseRequest:
    request = _read(CloseRequest, body)
    check_thread_id(request.thread_id)
    return request


def read_provider(body: bytes) -> Provider:
    return _read(Provider, body)


def check_thread_id(thread_id: str) -> str:
    if not 0 < len(thread_id) <= MAX_THREAD_ID or "\x00" in thread_id:
        raise InvalidTurn(f"thread_id: Give 1 to {MAX_THREAD_ID} characters without U+0000.")
    return thread_id


def line(event: BaseModel) -> bytes:
    return event.model_dump_json().encode() + b"\n"


def failed(error: ChatError) -> Failed:
    return Failed(code=error.code, detail=error.detail, retryable=error.retryable)


def problem(error: ChatError) -> bytes:
    return orjson.dumps({"code": error.code, "detail": error.detail, "retryable": error.retryable})


def summaries(found: Sequence[BaseModel]) -> bytes:
    return orjson.dumps([item.model_dump(mode="json") for item in found])


def _read(model: type[Wire], body: bytes) -> Wire:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise InvalidTurn(f"{where}: {first['msg']}.") from error
