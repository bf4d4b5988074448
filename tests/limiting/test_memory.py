"""Sockets cost what they cost while they are open, and nothing afterwards.

The bounds are several times what was seen; `make bench-sockets` gives the figures.
"""

import asyncio

import psutil

from tests.bench.crowd import MIB, Crowd
from tests.gateway.house import ORIGIN, furnish
from tests.ground.ground import Ground

IDLE, CYCLES = 200, 300


def test_sockets_that_wait_or_come_and_go_leave_the_memory_flat(ground: Ground) -> None:
    key = furnish(ground).acme.key
    with ground.gateway(LIMITS_FACTOR="100000") as gateway:
        crowd = Crowd(gateway.url, key, ORIGIN, psutil.Process(gateway.pid))
        held, kept = asyncio.run(weigh(crowd))
    assert held < IDLE * MIB / 4
    assert kept < 32 * MIB


async def weigh(crowd: Crowd) -> tuple[int, int]:
    """What idle sockets take, and what is left of them and of many that came and went."""
    await crowd.cycle(50)
    before = crowd.memory()
    held = await crowd.hold(IDLE)
    await crowd.cycle(CYCLES)
    return held - before, crowd.memory() - before
