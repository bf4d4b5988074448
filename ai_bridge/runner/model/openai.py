"""Endpoints that speak OpenAI's chat completions: OpenAI, vLLM, Ollama, OpenRouter and others."""

from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from ai_bridge.contract import Provider
from ai_bridge.runner.model import proposal
from ai_bridge.runner.model.http import post_json
from ai_bridge.runner.model.trouble import Trouble
from ai_bridge.runner.model.wire import Call, Said, usage_of

BASE_URL = "https://api.openai.com/v1"


class _Function(BaseModel):
    arguments: str = ""


class _ToolCall(BaseModel):
    function: _Function = _Function()


class _Message(BaseModel):
    content: str | list[dict[str, Any]] | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice]
    usage: dict[str, Any] | None = None


class OpenAiWire:
    methods: tuple[str, ...] = ("json_schema", "function_calling", "json_object")

    def __init__(self, provider: Provider, client: httpx.AsyncClient) -> None:
        self._provider, self._client = provider, client
        self._url = f"{(provider.base_url or BASE_URL).rstrip('/')}/chat/completions"

    async def call(self, call: Call) -> Said:
        key = self._provider.api_key
        headers = {"authorization": f"Bearer {key}"} if key else {}
        answer = await post_json(self._client, self._url, headers, self._body(call), call.end)
        return _read(answer)

    def _body(self, call: Call) -> dict[str, Any]:
        limit = "max_completion_tokens" if "max_tokens" in call.quirks else "max_tokens"
        body: dict[str, Any] = {
            "model": self._provider.model,
            "messages": [{"role": role, "content": text} for role, text in call.messages],
            limit: self._provider.max_tokens,
        }
        if "temperature" not in call.quirks:
            body["temperature"] = 0
        return body | _form(call)


def _form(call: Call) -> dict[str, Any]:
    match call.method:
        case "json_schema":
            wanted = {"name": proposal.NAME, "strict": True, "schema": call.prompt.schema}
            return {"response_format": {"type": "json_schema", "json_schema": wanted}}
        case "function_calling":
            function = {
                "name": proposal.NAME,
                "description": proposal.PURPOSE,
                "parameters": call.prompt.schema,
            }
            return {
                "tools": [{"type": "function", "function": function}],
                "tool_choice": {"type": "function", "function": {"name": proposal.NAME}},
            }
        case _:
            return {"response_format": {"type": "json_object"}}


def _read(answer: Any) -> Said:
    try:
        completion = _Completion.model_validate(answer)
    except ValidationError as error:
        raise Trouble("not_an_answer") from error
    if not completion.choices:
        raise Trouble("not_an_answer")
    choice, usage = completion.choices[0], completion.usage or {}
    return Said(
        text=_text(choice.message),
        usage=usage_of(usage.get("prompt_tokens"), usage.get("completion_tokens")),
        is_cut=choice.finish_reason == "length",
    )


def _text(message: _Message) -> str:
    if message.tool_calls:
        return message.tool_calls[0].function.arguments
    if isinstance(message.content, list):
        return "".join(str(part.get("text", "")) for part in message.content)
    return message.content or ""
