"""`python -m chatsaas.chaos.document`: a release's run and latencies, into docs/reliability.md."""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from rich.console import Console

from chatsaas.chaos.command import (
    ANSWERED,
    ARTEFACTS,
    Stopped,
    fresh_seed,
    on_loop,
    run_command,
    scratch_folder,
)
from chatsaas.chaos.figures import (
    AT_ONCE,
    PAUSE_SECONDS,
    SESSIONS,
    SETTLED_SECONDS,
    TURNS,
    Figures,
    measure,
)
from chatsaas.chaos.matrix import CELLS
from chatsaas.chaos.report import Report
from chatsaas.chaos.run import Plan
from chatsaas.reliability import DOCUMENT, write_section
from chatsaas.servers.errors import ServerError
from chatsaas.terminal.progress import progress_of

BROKEN, WAITING = "Chaos", "How long a visitor waits"
# Twenty rounds of the matrix and an eighth more take 13 minutes where the machine is quick enough.
KILL_EVERY = 2.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make reliability", description=__doc__)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--kill-every", type=float, default=KILL_EVERY)
    parser.add_argument("--least-hits", type=int, default=20)
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args()
    seed = fresh_seed() if asked.seed is None else asked.seed
    kept = ARTEFACTS / f"{time.strftime('%Y%m%d-%H%M%S')}-seed-{seed}"
    plan = Plan(asked.sessions, asked.turns, asked.kill_every, seed, least_hits=asked.least_hits)
    try:
        report = run_command(plan, kept / "chaos")
        figures = measure_command(seed, kept / "waiting")
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        print("Stopped. Nothing is left running.", file=sys.stderr)
        return 130
    write_section(BROKEN, chaos_section(report))
    write_section(WAITING, waiting_section(figures))
    print(f"Written to {DOCUMENT}; the histories are in {kept}.")
    if report.least_hit < asked.least_hits:
        print(
            f"Some cells were hit {report.least_hit} times, not {asked.least_hits}: the machine is "
            "too busy. Try again when it is quiet, or with a larger --kill-every.",
            file=sys.stderr,
        )
        return 1
    return 0 if report.is_clean and figures.is_clean else 1


def measure_command(seed: int, kept: Path) -> Figures:
    kept.mkdir(parents=True)
    console = Console()
    total = SESSIONS * TURNS
    with scratch_folder() as scratch, progress_of(total, ANSWERED, console) as tell:
        figures = on_loop(measure(seed, scratch, kept, tell))
    (kept / "figures.json").write_text(json.dumps(asdict(figures), indent=1) + "\n")
    return figures


def chaos_section(report: Report) -> str:
    broken = "\n".join(f"| {name} | {count} |" for name, count in report.counts.items())
    return f"""Seed {report.seed}: {report.sessions:,} sessions of two tenants with
{report.turns:,} messages, {report.kills} kills among {sum(report.faults.values())} faults, in
{report.seconds:.0f} s; {report.recomputed:,} turns computed again. Of {len(report.cells)} cells the
one that was hit least was hit {report.least_hit} times. {machine()}

| broken promises | count |
| --- | ---: |
{broken}

| fault | in all | least | where, and how often |
| --- | ---: | ---: | --- |
{_faults(report)}"""


def waiting_section(figures: Figures) -> str:
    broken = sum(figures.counts.values())
    return f"""Seed {figures.seed}, in seconds. The conversations that were cut were checked too:
{broken} broken promises. {AT_ONCE} visitors talk at once; each of their sockets is cut
{SETTLED_SECONDS} s after its greeting and comes back after up to {PAUSE_SECONDS} s, which
the figure holds: the widget waits so long too. {machine()}

| after | times | median | p99 | longest | to hold |
| --- | ---: | ---: | ---: | ---: | --- |
{_row("a gateway frozen over a turn: the next message", figures.frozen, "lease + 1 s = 6")}
{_row("a cut socket: connected again with all events", figures.resumed, "p99 1")}
{_row("Redis killed: a turn meanwhile", figures.without_redis, "answered")}
{_row("PostgreSQL back from a crash: the first turn", figures.postgres_back, "5")}"""


def machine() -> str:
    """What else went on: with more work than cores, every wait below is longer than it need be."""
    return f"{os.cpu_count()} cores, load average {os.getloadavg()[2]:.0f} over fifteen minutes."


def _faults(report: Report) -> str:
    return "\n".join(_faults_row(report, fault) for fault in CELLS)


def _faults_row(report: Report, fault: str) -> str:
    hits = {point: report.faults[fault, point] for point in CELLS[fault]}
    where = ", ".join(f"{point}: {count}" for point, count in hits.items())
    outages = f", in {report.outages[fault]} outages" if fault in report.outages else ""
    return f"| {fault} | {sum(hits.values())}{outages} | {min(hits.values())} | {where} |"


def _row(what: str, seconds: Sequence[float], bound: str) -> str:
    if not seconds:
        return f"| {what} | 0 | - | - | - | {bound} |"
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    shown = (median(ordered), p99, ordered[-1])
    return f"| {what} | {len(ordered)} | " + " | ".join(f"{x:.2f}" for x in shown) + f" | {bound} |"


if __name__ == "__main__":
    sys.exit(main())
