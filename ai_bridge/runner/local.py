"""The runner inside this process, for tests and for machines with one process."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from ai_bridge.contract import (
    CheckpointSummary,
    CloseReason,
    ModelCheck,
    Provider,
    TurnRequest,
)
from ai_bridge.runner.doors import check_thread_id
from ai_bridge.runner.pool import open_runner
from ai_bridge.runner.process import Event, Runner, run_turn
from ai_bridge.runner.settings import RunnerSettings


class LocalRunner:
    """A RunnerClient without a network; the pool belongs to whoever made the runner."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def turn(self, request: TurnRequest) -> AsyncGenerator[Event, None]:
        check_thread_id(request.thread_id)
        async with aclosing(run_turn(request, self._runner)) as events:
            async for event in events:
                yield event

    async def close(self, thread_id: str, reason: CloseReason) -> None:
        await self._runner.store.close(check_thread_id(thread_id), reason)

    async def history(self, thread_id: str) -> tuple[CheckpointSummary, ...]:
        return await self._runner.store.history(check_thread_id(thread_id))

    async def delete(self, thread_id: str) -> None:
        await self._runner.store.delete(check_thread_id(thread_id))

    async def check_model(self, provider: Provider) -> ModelCheck:
        return await self._runner.models.check(provider)

    async def aclose(self) -> None:
        """The pool is closed by whoever opened it."""


@asynccontextmanager
async def local_runner(settings: RunnerSettings) -> AsyncIterator[LocalRunner]:
    """A local runner with a pool of its own, open for the length of the block."""
    async with open_runner(settings) as runner:
        yield LocalRunner(runner)
