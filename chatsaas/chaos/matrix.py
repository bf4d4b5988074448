"""Which fault is done where: the cells of the matrix, and how often each was hit."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

ANY = "at any time"
STORE = ("gateway_before_store", "gateway_after_store", "gateway_after_claim")
FINISH = ("gateway_before_finish", "gateway_inside_finish", "gateway_after_finish")
STREAM, ASK_MODEL = "gateway_while_streaming", "runner_provider_call"
COMMIT = ("runner_before_commit", "runner_after_commit")
TURN = (*STORE, "runner_after_load", ASK_MODEL, STREAM, *COMMIT, *FINISH)
CLOSING = ("gateway_after_close",)
SWEEP = ("worker_after_claim",)
RELAY = ("relay_after_claim", "relay_after_send", "relay_after_record")
# The customer's own server, while it is being told.
RECEIVE = "webhook_received"

KILL, FREEZE, TERMINATE = "SIGKILL", "SIGSTOP", "SIGTERM"
RESTART, BACKENDS = "postgres restart -m immediate", "pg_terminate_backend"
REDIS_KILL, REDIS_PAUSE = "redis SIGKILL", "redis pause"
CUT, STALL, HALF_OPEN, DRIP = "network cut", "network stall", "network half open", "network drip"
LIMITED, BROKEN, GARBAGE = "provider 429", "provider 500", "provider garbage"
DRIBBLE, CUT_SHORT = "provider drip", "provider cut stream"
PROCESS = (KILL, FREEZE, TERMINATE)
SERVER = (RESTART, BACKENDS, REDIS_KILL, REDIS_PAUSE)
NETWORK = (CUT, STALL, HALF_OPEN, DRIP)
PROVIDER = (LIMITED, BROKEN, GARBAGE, DRIBBLE, CUT_SHORT)
KILLS = (KILL, REDIS_KILL)

# Where a fault can make a difference: Redis carries nudges and tasks alone, and nothing is
# committed through it; a model's call and a stream of pieces have no backend that could be ended.
CELLS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(PROCESS, (*TURN, *CLOSING, *SWEEP, *RELAY, ANY)),
    RESTART: (*TURN, *SWEEP, *RELAY, ANY),
    BACKENDS: (*STORE, "runner_after_load", *COMMIT, *FINISH, *SWEEP, *RELAY, ANY),
    **dict.fromkeys(
        (REDIS_KILL, REDIS_PAUSE), (STORE[0], STREAM, "gateway_after_finish", *SWEEP, ANY)
    ),
    **dict.fromkeys(NETWORK, (STORE[0], ASK_MODEL, STREAM, "gateway_after_finish", RECEIVE, ANY)),
    **dict.fromkeys(PROVIDER, (ASK_MODEL,)),
}
# In so many intervals of kills, every cell comes once.
ROUND = len(CELLS[KILL])

Cell = tuple[str, str]


@dataclass
class Matrix:
    """Counts by cell; each has a clock of its own, all of the same speed.

    One outage of a server can hit many cells; `outages` says how many there were.
    """

    random: Random
    counts: Counter[Cell] = field(default_factory=Counter)
    outages: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        cells = ((fault, point) for fault, points in CELLS.items() for point in points)
        self._phases = {cell: self.random.random() for cell in cells}

    def is_due(self, cell: Cell, rounds: float) -> bool:
        """Whether it was hit less often than the rounds that are over, or partly so, ask for."""
        return cell in self._phases and self.counts[cell] + self._phases[cell] < rounds

    def due(self, faults: Iterable[str], point: str, rounds: float) -> list[Cell]:
        """What is due at this point, the least hit first."""
        cells = [(fault, point) for fault in faults if self.is_due((fault, point), rounds)]
        return sorted(cells, key=lambda cell: self.counts[cell] + self._phases[cell])

    def least(self) -> int:
        """How often the least hit cell was hit, wherever it is."""
        return min(self.counts[cell] for cell in self._phases)
