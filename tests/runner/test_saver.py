"""The saver keeps LangGraph's interface, and its bytes can only ever become JSON again."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.conformance import checkpointer_test, validate
from langgraph.checkpoint.conformance.capabilities import BASE_CAPABILITIES
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from ai_bridge.runner.pool import make_pool
from ai_bridge.runner.saver import PostgresSaver
from ai_bridge.runner.serial import JsonSerializer
from ai_bridge.runner.settings import RunnerSettings


async def test_the_base_capabilities_of_the_conformance_suite_pass(
    settings: RunnerSettings,
) -> None:
    @checkpointer_test(name="PostgresSaver")
    async def saver() -> AsyncGenerator[BaseCheckpointSaver[int], None]:
        async with make_pool(settings) as pool:
            yield PostgresSaver(pool)

    report = await validate(saver, capabilities={item.value for item in BASE_CAPABILITIES})
    failures = {name: found.failures for name, found in report.results.items() if found.failures}
    passed = {name for name, found in report.results.items() if found.passed}

    assert failures == {}
    assert passed == {item.value for item in BASE_CAPABILITIES}


def test_checkpoint_bytes_that_would_build_an_object_are_refused() -> None:
    kind, body = JsonPlusSerializer(allowed_msgpack_modules=True).dumps_typed(datetime.now(UTC))

    with pytest.raises(ValueError, match="not written by this runner"):
        JsonSerializer().loads_typed((kind, body))


@pytest.mark.parametrize("value", [datetime(2026, 3, 4, tzinfo=UTC), {1: "one"}, {"a": {1, 2}}])
def test_a_value_that_would_come_back_as_another_type_cannot_be_stored(value: object) -> None:
    with pytest.raises(TypeError):
        JsonSerializer().dumps_typed(value)
