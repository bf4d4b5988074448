"""How soon a pool of database connections tries again while the server is away.

psycopg's pools wait 1, 2, 4, 8 ... seconds between tries, so that an outage of so many seconds
costs as many again: the first good turn after a restart came 7 to 12 seconds later.
"""

from psycopg_pool.base import AttemptWithBackoff

PAUSE_SECONDS = 0.5


def reconnect_steadily() -> None:
    """From here on every pool of this process tries twice a second. Safe to call again."""
    AttemptWithBackoff.INITIAL_DELAY = PAUSE_SECONDS
    AttemptWithBackoff.DELAY_BACKOFF = 1.0
