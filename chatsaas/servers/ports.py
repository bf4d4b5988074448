"""Ports on the loopback address."""

import random
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"
# What Linux takes for outgoing connections, and where that begins if it does not say.
GIVEN_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST, FIRST_GIVEN_OUT = 12_000, 32_768


def find_port(wanted: int = 0) -> int:
    """The wanted port if it is free, else one of `find_ports`."""
    return wanted if wanted and _is_free(wanted) else find_ports(1)[0]


def find_ports(count: int) -> list[int]:
    """Different free ports that the system gives to no connection of its own accord.

    So nobody takes one before its server listens, nor while that is restarted.
    """
    found: set[int] = set()
    while len(found) < count:
        port = random.randrange(LOWEST, max(_first_given_out(), FIRST_GIVEN_OUT // 2))
        if _is_free(port):
            found.add(port)
    return list(found)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def _first_given_out() -> int:
    try:
        return int(GIVEN_OUT.read_text().split()[0])
    except OSError:
        return FIRST_GIVEN_OUT


def keep_port(record: Path) -> int:
    """The port noted in the file if it is still free, else a free one, noted there."""
    port = find_port(read_port(record))
    record.write_text(str(port))
    return port


def read_port(record: Path) -> int:
    """The port noted in the file; 0 if none was."""
    return int(record.read_text()) if record.exists() else 0
