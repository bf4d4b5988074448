"""The OpenAPI document's part that no framework can derive: the asynchronous doors."""

from typing import Any

from pydantic import BaseModel

from sessions_app.shapes import ChatAnswered, ChatRequest, ProblemAnswer, SessionClosedAnswer

PREFIX = "/api/v1/"
REFERENCE = "#/components/schemas/{model}"
# OpenAPI 3.1 has no word for the events of a stream; tools read the schema as that of each of them.
STREAM = {
    "text/event-stream": {
        "schema": {
            "type": "object",
            "description": "One event: `data` is a frame of the socket as JSON, `event` its type; "
            "what is stored has its number as `id`.",
            "properties": {
                "id": {"type": "string", "pattern": "^[0-9]+$"},
                "event": {"type": "string"},
                "data": {"type": "string", "contentMediaType": "application/json"},
            },
            "required": ["event", "data"],
        }
    }
}
SESSION = {
    "name": "session",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^ses_[0-9a-f]{32}$"},
}
AFTER = {
    "name": "after",
    "in": "query",
    "description": "The number of the last event that is known; `Last-Event-ID` goes before it.",
    "schema": {"type": "integer", "minimum": 0, "default": 0},
}


def only_public(endpoints: list[tuple[str, ...]], **_: Any) -> list[tuple[str, ...]]:
    own = (PREFIX + "schema", PREFIX + "docs")
    return [row for row in endpoints if row[0].startswith(PREFIX) and row[0] not in own]


def with_visitor_doors(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for shape in (ChatRequest, ChatAnswered, SessionClosedAnswer, ProblemAnswer):
        _register(schemas, shape)
    result["paths"] |= {
        PREFIX + "chat": {"post": _chat()},
        PREFIX + "sessions/{session}/events": {"get": _events()},
        PREFIX + "sessions/{session}/close": {"post": _close()},
    }
    for path, methods in result["paths"].items():
        for operation in methods.values():
            if "integrator" in operation["tags"]:
                operation["security"] = [{"secretKey": []}]
                operation["responses"] |= _refusals(400, 401, 403, 404, 409, 422, 429, 503)
            assert operation["operationId"], path
    return result


def _register(schemas: dict[str, Any], shape: type[BaseModel]) -> None:
    schema = shape.model_json_schema(ref_template=REFERENCE, mode="serialization")
    schemas |= schema.pop("$defs", {})
    schemas[shape.__name__] = schema


def _chat() -> dict[str, Any]:
    return {
        "operationId": "chat_create",
        "tags": ["visitor"],
        "summary": "Send one message and get its answer.",
        "description": "Safe to repeat with the same `client_id`: the recorded answer comes again "
        "byte for byte, with the header `Idempotency-Replayed: true`. With `Accept: "
        "text/event-stream` the answer is a stream of the socket's frames.",
        "security": [{"visitor": []}],
        "requestBody": {"required": True, "content": _json("ChatRequest")},
        "responses": {
            "200": {"description": "Answered.", "content": {**_json("ChatAnswered"), **STREAM}},
            **_refusals(400, 401, 403, 409, 413, 422, 429, 503),
        },
    }


def _events() -> dict[str, Any]:
    return {
        "operationId": "session_events",
        "tags": ["visitor"],
        "summary": "Every event since a number, then everything that comes.",
        "security": [{"visitor": []}],
        "parameters": [SESSION, AFTER],
        "responses": {
            "200": {"description": "Events, each with its number as `id`.", "content": STREAM},
            **_refusals(400, 401, 403, 404, 429, 503),
        },
    }


def _close() -> dict[str, Any]:
    return {
        "operationId": "session_close",
        "tags": ["visitor"],
        "summary": "End the chat. Safe to repeat.",
        "security": [{"visitor": []}],
        "parameters": [SESSION],
        "responses": {
            "200": {"description": "Closed.", "content": _json("SessionClosedAnswer")},
            **_refusals(401, 403, 404, 503),
        },
    }


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REFERENCE.format(model=name)}}}


def _refusals(*statuses: int) -> dict[str, Any]:
    content = {
        "application/problem+json": {"schema": {"$ref": REFERENCE.format(model="ProblemAnswer")}}
    }
    return {
        str(status): {"description": "Refused; see `code`.", "content": content}
        for status in statuses
    }
