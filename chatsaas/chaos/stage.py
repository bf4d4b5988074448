"""Everything of one run: servers, tenants, proxies, and the product's own processes on them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ai_bridge.failpoints import ARMED, NEMESIS
from chatsaas.chaos.backing import Backing
from chatsaas.chaos.environment import furnish_scratch, scratch_environment
from chatsaas.chaos.forked import Forked, open_nurseries
from chatsaas.chaos.proxy import Proxy
from chatsaas.chaos.world import Site
from chatsaas.servers.ports import LOOPBACK, find_ports
from chatsaas.servers.served import Served, answers, says
from chatsaas.serving import (
    BEAT_IS_READY,
    GATEWAY,
    RUNNER,
    WORKER,
    WORKER_IS_READY,
    beat_command,
    gateway_command,
    runner_command,
    worker_command,
)

GATEWAYS, RUNNERS, WORKERS = 3, 3, 3
TENANTS = ("alpha", "beta")
NAIVE = "chatsaas.chaos.naive"
Ready = Callable[[Served], bool]
# What they would load with their first requests, turns and tasks: nearly as much as to start.
_CLIENT = (
    "httpcore",
    "anyio.streams.tls",
    "anyio._backends._asyncio",
    "ai_bridge.outbound.trust:authorities",
)
_PAGES = ("chatsaas.urls", "channels_redis.pubsub")
LOADS = {
    "server": (
        *("uvicorn.main", "uvicorn.lifespan.on", "uvicorn.loops.uvloop"),
        "uvicorn.protocols.http.httptools_impl",
        "uvicorn.protocols.websockets.websockets_sansio_impl",
    ),
    "gateway": ("chatsaas.transports", *_PAGES, *_CLIENT),
    "runner": (
        *("ai_bridge.runner.model.extractor", "ai_bridge.runner.model.connections"),
        *("email_validator", "rapidfuzz.process", *_CLIENT),
    ),
    "worker": (
        *("celery.apps.worker", "celery.apps.beat", "celery.concurrency.prefork"),
        *("celery.worker.components", "celery.worker.consumer", "celery.worker.strategy"),
        *("celery.worker.pidbox", "kombu.transport.redis", "django.core.cache.backends.redis"),
        *("django_tenants.management.commands.migrate_schemas", "tenants.staff.hashing"),
        *("sessions_app.tasks", "chatsaas.tasks", "chatsaas.heartbeat", *_PAGES, *_CLIENT),
    ),
}


@dataclass(frozen=True)
class Strangers:
    """Ports of what is not the product: the customers' server and the provider of models."""

    sink: int
    provider: int


@dataclass(frozen=True)
class Town:
    """What was furnished: the environment of every process, and the tenants' sites."""

    environment: Mapping[str, str]
    sites: Mapping[str, Site]


def canaries_of(seed: int) -> dict[str, str]:
    return {tenant: f"canary-{tenant}-{seed:x}" for tenant in TENANTS}


def furnish(
    backing: Backing, proxies: Mapping[str, Proxy], seed: int, strangers: Strangers
) -> Town:
    """Raises ServerError with what the installer said when the database cannot be made."""
    allowed = ",".join(f"{LOOPBACK}:{port}" for port in (strangers.sink, strangers.provider))
    environment = {
        **scratch_environment(
            database_url=_through(backing.database_url, proxies["database"].port),
            redis_url=backing.redis_url,
            runner_url=f"http://{LOOPBACK}:{proxies['runner'].port}",
            public_url=f"http://localhost:{proxies['gateway'].port}",
            prefix="chaos",
        ),
        "OUTBOUND_ALLOWED_HOSTS": allowed,
        "RUNNER_OUTBOUND_ALLOWED_HOSTS": allowed,
    }
    direct = {**environment, "DATABASE_URL": backing.database_url}
    told = json.dumps({"canaries": canaries_of(seed), **asdict(strangers)})
    found = furnish_scratch("chatsaas.chaos.furnish", environment=direct, told=told)
    login = _through(found["runner_database_url"], proxies["database"].port)
    sites = {one["tenant"]: Site(**one) for one in found["sites"]}
    return Town({**environment, "RUNNER_DATABASE_URL": login}, sites)


def loads_of(*, gateway: str, runner: str, worker: str) -> dict[str, tuple[str, ...]]:
    """What nurseries of these applications load, by the kind of process."""
    return {
        "gateway": (*LOADS["server"], gateway.partition(":")[0], *LOADS["gateway"]),
        "runner": (*LOADS["server"], runner.partition(":")[0], *LOADS["runner"]),
        "worker": ("django:setup", "celery.bin.celery", worker, *LOADS["worker"]),
    }


@contextmanager
def processes(
    town: Town, logs: Path, scratch: Path, nemesis_port: int, *, naive: bool
) -> Iterator[list[Served]]:
    """Gateways, runners, workers and beat, not yet started; each asks the nemesis."""
    armed = {
        **town.environment,
        ARMED: "*:ask",
        NEMESIS: f"{LOOPBACK}:{nemesis_port}",
    }
    gateway = f"{NAIVE}.gateway:application" if naive else GATEWAY
    runner = f"{NAIVE}.runner:app" if naive else RUNNER
    worker = f"{NAIVE}.worker" if naive else WORKER
    loads = loads_of(gateway=gateway, runner=runner, worker=worker)
    with open_nurseries(loads, armed, logs) as nurseries:

        def forked(name: str, command: Sequence[str], ready: Ready, port: int = 0) -> Served:
            kind = name.partition("-")[0].replace("beat", "worker")
            log = logs / f"{name}.log"
            return Forked(name, command, armed, log, ready, port, nursery=nurseries[kind])

        ports = iter(find_ports(GATEWAYS + RUNNERS))
        served = []
        for number, port in zip(range(1, GATEWAYS + 1), ports, strict=False):
            command = gateway_command(LOOPBACK, port, application=gateway)
            served.append(forked(f"gateway-{number}", command, answers("/healthz"), port))
        for number, port in zip(range(1, RUNNERS + 1), ports, strict=False):
            command = runner_command(LOOPBACK, port, application=runner)
            served.append(forked(f"runner-{number}", command, answers("/healthz"), port))
        for number in range(1, WORKERS + 1):
            command = worker_command(concurrency=2, application=worker)
            served.append(forked(f"worker-{number}", command, says(WORKER_IS_READY)))
        command = beat_command(scratch / "beat", application=worker)
        yield [*served, forked("beat", command, says(BEAT_IS_READY))]


def _through(url: str, port: int) -> str:
    """The same login by way of a proxy."""
    parts = urlsplit(url)
    login = parts.netloc.rpartition("@")[0]
    return parts._replace(netloc=f"{login}@{LOOPBACK}:{port}").geturl()
