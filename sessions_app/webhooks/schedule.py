"""When a delivery is tried again: ten tries over a bit more than three days, never in step."""

import random
from datetime import timedelta

# Seconds after each failure, as the Standard Webhooks specification proposes: 75 hours in all.
DELAYS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.2


def delay_after(failures: int) -> timedelta | None:
    """How long to wait after so many failures; None when it is given up.

    Up to a fifth longer than the schedule, so that endpoints which came back are not all hit at
    once; never shorter, so that three days are three days.
    """
    if failures > len(DELAYS):
        return None
    return timedelta(seconds=DELAYS[failures - 1] * (1 + random.random() * JITTER))
