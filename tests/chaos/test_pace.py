"""Kills are spread over the work, however fast the work goes."""

import asyncio

import pytest

from chatsaas.chaos.pace import Pace


@pytest.mark.parametrize(("turns", "kills"), [(30, 3), (500, 30), (5, 5), (7, 0)])
async def test_every_kill_that_was_wanted_happens_before_the_last_message(
    turns: int, kills: int
) -> None:
    pace = Pace(turns, kills)
    seen: list[int] = []

    async def kill_when_waited_for() -> None:
        while True:
            await asyncio.sleep(0)
            if pace.is_behind:
                seen.append(pace.answered)
                await pace.count_kill()

    killing = asyncio.create_task(kill_when_waited_for())
    for _ in range(turns):
        await pace.begin()
        pace.end()
    killing.cancel()
    assert pace.killed == kills
    assert len(set(seen)) == kills, "no two of them between the same two messages"
