"""The steps of putting the demo on, each of them safe to take again.

Django may be imported only after `environment` has been applied, hence inside the steps.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress

from chatsaas.demo.processes import Parts
from chatsaas.demo.settings import Ports
from chatsaas.demo.website import start_website as serve_pages
from chatsaas.servers.errors import ServerError
from chatsaas.servers.ports import LOOPBACK
from chatsaas.servers.process import find_process
from chatsaas.servers.secrets import ensure_secrets
from chatsaas.servers.supervise import note_address
from chatsaas.serving import WORKER_IS_READY, gateway_command, runner_command, worker_command

if TYPE_CHECKING:
    from chatsaas.demo.seed import Seeded

BASE_DOMAIN = "localhost"


@dataclass(frozen=True)
class Stage:
    """What the demo knows about itself."""

    state_dir: Path
    ports: Ports
    console: Console

    @property
    def gateway(self) -> str:
        return f"http://{BASE_DOMAIN}:{self.ports.gateway}"

    @property
    def runner(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.runner}"

    @property
    def origin(self) -> str:
        return f"http://{BASE_DOMAIN}:{self.ports.website}"


def environment(stage: Stage, urls: Mapping[str, str]) -> dict[str, str]:
    """The variables every part of the demo runs with."""
    made = ensure_secrets(stage.state_dir)
    return {
        **urls,
        **{name: os.environ.get(name) or secret for name, secret in made.items()},
        "DJANGO_SETTINGS_MODULE": "chatsaas.settings",
        "PUBLIC_URL": stage.gateway,
        "RUNNER_URL": stage.runner,
        "LOG_FORMAT": "console",
    }


def prepare_database() -> None:
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise ServerError(str(error)) from error

    from chatsaas.installing import install

    for _ in install():
        pass
    os.environ["RUNNER_DATABASE_URL"] = settings.RUNNER_DATABASE_URL


def make_customers(stage: Stage) -> Seeded:
    from django.db import ProgrammingError, connections

    from chatsaas.demo.seed import seed

    try:
        return seed(stage.state_dir, origin=stage.origin, base_domain=BASE_DOMAIN)
    except ProgrammingError as error:
        what = str(error).splitlines()[0]
        raise ServerError(
            f"The data of this demo was made by another version of it: {what}. "
            f"Delete {stage.state_dir} (or the database of DATABASE_URL) and start again."
        ) from error
    finally:
        connections.close_all()


def start_parts(stage: Stage, parts: Parts) -> list[Callable[[], None]]:
    """Start runner, gateway and worker; answers how to wait for each of them."""
    ports, schedule = stage.ports, stage.state_dir / "beat-schedule"
    runner = parts.start("runner", runner_command(LOOPBACK, ports.runner))
    gateway = parts.start("gateway", gateway_command(LOOPBACK, ports.gateway))
    for name, url, part in (
        ("RUNNER_URL", stage.runner, runner),
        ("PUBLIC_URL", stage.gateway, gateway),
    ):
        # They may have ports of their own, and other terminals are not told.
        if process := find_process(part.popen.pid):
            note_address(stage.state_dir, name, url, process)
    # One beat for one demo, inside the worker.
    worker = parts.start("worker", worker_command(concurrency=2, schedule=schedule))
    return [
        *(
            partial(parts.wait_until_healthy, part, f"http://{LOOPBACK}:{port}/healthz")
            for part, port in ((runner, ports.runner), (gateway, ports.gateway))
        ),
        partial(parts.wait_until_said, worker, WORKER_IS_READY),
    ]


def start_website(stage: Stage, stack: ExitStack, kept: Seeded) -> None:
    try:
        server = serve_pages(stage.ports.website, host=stage.gateway, keys=kept.keys)
    except OSError as error:
        raise ServerError(
            f"Port {stage.ports.website} of the customers' website is taken ({error.strerror}). "
            "Set WEBSITE_PORT to a free one."
        ) from None
    stack.callback(server.shutdown)


def hold_conversations(stage: Stage, progress: Progress, kept: Seeded) -> None:
    from chatsaas.demo.conversations import hold, missing_conversations

    talks = missing_conversations()
    if not talks:
        return
    task = progress.add_task("  visitors' messages", total=sum(len(talk.lines) for talk in talks))
    for talk in talks:
        for _ in hold(talk, kept, gateway=stage.gateway, origin=stage.origin):
            progress.advance(task)


def show_doors(stage: Stage, kept: Seeded) -> None:
    from chatsaas.demo.customers import CUSTOMERS
    from chatsaas.demo.seed import logins

    doors = [(f"{one.name}'s website", f"{stage.origin}{one.page}") for one in CUSTOMERS]
    doors.append(("API documentation", f"{stage.gateway}/api/v1/docs"))
    people = [(one.email, one.place) for one in logins(stage.ports.gateway, BASE_DOMAIN)]
    _show(stage.console, "Open", doors)
    _show(stage.console, f"Sign in, everybody with the password [b]{kept.password}[/b]", people)
    visit = f".venv/bin/python manage.py chat --site {kept.keys[CUSTOMERS[0].slug]}"
    _show(stage.console, "From another terminal", [("A visitor without a browser", visit)])
    stage.console.print("\nCtrl-C stops everything; the data is kept for the next start.")


def _show(console: Console, title: str, rows: list[tuple[str, str]]) -> None:
    console.print(f"\n{title}")
    for what, where in rows:
        console.print(f"  {what:<32}{where}", soft_wrap=True, highlight=False)
