"""Where the demo listens; each is a variable of the environment."""

import os
from dataclasses import dataclass

from chatsaas.servers.errors import ServerError


@dataclass(frozen=True)
class Ports:
    """Loopback ports of the three doors."""

    gateway: int
    website: int
    runner: int


def read_ports() -> Ports:
    return Ports(
        gateway=_port("GATEWAY_PORT", 8000),
        website=_port("WEBSITE_PORT", 8100),
        runner=_port("RUNNER_PORT", 8200),
    )


def _port(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ServerError(f"{name} is {text!r}. Set it to a port number, for example {default}.")
    return int(text)
