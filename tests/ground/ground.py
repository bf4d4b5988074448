"""One test's ground: its database, and the product's processes on it."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import redis
from channels.layers import channel_layers
from django.conf import settings

from chatsaas.servers.ports import LOOPBACK, find_port
from chatsaas.servers.served import Served, answers, running, says
from chatsaas.serving import (
    GATEWAY,
    WORKER_IS_READY,
    gateway_command,
    runner_command,
    worker_command,
)
from tests.ground.database import Database, copied_database
from tests.ground.golden import ensure_golden
from tests.ground.warm import warmed

# Those that are open in this process, so that a failing test can show what theirs said.
open_grounds: list["Ground"] = []


class Ground:
    """Processes find the test's database and each other by the environment they are given.

    Every starter takes `failpoints` (see `ai_bridge.failpoints`) and further variables.
    """

    def __init__(self, database: Database, folder: Path, *, from_nothing: bool = False) -> None:
        self.database = database
        self.from_nothing = from_nothing
        self.processes: list[Served] = []
        self._folder = folder
        self._runner_port, self._gateway_port = find_port(), find_port()

    @property
    def runner_url(self) -> str:
        return f"http://127.0.0.1:{self._runner_port}"

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self._gateway_port}"

    def gateway(
        self,
        *,
        failpoints: str = "",
        second: bool = False,
        application: str = GATEWAY,
        **variables: str,
    ) -> AbstractContextManager[Served]:
        """The gateway; a `second` one runs beside the first, on a port of its own."""
        port = find_port() if second else self._gateway_port
        name = "gateway-2" if second else "gateway"
        command = gateway_command(LOOPBACK, port, application=application)
        return self._run(name, command, answers("/healthz"), failpoints, variables, port, "product")

    def runner(self, *, failpoints: str = "", **variables: str) -> AbstractContextManager[Served]:
        port = self._runner_port
        command = runner_command(LOOPBACK, port)
        ready = answers("/healthz")
        return self._run("runner", command, ready, failpoints, variables, port, "runner")

    def worker(
        self, *, failpoints: str = "", beat: bool = False, **variables: str
    ) -> AbstractContextManager[Served]:
        """A Celery worker with one child; `beat` adds the clock to it."""
        command = worker_command(concurrency=1, schedule=self._folder / "beat" if beat else None)
        ready = says(WORKER_IS_READY)
        return self._run("worker", command, ready, failpoints, variables, 0, "product")

    def environment(self) -> dict[str, str]:
        """What a process needs to run on this ground."""
        return {
            **os.environ,
            "DATABASE_URL": self.database.url,
            "RUNNER_DATABASE_URL": self.database.runner_url,
            "RUNNER_URL": self.runner_url,
            "PUBLIC_URL": f"http://localhost:{self._gateway_port}",
            "PYTHONUNBUFFERED": "1",
        }

    def _run(
        self,
        name: str,
        command: tuple[str, ...],
        ready: Callable[[Served], bool],
        failpoints: str,
        variables: dict[str, str],
        port: int,
        kind: str,
    ) -> AbstractContextManager[Served]:
        served = Served(
            name=name,
            command=command,
            environment={
                **self.environment(),
                "CHATSAAS_FAILPOINTS": failpoints,
                **variables,
            },
            log=self._folder / f"{name}.log",
            ready=ready,
            port=port,
        )
        served = served if self.from_nothing else warmed(served, kind)
        self.processes.append(served)
        return running(served)


@contextmanager
def open_ground(folder: Path, *, from_nothing: bool = False) -> Iterator[Ground]:
    """A ground with a fresh database and an empty Redis; `folder` takes the logs.

    Its processes are forked by one that has loaded the libraries, unless they are to start
    `from_nothing` as a deploy starts them.
    """
    with redis.from_url(settings.REDIS_URL) as connection:
        connection.flushdb()
    channel_layers.backends.clear()
    with copied_database(ensure_golden(os.environ["DATABASE_URL"])) as database:
        before = settings.RUNNER_URL
        ground = Ground(database, folder, from_nothing=from_nothing)
        settings.RUNNER_URL = ground.runner_url
        open_grounds.append(ground)
        try:
            yield ground
        finally:
            open_grounds.remove(ground)
            settings.RUNNER_URL = before
