"""The servers, tenants and processes of one isolation run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatsaas.chaos.backing import Backing
from chatsaas.chaos.environment import furnish_scratch, scratch_environment
from chatsaas.isolation.customers import Customer
from chatsaas.servers.ports import LOOPBACK, find_lasting_ports
from chatsaas.servers.served import Served, answers, says
from chatsaas.serving import (
    GATEWAY,
    WORKER_IS_READY,
    gateway_command,
    runner_command,
    worker_command,
)

GATEWAYS = 2
NAIVE = "chatsaas.isolation.naive"


@dataclass(frozen=True)
class Stage:
    """What every process is started with, who the tenants are, and where what is heard.

    Mails are written to a folder, and so is what processes put aside for a while.
    """

    environment: Mapping[str, str]
    customers: tuple[Customer, ...]
    gateways: tuple[int, ...]
    runner: int
    mails: Path
    temporary: Path


def furnish(backing: Backing, seed: int, sink: str, proxy: int, folder: Path) -> Stage:
    """`proxy` is the port that leads to the runner.

    Raises ServerError with what the installer said when the database cannot be made.
    """
    mails, temporary = folder / "mails", folder / "temporary"
    temporary.mkdir()
    runner, *gateways = find_lasting_ports(1 + GATEWAYS)
    environment = scratch_environment(
        database_url=backing.database_url,
        redis_url=backing.redis_url,
        runner_url=f"http://{LOOPBACK}:{proxy}",
        public_url=f"http://localhost:{gateways[0]}",
        prefix="isolation",
    )
    environment |= {
        "OUTBOUND_ALLOWED_HOSTS": sink.removeprefix("http://"),
        # The path of such a URL is relative without one more slash.
        "EMAIL_URL": f"filemail:///{mails}",
        "TMPDIR": str(temporary),
    }
    found = furnish_scratch(
        "chatsaas.isolation.customers", str(seed), sink, environment=environment
    )
    customers = tuple(Customer(**one) for one in found["customers"])
    login = {"RUNNER_DATABASE_URL": found["runner_database_url"]}
    told = {**environment, **login}
    return Stage(told, customers, tuple(gateways), runner, mails, temporary)


def processes(stage: Stage, logs: Path, *, naive: bool) -> list[Served]:
    """Gateways, runner and the worker with beat, not yet started.

    The control is a gateway alone: whoever keeps the tenant on the connection leaks there.
    """
    environment = dict(stage.environment)
    application = GATEWAY
    if naive:
        environment["DJANGO_SETTINGS_MODULE"] = f"{NAIVE}.settings"
        application = f"{NAIVE}.asgi:application"
    gateways = [
        _served(
            f"gateway-{number}",
            gateway_command(LOOPBACK, port, application=application),
            environment,
            logs,
            port,
        )
        for number, port in enumerate(stage.gateways[: 1 if naive else GATEWAYS], start=1)
    ]
    command = runner_command(LOOPBACK, stage.runner)
    runner = _served("runner", command, environment, logs, stage.runner)
    return [*gateways, runner, *([] if naive else [_worker(stage.environment, logs)])]


def _served(
    name: str, command: Sequence[str], environment: Mapping[str, str], logs: Path, port: int
) -> Served:
    return Served(name, command, environment, logs / f"{name}.log", answers("/healthz"), port)


def _worker(environment: Mapping[str, str], logs: Path) -> Served:
    command = worker_command(concurrency=2, schedule=logs / "beat")
    return Served("worker", command, environment, logs / "worker.log", says(WORKER_IS_READY))
