"""One turn on the runner: Initialize, Process, Commit. Any replica can run any turn."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import orjson
from langgraph.checkpoint.base import CheckpointTuple

from ai_bridge import failpoints
from ai_bridge.contract import (
    Delta,
    Done,
    MessageInput,
    MigrateInput,
    Operation,
    OperationEvent,
    PastTurn,
    TurnRequest,
)
from ai_bridge.errors import (
    DeadlineTooShort,
    RunnerUnavailable,
    StaleFence,
    TemplateRequired,
    ThreadClosed,
)
from ai_bridge.intake import Intake, in_language
from ai_bridge.runner.deltas import Deltas
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.extract.types import Extractor
from ai_bridge.runner.graph import Graph, Unit, compile_graph, run_graph
from ai_bridge.runner.intakes import Intakes
from ai_bridge.runner.metrics import REPLAYS
from ai_bridge.runner.models import Models
from ai_bridge.runner.outcome import done_of
from ai_bridge.runner.store import Commit, Store, Thread
from ai_bridge.runner.turn import State, Turn

# A turn by rules takes some milliseconds; below this even its two statements may not fit.
SHORTEST_DEADLINE_MS = 200
# Each retry means that another turn was stored meanwhile, so some turn always gets through.
_TRIES = 8

Event = Delta | OperationEvent | Done


@dataclass(frozen=True)
class Runner:
    """What a process keeps between turns: nothing about any thread but compiled templates."""

    store: Store
    graph: Graph = field(default_factory=compile_graph)
    extractor: Extractor = field(default_factory=RuleExtractor)
    intakes: Intakes = field(default_factory=Intakes)
    models: Models = field(default_factory=Models)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a turn begins. `past` is computed again first, when the state has to be rebuilt."""

    thread: Thread | None
    newest: CheckpointTuple | None
    intake: Intake
    past: tuple[PastTurn, ...]


async def run_turn(request: TurnRequest, runner: Runner) -> AsyncGenerator[Event, None]:
    """Yields deltas, operations and one `done`, which is committed before it is yielded.

    Safe to repeat: a request id that was committed is answered with its recorded result.
    Before the first event it raises TemplateRequired, StaleFence, ThreadClosed,
    TemplateInvalidError or DeadlineTooShort; at any time RunnerUnavailable.
    """
    if request.deadline_ms < SHORTEST_DEADLINE_MS:
        raise DeadlineTooShort
    end = asyncio.get_running_loop().time() + request.deadline_ms / 1000
    event: Event | None = None
    asking = replace(runner, extractor=_extractor(request, runner, end))
    for attempt in range(_TRIES):
        async with aclosing(_attempt(request, asking, end, is_first=attempt == 0)) as events:
            async for event in events:
                yield event
        if isinstance(event, Done):
            return
    raise RunnerUnavailable


def _extractor(request: TurnRequest, runner: Runner, end: float) -> Extractor:
    """Only a message is ever shown to a model."""
    provider = request.provider
    is_message = isinstance(request.input, MessageInput)
    if provider is None or provider.extractor == "rules" or not is_message:
        return runner.extractor
    return runner.models.extractor(runner.extractor, provider, request.recent, end)


async def _attempt(
    request: TurnRequest, runner: Runner, end: float, *, is_first: bool
) -> AsyncGenerator[Event, None]:
    """Ends without a `done` when another turn was stored first."""
    begun = await _initialize(request, runner)
    if isinstance(begun, Done):
        for event in _told(begun):
            yield event
        return
    failpoints.reach("runner_after_load")
    unit, deltas = Unit(begun.newest), Deltas()
    work = asyncio.create_task(_process(request, runner, begun, unit, deltas, end))
    try:
        async for delta in deltas:
            # A later try says the same again; the final text replaces all pieces anyway.
            if is_first:
                yield delta
        state = await work
    finally:
        work.cancel()
    done = await _commit(request, runner, begun, unit, state)
    for event in _told(done) if done else ():
        yield event


def _told(done: Done) -> tuple[Event, ...]:
    return (*(OperationEvent(operation=operation) for operation in done.operations), done)


async def _initialize(request: TurnRequest, runner: Runner) -> Start | Done:
    """One statement. The recorded result when the request was committed before."""
    known = runner.intakes.get(request.template_hash)
    thread = await runner.store.load(
        request.thread_id, request.request_id, request.fence, known.hash if known else ""
    )
    if thread is not None:
        if thread.recorded is not None:
            REPLAYS.inc()
            return Done.model_validate_json(thread.recorded)
        if thread.fence > request.fence:
            raise StaleFence
        if thread.closed_reason is not None:
            raise ThreadClosed
    intake = _intake(request, runner, thread, known)
    newest = thread.checkpoint if thread else None
    is_same = thread is not None and thread.template_hash == intake.hash
    if newest and (is_same or isinstance(request.input, MigrateInput)):
        return Start(thread, newest, intake, ())
    if request.template is None:
        raise TemplateRequired
    past = (turn for turn in request.history or () if turn.request_id != request.request_id)
    return Start(thread, None, intake, tuple(past))


def _intake(
    request: TurnRequest, runner: Runner, thread: Thread | None, known: Intake | None
) -> Intake:
    if request.template is not None:
        return runner.intakes.add(request.template, request.template_hash)
    if known is not None:
        return known
    if thread is None or thread.template is None or thread.template_hash != request.template_hash:
        raise TemplateRequired
    return runner.intakes.add(orjson.loads(thread.template), thread.template_hash)


async def _process(
    request: TurnRequest, runner: Runner, begun: Start, unit: Unit, deltas: Deltas, end: float
) -> State:
    try:
        async with asyncio.timeout_at(end):
            for past in begun.past:
                turn = _turn(past, begun.intake, runner, past.operations, _unsaid)
                await run_graph(runner.graph, request.thread_id, unit, turn)
            turn = _turn(request, begun.intake, runner, None, deltas.say)
            return await run_graph(runner.graph, request.thread_id, unit, turn)
    except TimeoutError as error:
        raise RunnerUnavailable from error
    finally:
        deltas.finish()


def _turn(
    source: TurnRequest | PastTurn,
    intake: Intake,
    runner: Runner,
    recorded: tuple[Operation, ...] | None,
    say: Callable[[str], None],
) -> Turn:
    return Turn(
        request_id=str(source.request_id),
        input=source.input,
        intake=in_language(intake, source.locale),
        extractor=runner.extractor,
        now=source.now,
        locale=source.locale,
        region=source.region or intake.settings.region,
        recorded=recorded,
        say=say,
    )


def _unsaid(piece: str) -> None:
    """A past turn's words were said already."""


async def _commit(
    request: TurnRequest, runner: Runner, begun: Start, unit: Unit, state: State
) -> Done | None:
    """None when another turn was stored first; then this one starts again from the new state."""
    if unit.newest is None:
        raise RunnerUnavailable
    done = done_of(state, begun.intake, unit.newest.checkpoint["id"])
    thread = begun.thread
    is_stored = thread is not None and thread.template_hash == begun.intake.hash
    commit = Commit(
        thread_id=request.thread_id,
        request_id=request.request_id,
        fence=request.fence,
        is_new=thread is None,
        parent=thread.head if thread else None,
        checkpoint=unit.newest,
        state_hash=done.state_hash,
        template_hash=begun.intake.hash,
        template=None if is_stored else orjson.dumps(begun.intake.document),
        closed_reason=done.close_reason,
        result=done.model_dump_json().encode(),
    )
    failpoints.reach("runner_before_commit")
    is_committed = await runner.store.commit_turn(commit)
    failpoints.reach("runner_after_commit")
    return done if is_committed else None
