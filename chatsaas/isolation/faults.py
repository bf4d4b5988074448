"""Breaks things while all tenants are busy: what is cut off here must not end up elsewhere."""

import asyncio
from collections import Counter
from random import Random

from chatsaas.chaos import matrix
from chatsaas.chaos.faults import Faults

# Every kind there is; those that leave something half done more often.
KINDS = (
    *(matrix.KILL, matrix.KILL, matrix.TERMINATE, matrix.FREEZE),
    *(matrix.BACKENDS, matrix.BACKENDS, matrix.RESTART),
    *(matrix.REDIS_KILL, matrix.REDIS_PAUSE),
    *matrix.NETWORK,
)


async def keep_breaking(faults: Faults, every: float, random: Random, counts: Counter[str]) -> None:
    """Until cancelled; `counts` says how often what was hit."""
    while True:
        await asyncio.sleep(every * random.uniform(0.6, 1.4))
        kind = random.choice(KINDS)
        if faults.can_go_on and (who := await faults.strike(kind, 0, random)):
            counts[f"{kind} {who.partition('-')[0]}"] += 1
