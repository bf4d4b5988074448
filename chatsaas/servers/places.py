"""Where the servers' data and programs lie, and which system user runs them."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chatsaas.servers.errors import ServerError

SYSTEM_STATE = Path("/var/lib/chatsaas")
UNPRIVILEGED = ("nobody", "daemon", "bin")
PLAIN_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """A system user that runs servers; `is_other` when the launcher has to change to it."""

    uid: int
    gid: int
    is_other: bool

    def run(
        self,
        *command: str | Path,
        cwd: Path = Path("/"),
        text: str | None = None,
        env: Mapping[str, str] = PLAIN_ENVIRONMENT,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as this user, where Ctrl-C in the terminal does not reach it."""
        with subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=cwd,
            env=dict(env),
            umask=0o077,
            start_new_session=True,
            user=self.uid if self.is_other else None,
            group=self.gid if self.is_other else None,
            extra_groups=[] if self.is_other else None,
        ) as process:
            try:
                output, _ = process.communicate(text)
            except KeyboardInterrupt:
                # It ends in a moment by itself; only then is it known what runs.
                process.communicate()
                raise
        return subprocess.CompletedProcess(command, process.returncode, output)

    def take(self, path: Path) -> None:
        """Make a file or folder this user's own."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        return self.run("/bin/sh", "-c", 'cd "$1"', "sh", folder).returncode == 0

    def can_run(self, program: Path) -> bool:
        try:
            return self.run(program, "--version").returncode == 0
        except PermissionError:
            return False


@dataclass(frozen=True)
class Place:
    """Where one checkout's servers live: `home` outlives them, `account` runs them."""

    home: Path
    account: Account

    def make_folder(self, name: str) -> Path:
        """A folder in `home` that the account alone may enter."""
        folder = self.home / name
        folder.mkdir(mode=0o700, exist_ok=True)
        self.account.take(folder)
        return folder

    def reach(self, package: str, program: Path) -> Path:
        """A program of a package, at a path where the account can run it: copied if need be."""
        original = find_package(package)
        if self.account.can_run(original / program):
            return original / program
        copy = self.home / "programs" / _fingerprint(original) / package
        if not copy.exists():
            _copy_whole(original, copy)
        return copy / program


def choose_place(state_dir: Path) -> Place:
    """Servers refuse to run as root, so root's run as an unprivileged user.

    Data stay in `state_dir` if that user can get there; otherwise, as when the checkout lies in
    root's own folder, in a folder of the system that belongs to this checkout alone. No
    permission of any folder above is ever changed.
    """
    state_dir = state_dir.resolve()
    if os.geteuid() != 0:
        return Place(state_dir, Account(os.geteuid(), os.getegid(), is_other=False))
    account = _account_for(state_dir)
    if account.can_enter(state_dir):
        return Place(state_dir, account)
    home = SYSTEM_STATE / hashlib.sha256(os.fsencode(state_dir)).hexdigest()[:16]
    for folder in (SYSTEM_STATE, home):
        if not folder.exists():
            folder.mkdir()
            folder.chmod(0o711)
    (home / "checkout").write_text(f"{state_dir}\n")
    return Place(home, _account_for(home))


def find_package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(
            f"The package {name} is not installed: run `pip install -r requirements.txt`."
        )
    return Path(spec.submodule_search_locations[0])


def _account_for(home: Path) -> Account:
    data = home / "postgres"
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid, is_other=True)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, is_other=True)
    raise ServerError(
        "PostgreSQL does not run as root and this system has no user "
        f"{' or '.join(UNPRIVILEGED)}. Run as an ordinary user, or set DATABASE_URL."
    )


def _fingerprint(package: Path) -> str:
    return hashlib.sha256(f"{package}:{package.stat().st_mtime_ns}".encode()).hexdigest()[:12]


def _copy_whole(original: Path, copy: Path) -> None:
    # A copy that was interrupted must never be taken for a whole one.
    part = copy.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(original, part, symlinks=True)
    libraries = original.with_suffix(".libs")
    if libraries.exists():
        shutil.copytree(libraries, copy.with_suffix(".libs"), symlinks=True, dirs_exist_ok=True)
    for path in [*copy.parents[:2], *copy.parent.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.stat().st_mode & 0o100 else 0o444))
    part.replace(copy)
