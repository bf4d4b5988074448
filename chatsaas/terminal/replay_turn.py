"""One recorded turn, run again. It loads nothing of Django, as the runner does not."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace

from ai_bridge.contract import Done, Operation, TurnRequest, Wire
from ai_bridge.errors import ChatError, RunnerUnavailable
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.extract.types import Extraction, Extractor, Utterance
from ai_bridge.runner.local import LocalRunner
from ai_bridge.runner.pool import open_runner
from ai_bridge.runner.process import Runner
from ai_bridge.runner.settings import RunnerSettings


class Replay(Wire):
    """`recorded` is what a model said when the turn was first answered; None without a model."""

    request: TurnRequest
    recorded: tuple[Operation, ...] | None = None


@dataclass(frozen=True)
class RecordedExtractor:
    """A model is not asked again: it would not answer the same. The signals are read anew."""

    recorded: tuple[Operation, ...]
    rules: Extractor

    async def extract(self, utterance: Utterance) -> Extraction:
        found = await self.rules.extract(utterance)
        return replace(found, operations=self.recorded)


def replay(asked: Replay, settings: RunnerSettings) -> str:
    """The state hash that it comes to, or the runner's refusal."""
    try:
        return asyncio.run(_replay(asked, settings))
    except ChatError as error:
        return f"{error.code}: {error.detail}"


async def _replay(asked: Replay, settings: RunnerSettings) -> str:
    async with open_runner(settings) as opened:
        return await replay_on(opened, asked)


async def replay_on(opened: Runner, asked: Replay) -> str:
    """The state hash after the turn. Raises what `RunnerClient.turn` raises."""
    if asked.recorded is not None:
        extractor = RecordedExtractor(asked.recorded, RuleExtractor())
        opened = replace(opened, extractor=extractor)
    return await _state_hash(LocalRunner(opened), asked.request)


async def _state_hash(runner: LocalRunner, request: TurnRequest) -> str:
    async with aclosing(runner.turn(request)) as events:
        async for event in events:
            if isinstance(event, Done):
                return event.state_hash
    raise RunnerUnavailable
