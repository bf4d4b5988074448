"""Every turn may run in a process of its own, which is killed afterwards: same result."""

from pathlib import Path

import pytest

from ai_bridge.client import HttpRunner, RunnerClient
from ai_bridge.contract import CorrectionInput, EditInput, Input, MessageInput
from ai_bridge.errors import RunnerUnavailable
from ai_bridge.runner.settings import RunnerSettings
from tests.runner.conftest import TOKEN
from tests.runner.serving import served_runner
from tests.runner.talk import Talk, answer, fixed_id, values

CONVERSATION: tuple[Input, ...] = (
    MessageInput(text="Hello there"),
    MessageInput(text="I'm ann lee and my email is ann@example.com"),
    MessageInput(text="I need a new roof"),
    MessageInput(text="about 12,000 dollars"),
    MessageInput(text="why do you need that?"),
    MessageInput(text="14 March please"),
    MessageInput(text="actually the visit should be on 16 March"),
    MessageInput(text="12 Oak Street"),
    EditInput(path="address.city", value="Springfield"),
    MessageInput(text="yes"),
    MessageInput(text="skip"),
    CorrectionInput(path="name", value="Anne Lee", reason="She spelled it by phone."),
    MessageInput(text="Yes"),
)
LOST_BEFORE = 7
# Of hashes: what one host puts first in a set, another puts last.
SEEDS = ("1", "2", "3")


async def test_every_turn_in_a_new_process_that_is_killed_ends_in_the_same_state(
    settings: RunnerSettings, local: RunnerClient, tmp_path: Path
) -> None:
    expected = await _in_one_process(local)
    hashes = []
    talk = Talk(local, thread_id="thread_of_many_processes")

    for number, given in enumerate(CONVERSATION):
        with served_runner(settings, tmp_path, seed=SEEDS[number % len(SEEDS)]) as served:
            async with HttpRunner(served.url, TOKEN) as talk.client:
                if number == LOST_BEFORE:
                    await talk.client.delete(talk.thread_id)
                done = await talk.give(given, request_id=fixed_id(number))
            served.kill9()
        hashes.append(done.state_hash)

    assert hashes == expected
    assert len(set(hashes)) == len(CONVERSATION)
    assert done.status == "completed"
    assert done.document == {
        "name": "Anne Lee",
        "email": "ann@example.com",
        "service": "new_roof",
        "budget": 12000,
        "visit": "2026-03-16",
        "address": {"street": "12 Oak Street", "city": "Springfield"},
        "urgent": True,
    }


async def _in_one_process(client: RunnerClient) -> list[str]:
    talk = Talk(client)
    return [
        (await talk.give(given, request_id=fixed_id(number))).state_hash
        for number, given in enumerate(CONVERSATION)
    ]


@pytest.mark.parametrize(
    ("failpoint", "stored"), [("runner_before_commit", 0), ("runner_after_commit", 1)]
)
async def test_a_runner_killed_around_its_commit_answers_the_retry_once_and_whole(
    settings: RunnerSettings, tmp_path: Path, local: RunnerClient, failpoint: str, stored: int
) -> None:
    talk = Talk(local)
    request = talk.healing(talk.request("My name is Ann Lee"))

    with served_runner(settings, tmp_path, f"{failpoint}:kill") as served:
        async with HttpRunner(served.url, TOKEN) as http:
            with pytest.raises(RunnerUnavailable):
                await answer(http, request)
            served.wait()
            committed = await local.history(talk.thread_id)
            served.start(CHATSAAS_FAILPOINTS="")
            done = await answer(http, request)

    assert len(committed) == stored
    assert len(await local.history(talk.thread_id)) == 1
    assert values(done) == {"name": "Ann Lee"}
