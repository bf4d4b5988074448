"""The HTTP door: who may come in, what is too much, and what is streamed when."""

import json
from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest

from ai_bridge.client import HttpRunner, RunnerClient
from ai_bridge.runner.local import local_runner
from ai_bridge.runner.settings import RunnerSettings, SettingsInvalid, read_settings
from chatsaas.servers.served import Served
from tests.runner.conftest import TOKEN
from tests.runner.talk import Talk, answer, values

AUTHORISED = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
async def http(shared_runner: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=shared_runner.url, headers=AUTHORISED) as client:
        yield client


@pytest.fixture
async def beside(shared_settings: RunnerSettings) -> AsyncIterator[RunnerClient]:
    """Another runner on the same database."""
    async with local_runner(shared_settings) as local:
        yield local


async def test_only_the_service_token_comes_in(http: httpx.AsyncClient) -> None:
    for method, path in (
        ("POST", "/ai/chat"),
        ("POST", "/ai/chat/close"),
        ("GET", "/ai/threads/t/history"),
        ("DELETE", "/ai/threads/t"),
    ):
        for token in ("", "Bearer", "Bearer x", TOKEN, "Bearer é"):
            refused = await http.request(
                method, path, headers={b"authorization": token.encode()}, content=b"{}"
            )
            assert (refused.status_code, refused.json()["code"]) == (401, "token_invalid")


async def test_a_turn_that_does_not_fit_the_contract_is_refused_where_it_does_not(
    http: httpx.AsyncClient,
) -> None:
    talk = Talk(HttpRunner(str(http.base_url), TOKEN))
    good = json.loads(talk.healing(talk.request("Hi")).model_dump_json())

    async def refusal(**changes: object) -> str:
        body = json.dumps(good | changes)
        refused = await http.post("/ai/chat", content=body)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_turn")
        return str(refused.json()["detail"])

    assert "request_id" in await refusal(request_id="no uuid")
    assert "surplus" in await refusal(surplus=1)
    assert "input" in await refusal(input={"kind": "song"})
    assert "JSON" in await refusal(input={"kind": "message", "text": "\ud800"})
    assert "1,048,576" in await refusal(locale="x" * 2_000_000)


async def test_a_caller_that_goes_away_in_the_middle_does_not_lose_the_turn(
    http: httpx.AsyncClient, beside: RunnerClient
) -> None:
    talk = Talk(beside)
    await talk.say("Hello")
    request = talk.request("My name is Ann Lee")

    async with http.stream("POST", "/ai/chat", content=request.model_dump_json()) as response:
        await anext(response.aiter_lines())

    assert values(await answer(beside, request)) == {"name": "Ann Lee"}
    assert len(await beside.history(talk.thread_id)) == 2


async def test_readiness_says_when_the_database_is_down_and_when_it_is_back(
    http: httpx.AsyncClient, shared_owner_url: str
) -> None:
    assert (await http.get("/readyz")).json() == {"status": "ok", "down": []}

    with psycopg.connect(shared_owner_url, autocommit=True) as owner:
        owner.execute("ALTER SCHEMA ai RENAME TO away")
        down = await http.get("/readyz")
        owner.execute("ALTER SCHEMA away RENAME TO ai")

    assert (down.status_code, down.json()["down"]) == (503, ["database"])
    assert (await http.get("/healthz")).status_code == 200
    assert (await http.get("/readyz")).status_code == 200


async def test_a_database_that_drops_all_connections_costs_one_retry_and_no_turn(
    http: httpx.AsyncClient, shared_owner_url: str
) -> None:
    async with HttpRunner(str(http.base_url), TOKEN) as client:
        talk = Talk(client)
        await talk.say("My name is Ann Lee")
        with psycopg.connect(shared_owner_url, autocommit=True) as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name = 'chatsaas-runner'"
            )

        done = await talk.say("ann@example.com")

    assert values(done) == {"name": "Ann Lee", "email": "ann@example.com"}


def test_missing_settings_are_named_with_their_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNNER_DATABASE_URL", "")
    monkeypatch.setenv("RUNNER_POOL_SIZE", "0")
    monkeypatch.delenv("RUNNER_TOKEN")
    with pytest.raises(SettingsInvalid) as refused:
        read_settings()
    said = str(refused.value).splitlines()
    assert [line.partition(":")[0] for line in said] == [
        "RUNNER_DATABASE_URL",
        "RUNNER_TOKEN",
        "RUNNER_POOL_SIZE",
    ]
    assert "`manage.py runner_database_url`" in said[0]
