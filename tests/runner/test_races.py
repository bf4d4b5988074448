"""Two turns at once: none is lost, none is doubled, and an old worker writes nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import psycopg
import pytest

from ai_bridge.contract import EditInput
from ai_bridge.errors import StaleFence, TemplateRequired
from ai_bridge.runner.local import LocalRunner
from ai_bridge.runner.pool import open_runner
from ai_bridge.runner.process import Runner, run_turn
from ai_bridge.runner.settings import RunnerSettings
from tests.runner.talk import Talk, answer


@pytest.fixture
async def runners(settings: RunnerSettings) -> AsyncIterator[tuple[Runner, Runner]]:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(open_runner(settings))
        yield first, await stack.enter_async_context(open_runner(settings))


async def test_two_turns_at_once_on_one_thread_are_both_kept(
    runners: tuple[Runner, Runner],
) -> None:
    first, second = (LocalRunner(runner) for runner in runners)
    for _ in range(20):
        talk = Talk(first)
        await talk.say("Hello")

        await asyncio.gather(
            answer(first, talk.request(EditInput(path="name", value="Ann Lee"))),
            answer(second, talk.request(EditInput(path="email", value="ann@example.com"))),
        )

        history = await first.history(talk.thread_id)
        assert history[-1].fields == {"name": "Ann Lee", "email": "ann@example.com"}
        parents = [state.parent_id for state in history]
        assert parents == [None, *(state.checkpoint_id for state in history[:-1])]


async def test_two_first_turns_at_once_are_both_kept(runners: tuple[Runner, Runner]) -> None:
    first, second = (LocalRunner(runner) for runner in runners)
    talk = Talk(first)

    await asyncio.gather(
        answer(first, talk.healing(talk.request(EditInput(path="name", value="Ann Lee")))),
        answer(second, talk.healing(talk.request(EditInput(path="email", value="a@b.example")))),
    )

    history = await first.history(talk.thread_id)
    assert history[-1].fields == {"name": "Ann Lee", "email": "a@b.example"}


async def test_the_same_request_twice_at_once_is_answered_once(
    runners: tuple[Runner, Runner],
) -> None:
    first, second = (LocalRunner(runner) for runner in runners)
    talk = Talk(first)
    await talk.say("Hello")
    request = talk.request("My name is Ann Lee")

    answers = await asyncio.gather(answer(first, request), answer(second, request))

    assert answers[0] == answers[1]
    assert len(await first.history(talk.thread_id)) == 2


async def test_a_frozen_worker_that_wakes_up_late_writes_nothing(
    runners: tuple[Runner, Runner],
) -> None:
    old, new = runners
    talk = Talk(LocalRunner(new))
    await talk.say("Hello")
    late = run_turn(talk.request("My name is Ann Lee", fence=2), old)
    await anext(late)  # its state is loaded and its first words are out; now it stands still

    await answer(talk.client, talk.request("My name is Bob Roe", fence=3))
    with pytest.raises(StaleFence):
        [event async for event in late]

    history = await talk.client.history(talk.thread_id)
    assert [state.fields.get("name") for state in history] == [None, "Bob Roe"]


async def test_a_turn_that_comes_too_late_does_not_bring_an_erased_thread_back(
    runners: tuple[Runner, Runner],
) -> None:
    runner, _ = runners
    talk = Talk(LocalRunner(runner))
    await talk.say("Hello")
    late = run_turn(talk.request("My name is Ann Lee"), runner)
    await anext(late)

    await talk.client.delete(talk.thread_id)
    with pytest.raises(TemplateRequired):
        [event async for event in late]

    assert await talk.client.history(talk.thread_id) == ()


async def test_the_runners_role_can_create_nothing_and_read_nothing_else(
    owner_url: str, settings: RunnerSettings
) -> None:
    database_url = settings.database_url.get_secret_value()
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE public.secrets (word text)")
        owner.execute("CREATE SCHEMA tenant_a CREATE TABLE visitors (name text)")

    for statement in (
        "SELECT * FROM public.secrets",
        "SELECT * FROM tenant_a.visitors",
        "CREATE TABLE ai.more (a int)",
        "DROP TABLE ai.threads",
    ):
        with (
            psycopg.connect(database_url) as runner,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            runner.execute(statement.encode())
