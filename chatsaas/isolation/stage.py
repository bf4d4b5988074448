"""The servers, tenants and processes of one isolation run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chatsaas.chaos.backing import Backing
from chatsaas.chaos.environment import furnish_scratch, scratch_environment
from chatsaas.chaos.forked import Forked, open_nurseries
from chatsaas.chaos.stage import loads_of
from chatsaas.isolation.customers import Customer
from chatsaas.servers.ports import LOOPBACK, find_ports
from chatsaas.servers.served import Served, answers, says
from chatsaas.serving import (
    GATEWAY,
    RUNNER,
    WORKER,
    WORKER_IS_READY,
    gateway_command,
    runner_command,
    worker_command,
)

GATEWAYS = 2
NAIVE = "chatsaas.isolation.naive"
Ready = Callable[[Served], bool]


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
    runner, *gateways = find_ports(1 + GATEWAYS)
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


@contextmanager
def processes(stage: Stage, logs: Path, *, naive: bool) -> Iterator[list[Served]]:
    """Gateways, runner and the worker with beat, not yet started.

    The control is a gateway alone: whoever keeps the tenant on the connection leaks there.
    """
    environment, gateway = dict(stage.environment), GATEWAY
    if naive:
        environment["DJANGO_SETTINGS_MODULE"] = f"{NAIVE}.settings"
        gateway = f"{NAIVE}.asgi:application"
    loads = loads_of(gateway=gateway, runner=RUNNER, worker=WORKER)
    kinds = ("gateway", "runner") if naive else tuple(loads)
    with open_nurseries({kind: loads[kind] for kind in kinds}, environment, logs) as nurseries:

        def forked(name: str, command: Sequence[str], ready: Ready, port: int = 0) -> Served:
            nursery = nurseries[name.partition("-")[0]]
            log = logs / f"{name}.log"
            return Forked(name, command, environment, log, ready, port, nursery=nursery)

        command = runner_command(LOOPBACK, stage.runner)
        served = [forked("runner", command, answers("/healthz"), stage.runner)]
        for number, port in enumerate(stage.gateways[: 1 if naive else GATEWAYS], start=1):
            command = gateway_command(LOOPBACK, port, application=gateway)
            served.append(forked(f"gateway-{number}", command, answers("/healthz"), port))
        if not naive:
            command = worker_command(concurrency=2, schedule=logs / "beat")
            served.append(forked("worker", command, says(WORKER_IS_READY)))
        yield served
