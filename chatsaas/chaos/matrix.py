"""Which fault is done where: the cells of the matrix, and how often each was hit."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

ANY = "at any time"
GATEWAY = (
    "gateway_before_store",
    "gateway_after_store",
    "gateway_after_claim",
    "gateway_while_streaming",
    "gateway_before_finish",
    "gateway_inside_finish",
    "gateway_after_finish",
)
RUNNER = ("runner_after_load", "runner_before_commit", "runner_after_commit")
CLOSING = ("gateway_after_close",)
WORKER = ("worker_after_claim",)
TURN = (*GATEWAY, *RUNNER)
EVERYWHERE = (*TURN, *CLOSING, *WORKER)

KILL, FREEZE, TERMINATE = "SIGKILL", "SIGSTOP", "SIGTERM"
RESTART, BACKENDS = "postgres restart -m immediate", "pg_terminate_backend"
REDIS_KILL, REDIS_PAUSE = "redis SIGKILL", "redis pause"
CUT, STALL, HALF_OPEN, DRIP = "network cut", "network stall", "network half open", "network drip"
PROCESS = (KILL, FREEZE, TERMINATE)
NETWORK = (CUT, STALL, HALF_OPEN, DRIP)
KILLS = (KILL, REDIS_KILL)

# Where a fault can make a difference: Redis only carries nudges and tasks, the network no commits.
CELLS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(PROCESS, (*EVERYWHERE, ANY)),
    RESTART: (*TURN, ANY),
    BACKENDS: (*TURN, *WORKER, ANY),
    REDIS_KILL: ("gateway_before_store", "gateway_after_finish", *WORKER, ANY),
    REDIS_PAUSE: ("gateway_before_store", "gateway_after_finish", *WORKER, ANY),
    **dict.fromkeys(NETWORK, ("gateway_before_store", "gateway_while_streaming", ANY)),
}

Cell = tuple[str, str]


@dataclass
class Matrix:
    """Counts by cell; `choose` prefers what was hit least."""

    random: Random
    counts: Counter[Cell] = field(default_factory=Counter)

    def at(self, point: str, faults: Iterable[str]) -> list[Cell]:
        return [(fault, point) for fault in faults if point in CELLS[fault]]

    def choose(self, cells: list[Cell]) -> Cell:
        least = min(self.counts[cell] for cell in cells)
        return self.random.choice([cell for cell in cells if self.counts[cell] == least])

    def least(self, faults: Iterable[str]) -> int:
        """How often the least hit cell of these faults was hit, wherever it is."""
        return min(self.counts[fault, point] for fault in faults for point in CELLS[fault])
