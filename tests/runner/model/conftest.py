"""A runner that may reach the fake endpoint, and the endpoint itself, once for all tests."""

from collections.abc import AsyncIterator, Iterator

import pytest

from ai_bridge.client import RunnerClient
from ai_bridge.runner.local import local_runner
from ai_bridge.runner.settings import RunnerSettings
from chatsaas.servers.ports import LOOPBACK
from tests.models.serving import Endpoint, served_models
from tests.runner.model.speaking import Speaker


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with served_models(tmp_path_factory.mktemp("models")) as endpoint:
        yield endpoint


@pytest.fixture
def allowing(shared_settings: RunnerSettings) -> RunnerSettings:
    """The operator has allowed models on this machine."""
    return shared_settings.model_copy(update={"outbound_allowed_hosts": LOOPBACK})


@pytest.fixture
async def runner(allowing: RunnerSettings) -> AsyncIterator[RunnerClient]:
    async with local_runner(allowing) as opened:
        yield opened


@pytest.fixture
def speaker(runner: RunnerClient, models: Endpoint) -> Speaker:
    return Speaker(runner, models)
