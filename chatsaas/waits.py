"""How long a connection waits: nothing in the product waits for ever, and no frozen process may
make others wait for longer than a lease."""

import socket
from collections.abc import Mapping
from typing import Any

from ai_bridge.tcp_bounds import POSTGRES_TCP

# Not every system has all of them.
_KEEPALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 20_000}

REDIS_SECONDS = 3.0
REDIS_CONNECTION: dict[str, Any] = {
    "socket_connect_timeout": REDIS_SECONDS,
    "socket_keepalive": True,
    "socket_keepalive_options": {
        getattr(socket, name): value for name, value in _KEEPALIVE.items() if hasattr(socket, name)
    },
}


def bounded(options: Mapping[str, Any], **timeouts_ms: int) -> dict[str, Any]:
    """The same options of a PostgreSQL connection, with these settings of the server's timeouts.

    The server keeps them, so that they hold for a client that is frozen or cut off too. 0 is no
    limit. What the database's URL says itself goes before.
    """
    limits = [f"-c {name}={value}" for name, value in timeouts_ms.items()]
    given = options.get("options")
    return {**POSTGRES_TCP, **options, "options": " ".join([*limits, given] if given else limits)}
