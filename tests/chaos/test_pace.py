"""Faults are spread over the work, however fast the work goes, and over the matrix."""

import asyncio
from random import Random

import pytest

from chatsaas.chaos.matrix import CELLS, RESTART, STORE, Matrix
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


def test_a_point_that_is_seldom_reached_is_struck_as_often_as_the_others() -> None:
    matrix, rounds = Matrix(Random(1)), 20
    points = sorted({point for points in CELLS.values() for point in points})
    for moment in range(rounds * 100):
        for number, point in enumerate(points):
            if moment % (number % 5 + 1) == 0:
                for cell in matrix.due(CELLS, point, moment / 100)[:1]:
                    matrix.counts[cell] += 1
    assert matrix.least() >= rounds - 2
    assert max(matrix.counts.values()) <= rounds


async def test_visitors_take_as_long_as_the_matrix_and_bear_no_more_than_their_share() -> None:
    now = 0.0
    pace = Pace(100, 0, hits=20, lap=10.0, clock=lambda: now)
    for _ in range(50):
        now += 4.4
        await asyncio.wait_for(pace.begin(), 1)
        pace.end()
    assert pace.rounds == pytest.approx(11.5, abs=0.1), "half of the work, and half of the hits"
    now -= 150
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(pace.begin(), 0.01)


async def test_cells_are_hit_as_often_as_asked_for_before_the_last_eighth_of_the_messages() -> None:
    now = 0.0
    pace, matrix = Pace(100, 0, hits=20, lap=1.0, clock=lambda: now), Matrix(Random(1))
    points = sorted({point for points in CELLS.values() for point in points})
    done_at = 0
    for message in range(100):
        now += 1
        await pace.begin()
        for point in points:
            for cell in matrix.due(CELLS, point, pace.rounds):
                matrix.counts[cell] += 1
        pace.end()
        done_at = done_at or message * (matrix.least() == 20)
    assert set(matrix.counts.values()) == {20}
    assert 84 <= done_at <= 88


async def test_an_outage_may_hit_a_point_a_round_before_its_time_and_no_more() -> None:
    now = 0.0
    pace, matrix = Pace(100, 0, hits=20, lap=1.0, clock=lambda: now), Matrix(Random(1))
    cell = (RESTART, STORE[0])
    hits = []
    for _ in range(100):
        now += 1
        await pace.begin()
        for _ in range(5):
            matrix.counts[cell] += matrix.is_due(cell, pace.next_rounds)
        pace.end()
        hits.append(matrix.counts[cell] - pace.rounds)
    assert max(hits) <= 2
    assert matrix.counts[cell] == 20
