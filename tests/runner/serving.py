"""Runner processes for one test: real, on loopback, killed and started at will."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ai_bridge.runner.settings import RunnerSettings
from chatsaas.servers.ports import LOOPBACK, find_port
from chatsaas.servers.served import Served, answers, running
from chatsaas.serving import runner_command
from tests.ground.warm import warmed

# The token in the mark of these tests' databases, without which no failpoint can be armed.
GROUND = "1"


def runner_environment(settings: RunnerSettings) -> dict[str, str]:
    return {
        "RUNNER_DATABASE_URL": settings.database_url.get_secret_value(),
        "RUNNER_TOKEN": settings.token.get_secret_value(),
        "CHATSAAS_TEST_GROUND": GROUND,
        "LANGGRAPH_STRICT_MSGPACK": "true",
    }


@contextmanager
def served_runner(
    settings: RunnerSettings, folder: Path, failpoints: str = "", *, seed: str = "random"
) -> Iterator[Served]:
    """One runner behind uvicorn; it may be killed and started again inside the block.

    `seed` is that of its hashes, by which sets are ordered.
    """
    port = find_port()
    served = Served(
        name="runner",
        command=runner_command(LOOPBACK, port),
        environment={
            **os.environ,
            **runner_environment(settings),
            "CHATSAAS_FAILPOINTS": failpoints,
        },
        log=folder / "runner.log",
        ready=answers("/readyz"),
        port=port,
    )
    with running(warmed(served, "runner", seed)) as runner:
        yield runner
