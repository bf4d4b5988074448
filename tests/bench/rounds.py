"""Runs the subjects in turn, again and again, so that a slow minute is slow for all of them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from django.conf import settings
from rich.console import Console
from rich.progress import track

from chatsaas.servers.ports import LOOPBACK, find_port
from chatsaas.servers.served import Served, answers, running
from chatsaas.serving import runner_command
from chatsaas.terminal.visitor import Door
from tests.bench.growth import Growth, measure_growth
from tests.bench.meter import Reading, count_statements, cpu_seconds
from tests.bench.site import ORIGIN, make_site
from tests.bench.subjects import LINES, Baseline, Runner, Subject, WholePath
from tests.ground.ground import Ground, open_ground
from tests.ground.server import connect

ROUNDS = 30
WARM_UP_ROUNDS = 4


def measure(stack: ExitStack, folder: Path, console: Console) -> tuple[list[Reading], Growth]:
    """All readings, and how the bytes of a turn grow; needs Django's settings to stand."""
    ground = stack.enter_context(open_ground(folder, from_nothing=True))
    with connect(ground.database.url) as owner:
        owner.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    baseline = stack.enter_context(_baseline(ground, folder))
    runner = stack.enter_context(ground.runner())
    # Counted as ever, and never reached: a bench is a flood.
    gateway = stack.enter_context(ground.gateway(LIMITS_FACTOR="1000"))
    door = Door(ground.gateway_url, make_site(), ORIGIN)
    subjects: list[tuple[Subject, list[int]]] = [
        (Baseline(stack.enter_context(_client(baseline.url))), [baseline.pid]),
        (Runner(stack.enter_context(_client(runner.url, settings.RUNNER_TOKEN))), [runner.pid]),
        (WholePath(door), [gateway.pid, runner.pid]),
    ]
    readings = [Reading(subject.name) for subject, _ in subjects]
    for number in track(range(WARM_UP_ROUNDS + ROUNDS), "Rounds", console=console):
        for (subject, pids), reading in zip(subjects, readings, strict=True):
            _round(ground, subject, pids, reading if number >= WARM_UP_ROUNDS else None)
    return readings, measure_growth(ground, subjects[0][0], door, console)


def _round(ground: Ground, subject: Subject, pids: list[int], reading: Reading | None) -> None:
    if reading is None:
        list(subject.converse(LINES))
        return
    with connect(ground.database.url) as owner:
        statements, cpu = count_statements(owner), cpu_seconds(pids)
        reading.latencies += subject.converse(LINES)
        reading.cpu += cpu_seconds(pids) - cpu
        reading.statements += count_statements(owner) - statements


@contextmanager
def _baseline(ground: Ground, folder: Path) -> Iterator[Served]:
    port = find_port()
    served = Served(
        name="baseline",
        command=runner_command(LOOPBACK, port, application="tests.bench.baseline:app"),
        environment={**ground.environment(), "BASELINE_DATABASE_URL": ground.database.url},
        log=folder / "baseline.log",
        ready=answers("/healthz"),
        port=port,
    )
    with running(served) as started:
        yield started


def _client(url: str, token: str = "") -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=url, headers=headers, timeout=30)
