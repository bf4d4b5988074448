"""Sees every connection that this process begins, and lets none of them leave the machine."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Address = tuple[str, int]
_watch: list[Address] | None = None
LOOPBACK = ("127.0.0.1", "::1")


class NotFromATest(OSError):
    """A connection to an address outside of this machine."""


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watch is None or event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host, port = arguments[1][:2]
    _watch.append((host, port))
    if host not in LOOPBACK:
        raise NotFromATest(f"{host}:{port}")


# The interpreter has no way to take a hook back; without a watch it does nothing.
sys.addaudithook(_hook)


@contextmanager
def watched_connections() -> Iterator[list[Address]]:
    """Address and port of every connection that is tried in here, by whatever library."""
    global _watch
    _watch = []
    try:
        yield _watch
    finally:
        _watch = None
