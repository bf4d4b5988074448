"""One runner process's way to models: an HTTP client, and what it remembers of endpoints."""

from collections.abc import Mapping

import httpx

from ai_bridge.contract import Provider
from ai_bridge.outbound import OutboundPolicy, PinnedTransport
from ai_bridge.runner.model.anthropic import AnthropicWire
from ai_bridge.runner.model.memory import Endpoint, Memory
from ai_bridge.runner.model.openai import OpenAiWire
from ai_bridge.runner.model.wire import Wire


class Connections:
    """For one event loop. Keys pass through; none is kept."""

    def __init__(self, policy: OutboundPolicy, more_langchain: Mapping[str, str]) -> None:
        self._policy, self._more = policy, more_langchain
        self._client = httpx.AsyncClient(
            transport=PinnedTransport(policy), trust_env=False, follow_redirects=False
        )
        self._memory = Memory()

    def endpoint(self, provider: Provider) -> Endpoint:
        return self._memory.endpoint(provider)

    def wire(self, provider: Provider) -> Wire:
        """Raises Trouble when the provider cannot be used at all."""
        match provider.kind:
            case "openai":
                return OpenAiWire(provider, self._client)
            case "anthropic":
                return AnthropicWire(provider, self._client)
            case "langchain":
                from ai_bridge.runner.model.langchain import LangChainWire

                return LangChainWire(provider, self._policy, self._more)

    async def aclose(self) -> None:
        await self._client.aclose()
