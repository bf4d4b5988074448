"""The demo's processes: started apart from the terminal, watched, stopped in order."""

import fcntl
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL, SIGTERM

import httpx

from chatsaas.servers.errors import ServerError
from chatsaas.servers.keeper import marked
from chatsaas.servers.process import Process, find_process, wait_until
from chatsaas.servers.runfile import read_private, write_private

STOP_SECONDS = 15.0
START_SECONDS = 120.0


@dataclass
class Part:
    """One process of the demo and where it writes what it has to say."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def has_ended(self) -> bool:
        return self.popen.poll() is not None

    def stop(self) -> None:
        """Ask it to finish its work; end it when it does not within fifteen seconds."""
        if self.has_ended:
            return
        self.popen.send_signal(SIGTERM)
        try:
            self.popen.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-15:])


class Parts:
    """All parts in the order of their start; a record lets the next demo end what a kill left."""

    def __init__(self, state_dir: Path) -> None:
        self._record = state_dir / "demo-processes.json"
        self._logs = state_dir / "logs"
        self._parts: list[Part] = []
        self._logs.mkdir(parents=True, exist_ok=True)

    def end_leftovers(self) -> None:
        """End the parts of a demo that was killed; a process that merely has the pid is spared."""
        for entry in read_private(self._record) or []:
            process = Process(**entry)
            if not process.send(SIGTERM, wait=STOP_SECONDS):
                process.send(SIGKILL, wait=STOP_SECONDS)

    def start(self, name: str, command: Sequence[str]) -> Part:
        log = self._logs / f"{name}.log"
        with log.open("wb") as stream:
            popen = subprocess.Popen(
                command,
                env={**os.environ, **marked()},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        part = Part(name, popen, log)
        self._parts.append(part)
        self._write_record()
        return part

    def wait_until_healthy(self, part: Part, url: str) -> None:
        """Raises ServerError with the part's last words if it ends or stays silent."""
        self._wait(part, lambda: _answers(url), f"did not answer at {url}")

    def wait_until_said(self, part: Part, words: str) -> None:
        """As above, for a part that has no door but a log."""
        self._wait(part, lambda: words in part.log.read_text(errors="replace"), "did not get ready")

    def _wait(self, part: Part, is_ready: Callable[[], bool], failure: str) -> None:
        if not wait_until(lambda: part.has_ended or is_ready(), START_SECONDS, pause=0.1):
            raise ServerError(f"The {part.name} {failure}.\n{part.last_words()}")
        if part.has_ended:
            raise ServerError(f"The {part.name} ended at its start.\n{part.last_words()}")

    def ended(self) -> Part | None:
        return next((part for part in self._parts if part.has_ended), None)

    def stop(self) -> None:
        for part in reversed(self._parts):
            part.stop()
        self._parts.clear()
        self._record.unlink(missing_ok=True)

    def _write_record(self) -> None:
        living = [find_process(part.popen.pid) for part in self._parts]
        rows = [{"pid": one.pid, "started": one.started} for one in living if one]
        write_private(self._record, rows)


@contextmanager
def demo_parts(state_dir: Path) -> Iterator[Parts]:
    """The parts of one demo; whatever happens, none of them outlives it.

    Raises ServerError when a demo of this checkout runs already.
    """
    with (state_dir / "demo.lock").open("w") as lock:
        try:
            # Goes with its holder, however that ends.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServerError("The demo of this checkout runs already. Stop it first.") from None
        parts = Parts(state_dir)
        parts.end_leftovers()
        try:
            yield parts
        finally:
            parts.stop()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.TransportError:
        return False
