"""What a pool of database connections does about a server that was away.

psycopg's pools wait 1, 2, 4, 8 ... seconds between tries, so that an outage of so many seconds
costs as many again: the first good turn after a restart came 7 to 12 seconds later.
"""

import select

import psycopg
from psycopg_pool.base import AttemptWithBackoff

PAUSE_SECONDS = 0.5


def reconnect_steadily() -> None:
    """From here on every pool of this process tries twice a second. Safe to call again."""
    AttemptWithBackoff.INITIAL_DELAY = PAUSE_SECONDS
    AttemptWithBackoff.DELAY_BACKOFF = 1.0


def is_ended(connection: psycopg.Connection) -> bool:
    """Whether the server ended this idle connection; asks the socket, which costs no round trip."""
    # Not `select`, which takes no descriptor beyond the first thousand.
    ear = select.poll()
    ear.register(connection.fileno(), select.POLLIN)
    try:
        while ear.poll(0):
            # What it said: a setting that was changed, its last word, or the end of the line.
            connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return True
    return connection.closed
