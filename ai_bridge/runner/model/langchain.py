"""Any LangChain chat model, by `provider:model`. Its package is loaded with the first such turn.

The provider's own client does the network here: a base URL is taken only for hosts that the
operator has allowed, because that client would follow a name or a redirect anywhere.
"""

import asyncio
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import httpx
import orjson
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage

from ai_bridge.contract import Provider
from ai_bridge.outbound import OutboundPolicy
from ai_bridge.runner.model import proposal
from ai_bridge.runner.model.http import MAX_REPLY
from ai_bridge.runner.model.trouble import Rejected, Trouble
from ai_bridge.runner.model.wire import Call, Said, usage_of

# Where each provider's class is; the operator may name more. Nothing else is ever imported.
PROVIDERS: Mapping[str, str] = {
    "anthropic": "langchain_anthropic:ChatAnthropic",
    "bedrock": "langchain_aws:ChatBedrockConverse",
    "cohere": "langchain_cohere:ChatCohere",
    "deepseek": "langchain_deepseek:ChatDeepSeek",
    "fireworks": "langchain_fireworks:ChatFireworks",
    "google_genai": "langchain_google_genai:ChatGoogleGenerativeAI",
    "groq": "langchain_groq:ChatGroq",
    "huggingface": "langchain_huggingface:ChatHuggingFace",
    "mistralai": "langchain_mistralai:ChatMistralAI",
    "ollama": "langchain_ollama:ChatOllama",
    "openai": "langchain_openai:ChatOpenAI",
    "perplexity": "langchain_perplexity:ChatPerplexity",
    "together": "langchain_together:ChatTogether",
    "xai": "langchain_xai:ChatXAI",
}
_BY_STATUS = {
    400: "",
    401: "unauthorised",
    402: "rate_limited",
    403: "unauthorised",
    404: "not_found",
    422: "",
    429: "rate_limited",
}
_CUT = ("length", "max_tokens", "MAX_TOKENS")


class LangChainWire:
    methods: tuple[str, ...] = ("json_schema", "function_calling", "json_object")

    def __init__(self, provider: Provider, policy: OutboundPolicy, more: Mapping[str, str]) -> None:
        name, _, self._model_name = provider.model.partition(":")
        known = {**PROVIDERS, **more}
        if name not in known or not self._model_name:
            raise Trouble("unknown_provider")
        if provider.base_url and not policy.exempts(httpx.URL(provider.base_url)):
            raise Trouble("address_refused")
        self._provider, self._class = provider, _class_of(known[name])

    async def call(self, call: Call) -> Said:
        try:
            async with asyncio.timeout_at(call.end):
                return _read(await self._asked(call))
        except Trouble:
            raise
        except Exception as error:  # noqa: BLE001
            # Each provider's package has errors of its own, with no root in common.
            raise _translated(error) from None

    async def _asked(self, call: Call) -> AIMessage:
        model = self._class(**self._arguments(call))
        messages = list(call.messages)
        if call.method == "json_object":
            return await model.ainvoke(messages)
        schema = {"title": proposal.NAME, "description": proposal.PURPOSE, **call.prompt.schema}
        shaped = model.with_structured_output(schema, method=call.method, include_raw=True)
        found: Any = await shaped.ainvoke(messages)
        raw: AIMessage = found["raw"]
        return raw

    def _arguments(self, call: Call) -> dict[str, Any]:
        """Those of ours that the class knows; what is left empty stays the package's default."""
        given = {
            "model": self._model_name,
            "api_key": self._provider.api_key,
            "base_url": self._provider.base_url,
            "max_tokens": self._provider.max_tokens,
            "temperature": None if "temperature" in call.quirks else 0,
            "timeout": max(0.1, call.end - asyncio.get_running_loop().time()),
            "max_retries": 0,
        }
        known = set(self._class.model_fields)
        known |= {field.alias for field in self._class.model_fields.values() if field.alias}
        return {
            name: value
            for name, value in given.items()
            if name in known and value is not None and value != ""
        }


def _class_of(place: str) -> type[BaseChatModel]:
    module, _, name = place.partition(":")
    try:
        found: type[BaseChatModel] = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise Trouble("not_installed") from error
    return found


def _translated(error: Exception) -> Trouble | Rejected:
    """By the HTTP status that most of them carry, else by the error's own name."""
    if isinstance(error, TimeoutError):
        return Trouble("timeout")
    if isinstance(error, ValueError | TypeError | NotImplementedError | KeyError):
        return Rejected()
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        code = _BY_STATUS.get(status, "server_error")
        return Trouble(code) if code else Rejected(str(getattr(error, "message", "")))
    name = type(error).__name__
    if "Length" in name:
        return Trouble("truncated")
    return Trouble(
        "timeout" if "Timeout" in name else "connect" if "Connect" in name else "cut_off"
    )


def _read(answer: AIMessage) -> Said:
    text = _text(answer)
    if len(text) > MAX_REPLY:
        raise Trouble("too_large")
    usage: Mapping[str, Any] = answer.usage_metadata or {}
    told = answer.response_metadata
    return Said(
        text=text,
        usage=usage_of(usage.get("input_tokens"), usage.get("output_tokens")),
        is_cut=(told.get("finish_reason") or told.get("stop_reason")) in _CUT,
    )


def _text(answer: AIMessage) -> str:
    if answer.tool_calls:
        return orjson.dumps(answer.tool_calls[0]["args"]).decode()
    if answer.invalid_tool_calls:
        return answer.invalid_tool_calls[0]["args"] or ""
    return str(answer.text)
