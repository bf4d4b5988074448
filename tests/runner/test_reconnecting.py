"""A database that was away is found again soon after its return, however long it was away."""

from psycopg_pool.base import AttemptWithBackoff

from ai_bridge.reconnecting import PAUSE_SECONDS, reconnect_steadily


def test_the_tenth_try_comes_as_soon_as_the_second() -> None:
    reconnect_steadily()
    attempt, now, pauses = AttemptWithBackoff(timeout=300), 1_000.0, []
    for _ in range(10):
        attempt.update_delay(now)
        now += attempt.delay
        pauses.append(attempt.delay)
    # The library shakes the first by a tenth.
    assert max(pauses) <= PAUSE_SECONDS * 1.11
