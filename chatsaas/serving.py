"""The command lines of the product's processes: every place that starts one takes them from here.

Each runs under this very Python, in the folder of the checkout.
"""

import sys
from pathlib import Path

GATEWAY = "chatsaas.asgi:application"
RUNNER = "ai_bridge.runner.app:app"
WORKER = "chatsaas.celery"
# What a worker logs when it takes tasks.
WORKER_IS_READY = " ready."
BEAT_IS_READY = "beat: Starting"

_GATEWAY_OPTIONS = (
    *("--ws", "chatsaas.transports:GatewaySocket"),
    *("--http", "chatsaas.transports:GatewayHttp"),
    *("--ws-max-size", "65536"),
    *("--ws-per-message-deflate", "false"),
    # Each ping after half to all of it: networks in between forget a line after a minute.
    *("--ws-ping-interval", "30"),
    *("--ws-ping-timeout", "15"),
    *("--timeout-graceful-shutdown", "5"),
    # Whose address it is, is decided by TRUSTED_PROXIES; uvicorn believes whoever is on loopback.
    "--no-proxy-headers",
    "--no-server-header",
    "--no-access-log",
)


def gateway_command(
    host: str, port: int, *further: str, application: str = GATEWAY
) -> tuple[str, ...]:
    """HTTP and sockets of all tenants; `further` options are uvicorn's."""
    return _uvicorn(application, host, port, *_GATEWAY_OPTIONS, *further)


def runner_command(
    host: str, port: int, *further: str, application: str = RUNNER
) -> tuple[str, ...]:
    """Any small service behind uvicorn, the runner if no other is named."""
    return _uvicorn(application, host, port, "--no-access-log", *further)


def worker_command(
    *, concurrency: int, schedule: Path | None = None, application: str = WORKER
) -> tuple[str, ...]:
    """Takes tasks of every queue; with a `schedule` file, beat is inside it."""
    beat = ("--beat", "--schedule", str(schedule)) if schedule else ()
    options = ("--concurrency", str(concurrency), "--loglevel", "INFO", *beat)
    return (sys.executable, "-m", "celery", "--app", application, "worker", *options)


def beat_command(schedule: Path, *, application: str = WORKER) -> tuple[str, ...]:
    """The clock of all periodic tasks, in a process of its own; there is only ever one."""
    options = ("--schedule", str(schedule), "--loglevel", "INFO")
    return (sys.executable, "-m", "celery", "--app", application, "beat", *options)


def _uvicorn(application: str, host: str, port: int, *options: str) -> tuple[str, ...]:
    place = ("--host", host, "--port", str(port))
    return (sys.executable, "-m", "uvicorn", *place, *options, application)
