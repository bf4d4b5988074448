"""How long the TCP stack believes in a database server that went away without a word."""

from typing import Any, Final

# Options of a PostgreSQL connection, of the gateway's and of the runner's alike.
POSTGRES_TCP: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
