"""Ports on the loopback address."""

import random
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"
# What Linux takes for outgoing connections, and where that begins if it does not say.
GIVEN_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST, FIRST_GIVEN_OUT = 12_000, 32_768


def find_port(wanted: int = 0) -> int:
    """The wanted port if it is free, else any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, wanted))
        except OSError:
            return find_port()
        return int(probe.getsockname()[1])


def find_lasting_ports(count: int) -> list[int]:
    """Different free ports that the system gives to no connection of its own accord.

    A server that is restarted finds its own free again, however many connections are made.
    """
    found: set[int] = set()
    while len(found) < count:
        wanted = random.randrange(LOWEST, max(_first_given_out(), FIRST_GIVEN_OUT // 2))
        if find_port(wanted) == wanted:
            found.add(wanted)
    return list(found)


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
