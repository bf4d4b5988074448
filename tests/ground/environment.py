"""The environment of a test run: real servers, and secrets that are the same in every run.

`python -m tests.ground.environment` prints the folder that it is kept in.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from chatsaas.servers.keeper import marked
from chatsaas.servers.supervise import servers

ROOT = Path(__file__).resolve().parents[2]
# Where Linux keeps files in memory, and how much of it a run of all tests may want.
MEMORY, ROOM = Path("/dev/shm"), 4 << 30


def _choose_folder() -> Path:
    """This checkout's own, in memory if there is room: each test makes and drops a thousand files.

    See docs/adr/0018. Their programs are run from there too, so it must not be forbidden.
    """
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK | os.X_OK):
        return ROOT / ".state" / "test"
    forbidden = os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    if forbidden or shutil.disk_usage(MEMORY).free < ROOM:
        return ROOT / ".state" / "test"
    checkout = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]
    return MEMORY / f"chatsaas-test-{os.geteuid()}-{checkout}"


STATE_DIR = _choose_folder()

# Roles and their passwords follow from these, and outlive a run with the golden database.
FIXED = {
    "CHATSAAS_TEST_GROUND": "1",
    "DJANGO_SETTINGS_MODULE": "chatsaas.settings",
    "DATABASE_ROLE_PREFIX": "ground",
    "SECRET_KEY": "a secret of the test ground, and of nothing else, 0123456789",
    "RUNNER_TOKEN": "the runner's token on the test ground, and nowhere else",
    "LANGGRAPH_STRICT_MSGPACK": "true",
    # Hundreds of processes are started, and each would compile the product's modules anew.
    "PYTHONDONTWRITEBYTECODE": "",
}


REDIS_DATABASES = 16


@contextmanager
def environment() -> Iterator[None]:
    """Servers run and the environment names them: enter before Django reads its settings.

    Servers given by DATABASE_URL and REDIS_URL are used instead: the former's user must be allowed
    to make databases and roles; the latter's logical databases are emptied by tests.
    Whatever a test starts with this environment ends with the test run, even if that is killed.
    """
    with servers(STATE_DIR, durable=False) as urls, _own_number() as number:
        os.environ.update(FIXED, **urls, **marked())
        _keep_scratch_in(STATE_DIR / "scratch")
        os.environ["REDIS_URL"] = with_path(urls["REDIS_URL"], str(number))
        yield


def _keep_scratch_in(folder: Path) -> None:
    """What this process and those it starts take for the folder of temporary files."""
    folder.mkdir(exist_ok=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def with_path(url: str, name: str) -> str:
    """The same server's URL with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def _own_number() -> Iterator[int]:
    """A number no other test run holds: tests empty their Redis database, and runs are parallel."""
    for number in range(REDIS_DATABASES):
        with (STATE_DIR / f"redis-{number}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield number
            return
    raise RuntimeError(f"More than {REDIS_DATABASES} test runs at once share one Redis.")


if __name__ == "__main__":
    print(STATE_DIR)
