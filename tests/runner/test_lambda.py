"""The function heeds its clock: it finishes a turn or refuses it, and never wedges one."""

from collections.abc import Iterator

import httpx
import pytest

from ai_bridge.client import HttpRunner, RunnerClient
from ai_bridge.errors import DeadlineTooShort, RunnerUnavailable
from ai_bridge.runner.settings import RunnerSettings
from tests.runner.conftest import TOKEN
from tests.runner.lambda_runtime import Function, LambdaTransport, deployed
from tests.runner.serving import runner_environment
from tests.runner.talk import Talk, answer, values


@pytest.fixture
def function(settings: RunnerSettings) -> Iterator[Function]:
    with deployed(runner_environment(settings)) as started:
        yield started


async def test_with_little_time_a_turn_is_done_whole_or_refused_before_anything_is_done(
    function: Function, local: RunnerClient
) -> None:
    outcomes = []
    async with HttpRunner("http://f", TOKEN, transport=LambdaTransport(function)) as client:
        for remaining_ms in range(0, 3001, 250):
            function.remaining_ms = remaining_ms
            talk = Talk(client)
            request = talk.healing(talk.request("My name is Ann Lee"))
            try:
                is_done = values(await answer(client, request)) == {"name": "Ann Lee"}
            except DeadlineTooShort:
                is_done = False
            outcomes.append(is_done)
            assert len(await local.history(talk.thread_id)) == int(is_done)

    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert outcomes == sorted(outcomes), "more time may not turn an answer into a refusal"


@pytest.mark.parametrize("failpoint", ["runner_before_commit", "runner_after_commit"])
async def test_a_function_killed_around_its_commit_leaves_no_wedged_turn(
    settings: RunnerSettings, local: RunnerClient, failpoint: str
) -> None:
    environment = runner_environment(settings) | {"CHATSAAS_FAILPOINTS": f"{failpoint}:kill"}
    with deployed(environment) as function:
        async with HttpRunner("http://f", TOKEN, transport=LambdaTransport(function)) as client:
            talk = Talk(client)
            request = talk.healing(talk.request("My name is Ann Lee"))
            with pytest.raises(RunnerUnavailable):
                await answer(client, request)

            function.start(CHATSAAS_FAILPOINTS="")
            done = await answer(client, request)

    assert values(done) == {"name": "Ann Lee"}
    assert len(await local.history(talk.thread_id)) == 1


async def test_the_function_refuses_a_wrong_token_and_an_unknown_path(function: Function) -> None:
    transport = LambdaTransport(function)
    async with httpx.AsyncClient(base_url="http://f", transport=transport) as client:
        wrong = await client.post("/ai/chat", headers={"authorization": "Bearer no"}, content=b"{}")
        token = {"authorization": f"Bearer {TOKEN}"}
        nowhere = await client.post("/ai/nothing", headers=token, content=b"{}")
        no_json = await client.post("/ai/chat", headers=token, content=b"no json")

    assert wrong.status_code == 401
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "invalid_turn")
    assert (no_json.status_code, no_json.json()["code"]) == (422, "invalid_turn")
