"""Ports on the loopback address."""

import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"


def find_port(wanted: int = 0) -> int:
    """The wanted port if it is free, else any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, wanted))
        except OSError:
            return find_port()
        return int(probe.getsockname()[1])


def keep_port(record: Path) -> int:
    """The port noted in the file if it is still free, else a free one, noted there."""
    port = find_port(read_port(record))
    record.write_text(str(port))
    return port


def read_port(record: Path) -> int:
    """The port noted in the file; 0 if none was."""
    return int(record.read_text()) if record.exists() else 0
