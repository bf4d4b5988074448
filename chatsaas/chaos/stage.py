"""Everything of one run: servers, tenants, proxies, and the product's own processes on them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ai_bridge.failpoints import ARMED, NEMESIS
from chatsaas.chaos.backing import Backing
from chatsaas.chaos.environment import furnish_scratch, scratch_environment
from chatsaas.chaos.proxy import Proxy
from chatsaas.chaos.world import Site
from chatsaas.servers.ports import LOOPBACK, find_lasting_ports
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

GATEWAYS, RUNNERS = 2, 2
TENANTS = ("alpha", "beta")
NAIVE = "chatsaas.chaos.naive"


@dataclass(frozen=True)
class Town:
    """What was furnished: the environment of every process, and the tenants' sites."""

    environment: Mapping[str, str]
    sites: Mapping[str, Site]


def canaries_of(seed: int) -> dict[str, str]:
    return {tenant: f"canary-{tenant}-{seed:x}" for tenant in TENANTS}


def furnish(backing: Backing, proxies: Mapping[str, Proxy], seed: int) -> Town:
    """Raises ServerError with what the installer said when the database cannot be made."""
    environment = scratch_environment(
        database_url=_through(backing.database_url, proxies["database"].port),
        redis_url=backing.redis_url,
        runner_url=f"http://{LOOPBACK}:{proxies['runner'].port}",
        public_url=f"http://localhost:{proxies['gateway'].port}",
        prefix="chaos",
    )
    direct = {**environment, "DATABASE_URL": backing.database_url}
    found = furnish_scratch(
        "chatsaas.chaos.furnish", environment=direct, told=json.dumps(canaries_of(seed))
    )
    login = _through(found["runner_database_url"], proxies["database"].port)
    sites = {one["tenant"]: Site(**one) for one in found["sites"]}
    return Town({**environment, "RUNNER_DATABASE_URL": login}, sites)


def processes(
    town: Town, logs: Path, scratch: Path, nemesis_port: int, *, naive: bool
) -> list[Served]:
    """Gateways, runners and the worker with beat, not yet started; each asks the nemesis."""
    armed = {
        **town.environment,
        ARMED: "*:ask",
        NEMESIS: f"{LOOPBACK}:{nemesis_port}",
    }
    gateway = f"{NAIVE}.gateway:application" if naive else GATEWAY
    runner = f"{NAIVE}.runner:app" if naive else RUNNER
    worker = f"{NAIVE}.worker" if naive else WORKER
    named = {f"gateway-{n}": gateway for n in range(1, GATEWAYS + 1)}
    named |= {f"runner-{n}": runner for n in range(1, RUNNERS + 1)}
    ports = find_lasting_ports(len(named))
    made = [
        _served(armed, logs / f"{name}.log", name, application, port)
        for (name, application), port in zip(named.items(), ports, strict=True)
    ]
    ready = says(WORKER_IS_READY)
    command = worker_command(concurrency=2, schedule=scratch / "beat", application=worker)
    return [*made, Served("worker", command, armed, logs / "worker.log", ready)]


def _served(
    environment: Mapping[str, str], log: Path, name: str, application: str, port: int
) -> Served:
    command = gateway_command if name.startswith("gateway") else runner_command
    line = command(LOOPBACK, port, application=application)
    return Served(name, line, environment, log, answers("/healthz"), port)


def _through(url: str, port: int) -> str:
    """The same login by way of a proxy."""
    parts = urlsplit(url)
    login = parts.netloc.rpartition("@")[0]
    return parts._replace(netloc=f"{login}@{LOOPBACK}:{port}").geturl()
