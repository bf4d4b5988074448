"""The runner's door to models. Nothing behind it is loaded before a turn brings a provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ai_bridge.contract import ModelCheck, Provider, RecentMessage
from ai_bridge.runner.extract.types import Extractor

if TYPE_CHECKING:
    from ai_bridge.runner.model.connections import Connections


class Models:
    """For one event loop. `allowed_hosts` may be contacted though they are not public;
    `more_langchain` maps further LangChain providers to `module:Class`.
    """

    def __init__(
        self,
        allowed_hosts: frozenset[str] = frozenset(),
        more_langchain: Mapping[str, str] | None = None,
    ) -> None:
        self._allowed_hosts = allowed_hosts
        self._more_langchain = more_langchain or {}
        self._connections: Connections | None = None

    def extractor(
        self,
        rules: Extractor,
        provider: Provider,
        recent: tuple[RecentMessage, ...],
        end: float,
    ) -> Extractor:
        """For one request that has to be answered by `end` of the loop's clock."""
        from ai_bridge.runner.model.extractor import ModelExtractor

        return ModelExtractor(rules, self._open, provider, recent, end)

    async def check(self, provider: Provider) -> ModelCheck:
        """Asks the model to read a made-up message, as a turn would."""
        from ai_bridge.runner.model.trying import try_out

        return await try_out(self._open(), provider)

    async def aclose(self) -> None:
        if self._connections is not None:
            await self._connections.aclose()
            self._connections = None

    def _open(self) -> Connections:
        if self._connections is None:
            from ai_bridge.outbound import OutboundPolicy
            from ai_bridge.runner.model.connections import Connections

            policy = OutboundPolicy(self._allowed_hosts)
            self._connections = Connections(policy, self._more_langchain)
        return self._connections
