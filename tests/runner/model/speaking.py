"""Visitors whose messages are read with a model's help."""

from dataclasses import dataclass, field
from typing import Any

from ai_bridge.client import RunnerClient
from ai_bridge.contract import Done, MessageInput, Operation, Provider
from tests.models.serving import Endpoint
from tests.runner.talk import ROOF, Talk


@dataclass
class Speaker:
    """One conversation with `behaviour`'s model; the same provider for all its messages."""

    client: RunnerClient
    models: Endpoint
    template: dict[str, Any] = field(default_factory=lambda: ROOF)

    def with_model(self, behaviour: str, **changes: Any) -> "Spoken":
        provider = self.models.provider(behaviour, **changes)
        return Spoken(Talk(self.client, template=self.template), provider, self.models)


@dataclass
class Spoken:
    talk: Talk
    provider: Provider
    models: Endpoint

    async def say(self, text: str, **changes: Any) -> Done:
        return await self.talk.give(MessageInput(text=text), provider=self.provider, **changes)

    def asked(self) -> list[dict[str, Any]]:
        return self.models.asked(self.provider)


def by_model(done: Done) -> dict[str, tuple[Any, str]]:
    """Value and quote of what a model found."""
    return {
        held.path: (held.value, held.evidence.quote)
        for held in done.fields
        if held.evidence.method == "model"
    }


def refused(done: Done) -> list[Operation]:
    return [operation for operation in done.operations if not operation.accepted]
