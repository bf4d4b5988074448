"""The figures of one run beside the bars they have to reach."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.bench.growth import Growth
from tests.bench.meter import Reading


@dataclass(frozen=True)
class Bar:
    """A figure, what it may be at the most, and what it is called."""

    name: str
    figure: float
    most: float

    @property
    def holds(self) -> bool:
        return self.figure <= self.most


def show(console: Console, readings: list[Reading], growth: Growth) -> int:
    """Print everything; the exit status is 1 if a bar is not reached."""
    console.print(_readings(readings))
    bars = _bars(readings, growth)
    console.print(_table(bars))
    return 0 if all(bar.holds for bar in bars) else 1


def _readings(readings: list[Reading]) -> Table:
    table = Table(title="Per turn")
    for heading in ("subject", "turns", "p50 ms", "p95 ms", "CPU ms", "SQL statements"):
        table.add_column(heading, justify="left" if heading == "subject" else "right")
    for one in readings:
        figures = (one.p50_ms, one.p95_ms, one.cpu_ms, one.statements_per_turn)
        table.add_row(one.name, str(one.turns), *(f"{figure:.2f}" for figure in figures))
    return table


def _bars(readings: list[Reading], growth: Growth) -> list[Bar]:
    baseline, runner, whole = readings
    return [
        Bar("runner p50 / baseline", runner.p50_ms / baseline.p50_ms, 1.0),
        Bar("runner CPU / baseline", runner.cpu_ms / baseline.cpu_ms, 0.8),
        Bar("runner SQL statements", runner.statements_per_turn, 4),
        Bar("whole path p50 / baseline", whole.p50_ms / baseline.p50_ms, 5.0),
        Bar("whole path SQL statements", whole.statements_per_turn, 14),
        Bar("bytes a turn, turn 200 / turn 10", growth.late / growth.early, 1.1),
    ]


def _table(bars: list[Bar]) -> Table:
    table = Table(title="Against the bars")
    for heading in ("figure", "seen", "at most", ""):
        table.add_column(heading)
    for bar in bars:
        verdict = "[green]holds[/green]" if bar.holds else "[red]missed[/red]"
        table.add_row(bar.name, f"{bar.figure:.2f}", f"{bar.most:g}", verdict)
    return table
