"""Reads recorded messages with a model's help, as a turn of the product would."""

import asyncio
from dataclasses import replace
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from ai_bridge.contract import Operation, Provider, RecentMessage
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.extract.types import Extraction, Utterance
from ai_bridge.runner.models import Models
from ai_bridge.runner.normalise import Context, Refusal, normalise

# As much as a turn has in the product.
TURN_SECONDS = 20.0


class ModelReader:
    """One connection for all messages; whoever runs it vouches for the base URL's host.

    `troubles` counts the messages that rules read because the model did not.
    """

    def __init__(self, provider: Provider) -> None:
        host = (urlsplit(provider.base_url).hostname or "").lower()
        self._provider, self._rules = provider, RuleExtractor()
        self._models = Models(frozenset({host} - {""}))
        self._loop = asyncio.Runner()
        self.troubles: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.run(self._models.aclose())
        self._loop.close()

    def read(self, utterance: Utterance) -> Extraction:
        found = self._loop.run(self._read(utterance))
        if found.model and found.model.trouble:
            self.troubles[found.model.trouble] = self.troubles.get(found.model.trouble, 0) + 1
        operations = tuple(_settled(operation, utterance) for operation in found.operations)
        return replace(found, operations=operations)

    async def _read(self, utterance: Utterance) -> Extraction:
        said = (RecentMessage(role="assistant", text=utterance.said),) if utterance.said else ()
        end = asyncio.get_running_loop().time() + TURN_SECONDS
        extractor = self._models.extractor(self._rules, self._provider, said, end)
        return await extractor.extract(utterance)


def _settled(operation: Operation, utterance: Utterance) -> Operation:
    """What `validate` makes of a model's operation: its value is still in words."""
    field = utterance.intake.field(operation.path)
    is_raw = operation.source == "model" and operation.op in ("set", "correct")
    if field is None or not operation.accepted or not is_raw:
        return operation
    context = Context(utterance.now, utterance.locale, utterance.region)
    result = normalise(field, operation.value, context)
    if isinstance(result, Refusal):
        return operation.model_copy(update={"accepted": False, "reason": result.reason})
    return operation.model_copy(update={"value": result.value})
