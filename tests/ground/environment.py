"""The environment of a test run: real servers, and secrets that are the same in every run."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from chatsaas.servers.keeper import marked
from chatsaas.servers.supervise import servers

ROOT = Path(__file__).resolve().parents[2]
STATE_DIR = ROOT / ".state" / "test"

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
        os.environ["REDIS_URL"] = with_path(urls["REDIS_URL"], str(number))
        yield


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
