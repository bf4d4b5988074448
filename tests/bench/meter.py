"""Meters read outside the measured processes: the server's statements, the system's CPU time."""

from dataclasses import dataclass, field
from statistics import median, quantiles

import psutil
from psycopg import Connection

STATEMENTS = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
WHERE d.datname = current_database()
  AND query !~* '^(BEGIN|COMMIT|CREATE|SELECT coalesce.sum.calls)'
"""


def count_statements(database: Connection) -> int:
    """Statements the server has seen in this database, all but BEGIN, COMMIT and this question."""
    row = database.execute(STATEMENTS).fetchone()
    return int(row[0]) if row else 0


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of these processes and their children so far."""
    total = 0.0
    for pid in pids:
        process = psutil.Process(pid)
        for one in [process, *process.children(recursive=True)]:
            times = one.cpu_times()
            total += times.user + times.system
    return total


@dataclass
class Reading:
    """What one subject cost over all its rounds."""

    name: str
    latencies: list[float] = field(default_factory=list)
    cpu: float = 0.0
    statements: int = 0

    @property
    def turns(self) -> int:
        return len(self.latencies)

    @property
    def p50_ms(self) -> float:
        return median(self.latencies) * 1000

    @property
    def p95_ms(self) -> float:
        return quantiles(self.latencies, n=20)[-1] * 1000

    @property
    def cpu_ms(self) -> float:
        return self.cpu / self.turns * 1000

    @property
    def statements_per_turn(self) -> float:
        return self.statements / self.turns
