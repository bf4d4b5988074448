"""The fake endpoint in a process of its own, and providers that lead to it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from ai_bridge.contract import Provider
from chatsaas.servers.ports import LOOPBACK, find_port
from chatsaas.servers.served import Served, answers, running
from chatsaas.serving import runner_command
from tests.ground.warm import warmed

KEY = "sk-test-4f9d1c2b7e6a5f80"
_numbers = count(1)


@dataclass(frozen=True)
class Endpoint:
    """`provider(behaviour)` leads to a model of that behaviour that nobody else asks."""

    served: Served

    @property
    def url(self) -> str:
        return f"{self.served.url}/v1"

    def provider(self, behaviour: str, **changes: Any) -> Provider:
        values: dict[str, Any] = {
            "kind": "openai",
            "model": f"{behaviour}-{os.getpid():x}{next(_numbers):x}",
            "base_url": self.url,
            "api_key": KEY,
            "timeout_ms": 6_000,
        }
        return Provider(**(values | changes))

    def asked(self, provider: Provider) -> list[dict[str, Any]]:
        """Every request that was made of this provider's model, oldest first."""
        name = provider.model.rpartition(":")[2]
        answer = httpx.get(f"{self.served.url}/asked", params={"model": name}, timeout=60)
        found: list[dict[str, Any]] = answer.json()
        return found


@contextmanager
def served_models(folder: Path) -> Iterator[Endpoint]:
    port = find_port()
    served = Served(
        name="models",
        command=runner_command(
            LOOPBACK, port, "--timeout-graceful-shutdown", "1", application="tests.models.fake:app"
        ),
        environment=dict(os.environ),
        log=folder / "models.log",
        ready=answers("/ready"),
        port=port,
    )
    with running(warmed(served, "runner")) as models:
        yield Endpoint(models)
