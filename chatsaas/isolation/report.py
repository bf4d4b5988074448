"""The figures of an isolation run: for a person, for a machine, and the last line."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from chatsaas.isolation.acts import ACTS
from chatsaas.isolation.columns import Planted
from chatsaas.isolation.memory import Memory
from chatsaas.isolation.office import DELIVERIES, Office

SHOWN = 20
# What is refused, and what only counts, has no word to show.
MUTE = (
    *("foreign", "refused", "unknown", "preflight"),
    *("sign in", "forgotten password", "close", "api usage", "api webhook test", "api deliveries"),
)
# Not asked for by anybody, and searched all the same.
HEARD = (*DELIVERIES, "redis", "checkpoints")
# How often people begin what they do, beside each other.
WEIGHTS = {act.__name__.replace("_", " "): weight for act, weight in ACTS.items()}


@dataclass(frozen=True)
class Report:
    """`planted` by tenant. Clean: it ran to its end, nothing leaked, every door spoke, and every
    column was planted. `rates` are requests a second, of each tenth of the run.
    """

    seed: int
    wanted: int
    office: Office
    planted: Mapping[str, Planted]
    faults: Counter[str]
    memory: Memory
    rates: Sequence[float]
    keys_in_redis: int
    troubles: Sequence[str]
    is_over: bool
    seconds: float

    @property
    def silent(self) -> list[str]:
        """Doors that never showed a tenant its own word: their silence would prove nothing."""
        doors = {door for door in self.office.requests if not door.startswith(MUTE)}
        return sorted(door for door in doors | {*HEARD} if not self.office.telling[door])

    @property
    def bare(self) -> list[str]:
        return sorted({name for planted in self.planted.values() for name in planted.bare})

    @property
    def is_clean(self) -> bool:
        found = self.office.leaks or self.silent or self.bare or self.troubles
        return self.is_whole and not found

    @property
    def is_whole(self) -> bool:
        return self.is_over and self.office.total >= self.wanted

    @property
    def last_line(self) -> str:
        office = self.office
        return (
            f"seed {self.seed}: {office.total} requests{'' if self.is_whole else ' (stopped)'} in "
            f"{self.seconds:.0f} s, {sum(self.faults.values())} faults, "
            f"{office.watch.searched} bytes searched, {len(office.leaks)} foreign canaries, "
            f"{sum(office.trespasses.values())} trespassers let in, {len(self.silent)} silent "
            f"doors, {len(self.bare)} columns without a canary: "
            f"{'clean' if self.is_clean else 'NOT CLEAN'}"
        )

    @property
    def told_rates(self) -> str:
        return " ".join(f"{rate:.0f}" for rate in self.rates) or "no tenth was done"

    def as_json(self) -> dict[str, Any]:
        office = self.office
        return {
            "seed": self.seed,
            "clean": self.is_clean,
            "seconds": round(self.seconds, 1),
            "total": office.total,
            "a_second_by_tenths": [round(rate, 1) for rate in self.rates],
            "cut_off": office.cut_off,
            "weights": WEIGHTS,
            "requests": dict(sorted(office.requests.items())),
            "statuses": {door: office.statuses_of(door) for door in sorted(office.requests)},
            "own_canary_seen": dict(sorted(office.telling.items())),
            "faults": dict(sorted(self.faults.items())),
            "memory_mb": {"first half": self.memory.first, "second half": self.memory.second},
            "bytes_searched": office.watch.searched,
            "redis_keys": self.keys_in_redis,
            "columns": {slug: planted.words for slug, planted in self.planted.items()},
            "columns_without": self.bare,
            "silent_doors": self.silent,
            "troubles": list(self.troubles),
            "leaks": office.leaks,
        }

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(self.as_json(), indent=2) + "\n")

    def show(self, console: Console) -> None:
        table = Table("Door", "Requests", "Own canary seen", "Statuses (0: cut off)")
        office = self.office
        for door, count in sorted(office.requests.items()):
            codes = ", ".join(f"{code}: {n}" for code, n in office.statuses_of(door).items())
            table.add_row(door, str(count), str(office.telling[door]), codes)
        console.print(table)
        for what, count in sorted(self.faults.items()):
            console.print(f"  {count} x {what}")
        for name, most in sorted(self.memory.first.items()):
            later = self.memory.second.get(name, 0)
            console.print(f"  {name}: at most {most:.0f} MB in the first half, {later:.0f} then")
        console.print(f"  requests a second, tenth by tenth: {self.told_rates}")
        console.print(f"  {office.cut_off} requests were cut off or refused meanwhile")
        for trouble in self.troubles:
            console.print(f"  [red]ended early[/red]: {trouble}")
        for name in self.bare:
            console.print(f"  without a canary: column {name}")
        for door in self.silent:
            console.print(f"  never showed its own canary: {door}")
        for leak in office.leaks[:SHOWN]:
            console.print(f"  [red]leak[/red] {leak}")
