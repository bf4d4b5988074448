"""`make demo` as a stranger has it: put on from nothing, read in the terminal, left with Ctrl-C."""

import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chatsaas.servers.ports import find_port
from chatsaas.servers.process import PROC
from chatsaas.servers.served import Served, says

READY = "Ctrl-C stops everything"
# Of the machine, all that a stranger's terminal has too.
BARE = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


@dataclass
class Demo:
    """One demo with its data in `state`. What it `says` is of its latest start alone."""

    state: Path
    ports: dict[str, str]
    starts: int = 0
    served: Served | None = None

    def start(self) -> None:
        self.starts += 1
        self.served = Served(
            name="demo",
            command=(sys.executable, "-m", "chatsaas.demo", "--state", str(self.state)),
            environment={**BARE, **self.ports},
            log=self.state.with_name(f"demo-{self.starts}.log"),
            ready=says(READY),
        )
        self.served.start()

    def press_ctrl_c(self) -> int:
        """To the whole group, as a terminal does it; answers the return code."""
        assert self.served
        self.served.send(signal.SIGINT)
        return self.served.wait()

    @property
    def said(self) -> str:
        return self.served.said(1_000_000) if self.served else ""

    def door(self, name: str) -> str:
        """The address that it printed behind this name."""
        found = re.search(rf"^ +{re.escape(name)} +(http\S+)$", self.said, re.MULTILINE)
        assert found, f"{name} is not in what the demo said:\n{self.said}"
        return found[1]

    @property
    def password(self) -> str:
        found = re.search(r"everybody with the password (\S+)", self.said)
        assert found, self.said
        return found[1]

    def processes(self) -> list[str]:
        """Everything alive that works in the demo's folder, writes there, or is told of it."""
        pids = [entry for entry in PROC.iterdir() if entry.name.isdigit()]
        return [_command(pid) for pid in pids if _is_about(pid, str(self.state))]


@contextmanager
def demo_folder() -> Iterator[Demo]:
    """Not in pytest's own, which only its maker may enter; nothing is left of it."""
    parent = Path(tempfile.mkdtemp(prefix="demo-"))
    parent.chmod(0o755)
    names = ("GATEWAY_PORT", "WEBSITE_PORT", "RUNNER_PORT")
    demo = Demo(parent / "state", {name: str(find_port()) for name in names})
    try:
        yield demo
    finally:
        if demo.served:
            demo.served.stop()
        shutil.rmtree(parent)


def _is_about(pid: Path, folder: str) -> bool:
    try:
        links = [os.readlink(link) for link in (pid / "cwd", *(pid / "fd").iterdir())]
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
    return any(link.startswith(folder) for link in links) or folder in _command(pid)


def _command(pid: Path) -> str:
    try:
        return (pid / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
