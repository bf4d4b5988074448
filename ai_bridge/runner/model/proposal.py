"""What a model is asked to give back, as a JSON Schema, and reading it without trusting it."""

from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

NAME = "read_message"
PURPOSE = "Says what the visitor's message changes in the form, and words a short lead."
OPERATORS = ("set", "correct", "clear", "decline", "unknown")
MAX_OPERATIONS = 60
# As long as a path is in the record.
MAX_PATH = 200


class Unreadable(Exception):
    """The text is no proposal. The message names the problem, for the model's second try."""


class Proposed(BaseModel):
    """One change. `value` is in words or in the field's own form; the quote is what counts."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    op: Literal["set", "correct", "clear", "decline", "unknown"]
    path: str
    quote: str = ""
    value: str = ""

    @field_validator("quote", "value", mode="before")
    @classmethod
    def _as_text(cls, given: Any) -> Any:
        """Models write numbers and booleans where a text was asked for."""
        if given is None:
            return ""
        return given if isinstance(given, str) else orjson.dumps(given).decode()

    @field_validator("path", "quote", "value")
    @classmethod
    def _as_stored(cls, given: str) -> str:
        """Refused proposals are kept too, and no table takes U+0000 or a path without end."""
        return given.replace("\x00", "")

    @field_validator("path")
    @classmethod
    def _cut(cls, given: str) -> str:
        return given[:MAX_PATH]


class Proposal(BaseModel):
    """Everything a model made of one message. `lead` is what it would say first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    operations: tuple[Proposed, ...] = Field(max_length=MAX_OPERATIONS)
    lead: str = ""


def schema(paths: list[str]) -> dict[str, Any]:
    """Fits what strict decoders allow: every property required, nothing else admitted."""
    text = {"type": "string"}
    operation = {
        "op": {"type": "string", "enum": list(OPERATORS)},
        "path": {"type": "string", "enum": paths} if paths else text,
        "quote": text,
        "value": text,
    }
    return _object(
        {"operations": {"type": "array", "items": _object(operation)}, "lead": text},
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read(text: str) -> Proposal:
    """Raises Unreadable. Words or a code fence around the object are passed over."""
    first, last = text.find("{"), text.rfind("}")
    if first < 0 or last < first:
        raise Unreadable("There is no JSON object in it.")
    try:
        found = orjson.loads(text[first : last + 1])
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"It is not valid JSON: {error.msg}.") from error
    try:
        return Proposal.model_validate(found)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)[:3]
        named = (f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in problems)
        raise Unreadable("; ".join(named)) from error
