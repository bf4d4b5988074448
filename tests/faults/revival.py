"""A supervisor as a deploy has one: what dies is started again, without what killed it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from chatsaas.servers.served import Served

UNARMED = {"CHATSAAS_FAILPOINTS": ""}


@dataclass
class Reviver:
    """Watches processes; `deaths` counts how often each had to be started again."""

    watched: list[Served]
    deaths: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)

    def arm(self, served: Served, failpoints: str) -> None:
        """Start the process anew with these failpoints."""
        with self._lock:
            served.stop()
            served.start(CHATSAAS_FAILPOINTS=failpoints)

    def watch(self) -> None:
        while not self._over.wait(0.05):
            with self._lock:
                for served in self.watched:
                    if not served.is_alive():
                        self.deaths[served.name] = self.deaths.get(served.name, 0) + 1
                        served.start(**UNARMED)

    def end(self) -> None:
        self._over.set()


@contextmanager
def reviving(*watched: Served) -> Iterator[Reviver]:
    reviver = Reviver(list(watched))
    thread = threading.Thread(target=reviver.watch)
    thread.start()
    try:
        yield reviver
    finally:
        reviver.end()
        thread.join()
