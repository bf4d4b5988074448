"""Whole conversations with people who are in a hurry, unsure, angry, or somewhere else.

All run through the runner's graph; one in eight also through its database.
"""

from typing import cast

import pytest

from ai_bridge.client import RunnerClient
from ai_bridge.runner.local import local_runner
from ai_bridge.runner.settings import RunnerSettings
from tests.conversations.playing import play
from tests.conversations.scripts import Script, read_scripts
from tests.conversations.unstored import UnstoredRunner

SCRIPTS = read_scripts()
UNSTORED = UnstoredRunner()


def named(script: Script) -> str:
    return script.place


@pytest.mark.parametrize("script", SCRIPTS, ids=named)
async def test_a_conversation_comes_to_its_gold(script: Script) -> None:
    UNSTORED.prepare(script.template)
    await _holds(cast(RunnerClient, UNSTORED), script)


@pytest.mark.parametrize("script", SCRIPTS[::8], ids=named)
async def test_a_stored_conversation_comes_to_its_gold(
    shared_settings: RunnerSettings, script: Script
) -> None:
    async with local_runner(shared_settings) as stored:
        await _holds(stored, script)


async def _holds(runner: RunnerClient, script: Script) -> None:
    said, faults = await play(runner, script)

    told = "\n".join(f"  > {line}\n    {done.reply.text}" for line, done in said)
    assert not faults, "\n".join([*faults, told])
