"""Real processes of the product: started, awaited, signalled, killed, and heard when they fail."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Self

from chatsaas.servers.errors import ServerError
from chatsaas.servers.keeper import marked
from chatsaas.servers.ports import LOOPBACK
from chatsaas.servers.process import wait_until

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = END_SECONDS = 120
# As docs/waiting.md promises it to a process that is replaced.
STOP_SECONDS = 30


@dataclass
class Served:
    """One process and all its children. `ready` is asked until it says yes.

    None of them outlives the process that started it, even if that is killed.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    ready: Callable[["Served"], bool]
    port: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process, f"{self.name} was not started"
        return self._process.pid

    def start(self, **changes: str) -> Self:
        """Start with these variables changed, and wait until it is ready. Raises ServerError."""
        self.spawn(**changes)
        return self.await_ready()

    def spawn(self, **changes: str) -> None:
        """Start without waiting."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**self.environment, **changes, **marked()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def await_ready(self) -> Self:
        """Raises ServerError, with the end of its log, when it ends or does not get ready."""
        if not wait_until(lambda: not self.is_alive() or self.ready(self), START_SECONDS):
            raise ServerError(f"{self.name} is not ready after {START_SECONDS} s:\n{self.said()}")
        if not self.is_alive():
            raise ServerError(f"{self.name} ended while starting:\n{self.said()}")
        return self

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait(self, seconds: float = END_SECONDS) -> int:
        """Until it ends by itself, as after a failpoint; answers its return code."""
        assert self._process, f"{self.name} was not started"
        return self._process.wait(seconds)

    def kill9(self) -> None:
        """SIGKILL to the process and its children, and wait until the process itself is gone."""
        self.send(signal.SIGKILL)
        self.wait()

    def stop(self) -> None:
        """As a deploy does it: SIGTERM, and SIGKILL for one that does not listen."""
        if not self.is_alive():
            return
        self.send(signal.SIGTERM)
        # A frozen one would not hear it.
        self.send(signal.SIGCONT)
        try:
            self.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill9()

    def said(self, characters: int = 6000) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""

    def send_leader(self, number: signal.Signals) -> None:
        """To the process alone: its children are its own affair."""
        if self.is_alive():
            os.kill(self.pid, number)

    def send(self, number: signal.Signals) -> None:
        """To the process and all its children."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return


@contextmanager
def running(served: Served) -> Iterator[Served]:
    """The process, started; it is gone at the end, whatever was done to it."""
    try:
        yield served.start()
    finally:
        served.stop()


def answers(path: str) -> Callable[[Served], bool]:
    """Ready when this path answers 200."""

    def ask(served: Served) -> bool:
        try:
            with closing(HTTPConnection(LOOPBACK, served.port, timeout=2)) as connection:
                connection.request("GET", path)
                return connection.getresponse().status == HTTPStatus.OK
        except (HTTPException, OSError):
            return False

    return ask


def says(words: str) -> Callable[[Served], bool]:
    """Ready when its log, from any of its starts, holds these words."""
    return lambda served: words in served.said(1_000_000)
