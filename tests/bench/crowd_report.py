"""What `make bench-sockets` shows meanwhile, and writes down at its end."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.bench.crowd import AT_ONCE, MIB
from tests.bench.crowd_rounds import Cycled, Figures, Held, Unread
from tests.bench.storm import Load, Storm

DOCUMENT = Path(__file__).parents[2] / "docs" / "crowds.md"


class Progressing:
    """One bar for each step."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<42}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def step(self, name: str, count: int) -> Callable[[], object]:
        task = self._progress.add_task(name, total=count)
        return lambda: self._progress.advance(task)


def write_document(figures: Figures, console: Console, path: Path = DOCUMENT) -> None:
    text = _document(figures)
    path.write_text(text, encoding="utf-8")
    console.print(Markdown(text))
    console.print(f"Written to {path}.", highlight=False)


def _document(figures: Figures) -> str:
    return f"""# Crowds

What `make bench-sockets` measured in {figures.seconds:.0f} s with two real gateways, a runner and
the clients themselves on one machine: {os.cpu_count()} cores, load average
{os.getloadavg()[2]:.0f} over fifteen minutes. Look at the ratios; the rates are the machine's.

## Sockets

| | seen | to hold |
| --- | ---: | --- |
{_held(figures.held)}
{_cycled(figures.cycled)}
{_unread(figures.unread)}

## A storm

{_told(figures.storm)}

| | steady arrivals | the storm | to hold |
| --- | ---: | ---: | --- |
{_storm(figures.storm)}
"""


def _held(held: Held) -> str:
    each = (held.first - held.before) / held.count / 1024
    return f"""| {held.count:,} greeted sockets that wait | +{_mib(held.first - held.before)} | |
| each of them | {each:.1f} KiB | |
| as many a second time, beside the first | {held.second / held.first:.2f} | 1.1 |"""


def _cycled(cycled: Cycled) -> str:
    return f"""| memory after {cycled.count:,} connects and closes, beside that after \
{cycled.early_count:,} | {cycled.late / cycled.early:.3f} | 1.05 |
| sockets greeted and closed a second, {AT_ONCE} at a time | {cycled.rate:.0f} | |"""


def _unread(unread: Unread) -> str:
    end = "let go" if unread.was_let_go else "not let go"
    return f"""| a client that reads nothing: {unread.pings:,} pings, {end} after | \
{unread.seconds:.0f} s | |
| memory meanwhile, at the most | +{_mib(unread.grown)} | 1 MiB beyond what the process needs |"""


def _told(storm: Storm) -> str:
    return f"""{len(storm.back):,} greeted sockets, twenty tabs to a session with one turn, came to
one gateway twenty at a time. It got SIGKILL, and all of them came to the other one with the
widget's own waits and their cursors; {storm.refused:,} tries came to nothing and were made again.
One visitor of the other gateway went on talking."""


def _storm(storm: Storm) -> str:
    count, back = len(storm.back), storm.back
    rows = [
        ("all greeted within", "", f"{max(back):.1f} s", "30 s"),
        ("half of them within", "", f"{median(back):.1f} s", ""),
        _rates(storm),
        (
            "statements for each socket",
            _each(storm.steady_load, count),
            _each(storm.load, count),
            "",
        ),
        (
            "statements a second, at the most",
            f"{storm.steady_load.worst:.0f}",
            f"{storm.load.worst:.0f}",
            f"{storm.load.worst / storm.steady_load.worst:.1f} times, of 2",
        ),
        (
            "connections to the database",
            str(storm.steady_load.connections),
            str(storm.load.connections),
            "no more than pools hold",
        ),
        (
            "a bystander's answer, median",
            _seconds(median(storm.calm)),
            _seconds(median(storm.turns)),
            "",
        ),
        (
            "a bystander's answer, the longest",
            _seconds(max(storm.calm)),
            _seconds(max(storm.turns)),
            "",
        ),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _rates(storm: Storm) -> tuple[str, str, str, str]:
    steady, most = _rate(storm.steady), at_most(storm.back)
    return (
        "greeted a second: on average, then at the most",
        f"{steady:.0f}",
        f"{most}",
        f"{most / steady:.1f} times, of 2",
    )


def _rate(moments: Sequence[float]) -> float:
    return len(moments) / (max(moments) - min(moments))


def at_most(moments: Sequence[float]) -> int:
    """How many there were in the fullest second."""
    ordered, first, most = sorted(moments), 0, 0
    for last, moment in enumerate(ordered):
        while moment - ordered[first] > 1:
            first += 1
        most = max(most, last - first + 1)
    return most


def _each(load: Load, count: int) -> str:
    return f"{load.statements / count:.1f}"


def _seconds(value: float) -> str:
    return f"{value:.2f} s"


def _mib(count: int) -> str:
    return f"{count / MIB:.1f} MiB"
