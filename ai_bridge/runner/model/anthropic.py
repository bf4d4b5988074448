"""Anthropic's messages API, and what is compatible with it."""

from typing import Any

import httpx
import orjson
from pydantic import BaseModel, ValidationError

from ai_bridge.contract import Provider
from ai_bridge.runner.model import proposal
from ai_bridge.runner.model.http import post_json
from ai_bridge.runner.model.trouble import Trouble
from ai_bridge.runner.model.wire import Call, Said, usage_of

BASE_URL = "https://api.anthropic.com/v1"
VERSION = "2023-06-01"


class _Block(BaseModel):
    type: str = ""
    text: str = ""
    input: dict[str, Any] | None = None


class _Answer(BaseModel):
    content: list[_Block]
    stop_reason: str | None = None
    usage: dict[str, Any] | None = None


class AnthropicWire:
    methods: tuple[str, ...] = ("function_calling", "json_object")

    def __init__(self, provider: Provider, client: httpx.AsyncClient) -> None:
        self._provider, self._client = provider, client
        base = (provider.base_url or BASE_URL).rstrip("/")
        self._url = f"{base if base.endswith('/v1') else base + '/v1'}/messages"

    async def call(self, call: Call) -> Said:
        headers = {"x-api-key": self._provider.api_key, "anthropic-version": VERSION}
        answer = await post_json(self._client, self._url, headers, self._body(call), call.end)
        return _read(answer)

    def _body(self, call: Call) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._provider.model,
            "system": "\n\n".join(text for role, text in call.messages if role == "system"),
            "messages": [
                {"role": role, "content": text} for role, text in call.messages if role != "system"
            ],
            "max_tokens": self._provider.max_tokens,
        }
        if "temperature" not in call.quirks:
            body["temperature"] = 0
        if call.method == "function_calling":
            tool = {
                "name": proposal.NAME,
                "description": proposal.PURPOSE,
                "input_schema": call.prompt.schema,
            }
            body |= {"tools": [tool], "tool_choice": {"type": "tool", "name": proposal.NAME}}
        return body


def _read(answer: Any) -> Said:
    try:
        found = _Answer.model_validate(answer)
    except ValidationError as error:
        raise Trouble("not_an_answer") from error
    usage = found.usage or {}
    return Said(
        text=_text(found.content),
        usage=usage_of(usage.get("input_tokens"), usage.get("output_tokens")),
        is_cut=found.stop_reason == "max_tokens",
    )


def _text(blocks: list[_Block]) -> str:
    for block in blocks:
        if block.type == "tool_use" and block.input is not None:
            return orjson.dumps(block.input).decode()
    return "".join(block.text for block in blocks if block.type == "text")
