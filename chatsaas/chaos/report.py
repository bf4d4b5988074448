"""What a run came to: broken promises by name, faults by cell, one verdict."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from chatsaas.chaos.matrix import CELLS, KILL, REDIS_KILL, Cell

RECOMPUTED = "sessions whose recomputation differs"


@dataclass(frozen=True)
class Report:
    """`counts` are the broken promises by name, all zero in a good run.

    `faults` are hits of cells; one outage of a server, counted in `outages`, can hit several.
    """

    sessions: int
    turns: int
    seed: int
    naive: bool
    seconds: float
    counts: dict[str, int]
    findings: dict[str, list[str]]
    faults: Counter[Cell]
    outages: Counter[str]
    deaths: Counter[str]
    recomputed: int

    @property
    def is_clean(self) -> bool:
        return not any(self.counts.values()) and self.recomputed == self.turns

    @property
    def kills(self) -> int:
        """Processes and servers that were killed, wherever that hit."""
        ends = sum(self.faults[cell] for cell in self.cells if cell[0] == KILL)
        return ends + self.outages[REDIS_KILL]

    @property
    def least_hit(self) -> int:
        """How often the least hit cell of the matrix was hit."""
        return min(self.faults[cell] for cell in self.cells)

    @property
    def cells(self) -> list[Cell]:
        return [(fault, point) for fault, points in CELLS.items() for point in points]

    def last_line(self) -> str:
        broken = ", ".join(f"{count} {name}" for name, count in self.counts.items() if count)
        verdict = f"BROKEN: {broken}" if broken else "clean: 0 lost, 0 missing, 0 duplicated"
        return (
            f"chaos seed {self.seed}: {self.sessions} sessions, {self.turns} turns, "
            f"{self.kills} kills, {sum(self.faults.values())} faults, "
            f"each cell {self.least_hit} times or more, "
            f"{self.recomputed} turns recomputed, {self.seconds:.0f} s: {verdict}"
        )

    def plain(self) -> dict[str, Any]:
        faults = [
            {"fault": fault, "point": point, "count": self.faults[fault, point]}
            for fault, point in self.cells
        ]
        return {
            "sessions": self.sessions,
            "turns": self.turns,
            "seed": self.seed,
            "naive": self.naive,
            "seconds": round(self.seconds, 1),
            "kills": self.kills,
            "least_hit": self.least_hit,
            "counts": self.counts,
            "findings": self.findings,
            "faults": faults,
            "outages": dict(self.outages),
            "restarts": dict(self.deaths),
            "recomputed": self.recomputed,
            "is_clean": self.is_clean,
        }

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(self.plain(), indent=1) + "\n")

    def show(self, console: Console) -> None:
        console.print(self._faults_table())
        table = Table("broken promises", "count", box=None)
        for name, count in self.counts.items():
            table.add_row(name, f"[red]{count}[/red]" if count else "0")
        console.print(table)
        for name, found in self.findings.items():
            console.print(f"[red]{name}[/red]")
            for one in found[:3]:
                console.print(f"  {one[:300]}", markup=False, highlight=False)

    def _faults_table(self) -> Table:
        table = Table("fault", "where, and how often", box=None)
        for fault, points in CELLS.items():
            hits = (f"{point} {self.faults[fault, point]}" for point in points)
            table.add_row(fault, ", ".join(hits))
        return table
