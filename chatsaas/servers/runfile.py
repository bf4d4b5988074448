"""The run file: how every command of this checkout finds the servers that are running."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from chatsaas.servers.errors import ServerError
from chatsaas.servers.process import Process

STATE_DIR = Path(__file__).resolve().parents[2] / ".state"


@dataclass(frozen=True)
class Running:
    """A server that runs: its process, and the address that clients use, password included."""

    process: Process
    url: str


@dataclass
class Run:
    """What runs now, by the name of its variable, and who needs it.

    `kept` means that someone asked for servers that outlive their users.
    """

    servers: dict[str, Running] = field(default_factory=dict)
    holders: list[Process] = field(default_factory=list)
    kept: bool = False

    def urls(self) -> dict[str, str]:
        return {name: server.url for name, server in self.servers.items()}


def read_urls(state_dir: Path = STATE_DIR) -> dict[str, str]:
    """DATABASE_URL and REDIS_URL of the servers that the launcher runs; those alone that live."""
    return read_run(state_dir).urls()


def read_run(state_dir: Path) -> Run:
    """The run file without the dead: a server or a user that is gone is left out."""
    stored = read_private(state_dir / "run.json")
    if stored is None:
        return Run()
    servers = {name: _running(entry) for name, entry in stored["servers"].items()}
    holders = [Process(**entry) for entry in stored["holders"]]
    return Run(
        {name: server for name, server in servers.items() if server.process.is_alive()},
        [holder for holder in holders if holder.is_alive()],
        stored["kept"],
    )


def write_run(state_dir: Path, run: Run) -> None:
    if run.servers:
        write_private(state_dir / "run.json", asdict(run))
    else:
        (state_dir / "run.json").unlink(missing_ok=True)


def read_private(path: Path) -> Any:
    """What `write_private` wrote; None if there is no such file."""
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except PermissionError:
        raise _foreign(path.parent) from None


def write_private(path: Path, value: Any) -> None:
    """Replace a JSON file that only its owner may read, in one step."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(value, stream, indent=1)
    fresh.replace(path)


@contextmanager
def locked(state_dir: Path) -> Iterator[None]:
    """One starter or stopper at a time; the lock goes with its holder, however that ends."""
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        stream = (state_dir / "lock").open("w")
    except PermissionError:
        raise _foreign(state_dir) from None
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _running(entry: Any) -> Running:
    return Running(Process(**entry["process"]), entry["url"])


def _foreign(state_dir: Path) -> ServerError:
    return ServerError(
        f"{state_dir} belongs to another user. Run this command as that user, or set "
        "DATABASE_URL and REDIS_URL."
    )
