"""The runner's graph without its database: each thread's checkpoint stays in memory."""

from collections.abc import AsyncGenerator, Mapping
from functools import cache
from typing import Any, cast

from ai_bridge.client import RunnerClient
from ai_bridge.contract import Done, TurnRequest
from ai_bridge.intake import Intake, compile_template
from ai_bridge.intake.languages import in_language
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.graph import Unit, compile_graph, run_graph
from ai_bridge.runner.outcome import done_of
from ai_bridge.runner.turn import Turn
from tests.runner.talk import Talk

compiled = cache(compile_graph)


def talk_to(template: dict[str, Any], region: str = "", locale: str = "en") -> Talk:
    """A visitor of this template, whose thread is kept nowhere."""
    runner = UnstoredRunner()
    runner.prepare(template)
    return Talk(cast(RunnerClient, runner), template=template, region=region, locale=locale)


class UnstoredRunner:
    """Answers turns as a RunnerClient does, for one template at a time.

    What it keeps dies with it.
    """

    def __init__(self) -> None:
        self._graph = compiled()
        self._extractor = RuleExtractor()
        self._units: dict[str, Unit] = {}
        self._intakes: dict[int, Intake] = {}
        self._intake: Intake | None = None

    def prepare(self, template: Mapping[str, Any]) -> None:
        key = id(template)
        self._intake = self._intakes.get(key) or compile_template(template)
        self._intakes[key] = self._intake

    async def turn(self, request: TurnRequest) -> AsyncGenerator[Done, None]:
        assert self._intake is not None
        unit = self._units.setdefault(request.thread_id, Unit(None))
        state = await run_graph(
            self._graph, request.thread_id, unit, self._turn(request, self._intake)
        )
        assert unit.newest is not None
        yield done_of(state, self._intake, unit.newest.checkpoint["id"])

    def _turn(self, request: TurnRequest, intake: Intake) -> Turn:
        return Turn(
            request_id=str(request.request_id),
            input=request.input,
            intake=in_language(intake, request.locale),
            extractor=self._extractor,
            now=request.now,
            locale=request.locale,
            region=request.region or intake.settings.region,
            recorded=None,
            say=lambda piece: None,
        )
