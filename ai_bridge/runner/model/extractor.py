"""The extractor that asks a model, and goes by rules alone whenever that does not work out."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from ai_bridge.contract import Operation, Provider, RecentMessage
from ai_bridge.runner.extract.types import Extraction, Extractor, ModelPart, Utterance
from ai_bridge.runner.model.checking import check
from ai_bridge.runner.model.connections import Connections
from ai_bridge.runner.model.joining import join
from ai_bridge.runner.model.ladder import Meter, propose
from ai_bridge.runner.model.leading import sound_lead
from ai_bridge.runner.model.prompt import Prompt, build_prompt
from ai_bridge.runner.model.proposal import Proposal
from ai_bridge.runner.model.trouble import Trouble

# What is kept back of the turn's time for reading by rules and for the commit.
RESERVE_SECONDS = 1.5

Asked = tuple[Prompt, Proposal]


class ModelExtractor:
    """For one request: a second attempt at the same turn uses what the first one was told."""

    def __init__(
        self,
        rules: Extractor,
        connections: Callable[[], Connections],
        provider: Provider,
        recent: tuple[RecentMessage, ...],
        end: float,
    ) -> None:
        self._rules, self._connections = rules, connections
        self._provider, self._recent = provider, recent
        self._end = end - RESERVE_SECONDS
        self._meter = Meter()
        self._told: Asked | Trouble | None = None

    async def extract(self, utterance: Utterance) -> Extraction:
        found = await self._rules.extract(utterance)
        if self._told is None:
            self._told = await self._ask(utterance)
        part = ModelPart(usage=self._meter.usage)
        if isinstance(self._told, Trouble):
            return replace(found, model=replace(part, trouble=self._told.code))
        prompt, proposal = self._told
        checked = check(proposal.operations, utterance)
        operations: tuple[Operation, ...] = tuple(item.operation for item in checked)
        if self._provider.extractor == "hybrid":
            operations = join(found.operations, checked, utterance)
        # Words about something that was refused would tell the visitor what is not so.
        is_sure = all(item.operation.accepted for item in checked)
        lead = sound_lead(proposal.lead, prompt) if is_sure else ""
        return replace(found, operations=operations, model=replace(part, lead=lead))

    async def _ask(self, utterance: Utterance) -> Asked | Trouble:
        now = asyncio.get_running_loop().time()
        end = min(self._end, now + self._provider.timeout_ms / 1000)
        connections = self._connections()
        prompt = build_prompt(utterance, self._provider, self._recent)
        try:
            proposal, _ = await propose(
                connections.wire(self._provider),
                connections.endpoint(self._provider),
                prompt,
                end,
                self._meter,
            )
        except Trouble as trouble:
            return trouble
        return prompt, proposal
