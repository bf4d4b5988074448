"""The servers, tenants and processes of one isolation run."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ai_bridge.failpoints import GROUND
from chatsaas.chaos.backing import Backing
from chatsaas.isolation.customers import Customer
from chatsaas.servers.errors import ServerError
from chatsaas.servers.ports import LOOPBACK, find_port
from chatsaas.servers.served import ROOT, Served, answers, says
from chatsaas.serving import GATEWAY_OPTIONS

GATEWAYS = 2
NAIVE = "chatsaas.isolation.naive"


@dataclass(frozen=True)
class Stage:
    """What every process is started with, and who the tenants are."""

    environment: Mapping[str, str]
    customers: tuple[Customer, ...]


def furnish(backing: Backing, seed: int, sink: str) -> Stage:
    """Raises ServerError with what the installer said when the database cannot be made."""
    environment = _environment(backing, sink)
    done = subprocess.run(
        [sys.executable, "-m", "chatsaas.isolation.customers", str(seed), sink],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ServerError(f"The scratch database could not be made:\n{done.stderr}")
    found = json.loads(done.stdout)
    customers = tuple(Customer(**one) for one in found["customers"])
    login = {"RUNNER_DATABASE_URL": found["runner_database_url"]}
    return Stage({**environment, **login}, customers)


def processes(stage: Stage, logs: Path, *, naive: bool) -> list[Served]:
    """Gateways, runner and the worker with beat, not yet started."""
    environment = dict(stage.environment)
    application = "chatsaas.asgi:application"
    if naive:
        environment["DJANGO_SETTINGS_MODULE"] = f"{NAIVE}.settings"
        application = f"{NAIVE}.asgi:application"
    port = int(environment["RUNNER_URL"].rpartition(":")[2])
    gateways = [
        _served(environment, logs, f"gateway-{number}", find_port(), application, GATEWAY_OPTIONS)
        for number in range(1, GATEWAYS + 1)
    ]
    options = ("--no-access-log",)
    runner = _served(environment, logs, "runner", port, "ai_bridge.runner.app:app", options)
    return [*gateways, runner, _worker(stage.environment, logs)]


def _served(
    environment: Mapping[str, str],
    logs: Path,
    name: str,
    port: int,
    application: str,
    options: tuple[str, ...],
) -> Served:
    place = ("--host", LOOPBACK, "--port", str(port))
    command = (sys.executable, "-m", "uvicorn", *place, *options, application)
    return Served(name, command, environment, logs / f"{name}.log", answers("/healthz"), port)


def _worker(environment: Mapping[str, str], logs: Path) -> Served:
    schedule = ("--beat", "--schedule", str(logs / "beat"))
    celery = ("celery", "-A", "chatsaas.celery", "worker", "--concurrency", "2")
    command = (sys.executable, "-m", *celery, "--loglevel", "info", *schedule)
    return Served("worker", command, environment, logs / "worker.log", says(" ready."))


def _environment(backing: Backing, sink: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "chatsaas.settings",
        "LANGGRAPH_STRICT_MSGPACK": "true",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "RUNNER_TOKEN": secrets.token_urlsafe(32),
        "VISITOR_TOKEN_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": backing.database_url,
        "DATABASE_ROLE_PREFIX": "isolation",
        "RUNNER_DATABASE_URL": "",
        "REDIS_URL": backing.redis_url,
        "CELERY_BROKER_URL": backing.redis_url,
        "RUNNER_URL": f"http://{LOOPBACK}:{find_port()}",
        "PUBLIC_URL": "http://localhost:8000",
        "BASE_DOMAIN": "localhost",
        # One address asks for everybody here.
        "LIMITS_FACTOR": "1000",
        "OUTBOUND_ALLOWED_HOSTS": sink.removeprefix("http://"),
        "EMAIL_URL": "consolemail://",
        GROUND: secrets.token_urlsafe(24),
    }
