"""What a door says while the database is away, or while its own process is about to end."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError

from sessions_app.background import is_draining
from sessions_app.errors import Restarting, Unavailable

UNREACHABLE = (OperationalError, InterfaceError)


@contextmanager
def database_at_hand() -> Iterator[None]:
    """Raises Unavailable where the database could not be reached in time."""
    try:
        yield
    except UNREACHABLE as error:
        raise Unavailable(retry_after=moment()) from error


def check_open() -> None:
    """Raises Restarting when this process takes no more work."""
    if is_draining():
        raise Restarting(retry_after=moment())


def moment() -> float:
    """Seconds, so that those who were refused together do not come back together."""
    return random.uniform(1.0, 3.0)
