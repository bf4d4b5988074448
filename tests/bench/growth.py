"""How many bytes one turn adds to the database, early in a conversation and late in it."""

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.progress import track

from chatsaas.terminal.visitor import Door, Visitor
from tests.bench.subjects import Subject
from tests.ground.ground import Ground
from tests.ground.server import connect

TURNS = 200
EARLY, LATE = (5, 15), (190, 200)
LINE = "What have you got so far?"

# Rows of everything a conversation writes, in whichever schema.
TABLES = """
SELECT format('%%I.%%I', n.nspname, c.relname) FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname = ANY(%s)
"""


@dataclass(frozen=True)
class Growth:
    """Bytes a turn adds around turn 10 and around turn 200."""

    early: float
    late: float
    baseline_early: float
    baseline_late: float


def measure_growth(ground: Ground, baseline: Subject, door: Door, console: Console) -> Growth:
    with Visitor(door) as visitor:
        ours = _grow(ground, ["t_acme", "ai"], lambda: list(visitor.say(LINE)), console)
    lines = baseline.converse((LINE,) * TURNS)
    theirs = _grow(ground, ["public"], lambda: next(lines), console)
    return Growth(*ours, *theirs)


def _grow(
    ground: Ground, schemas: list[str], turn: Callable[[], object], console: Console
) -> tuple[float, float]:
    at: dict[int, int] = {}
    for number in track(range(1, TURNS + 1), f"Bytes in {', '.join(schemas)}", console=console):
        turn()
        if number in (*EARLY, *LATE):
            at[number] = _stored(ground, schemas)
    return _slope(at, EARLY), _slope(at, LATE)


def _slope(at: dict[int, int], span: tuple[int, int]) -> float:
    return (at[span[1]] - at[span[0]]) / (span[1] - span[0])


def _stored(ground: Ground, schemas: list[str]) -> int:
    with connect(ground.database.url) as owner:
        tables = [name for (name,) in owner.execute(TABLES, (schemas,))]
        query = " UNION ALL ".join(
            f"SELECT sum(pg_column_size(t.*)) FROM {name} t" for name in tables
        )
        row = owner.execute(f"SELECT sum(sum) FROM ({query}) s".encode()).fetchone()
    return int(row[0]) if row else 0
