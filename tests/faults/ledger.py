"""What a conversation has to look like afterwards, read from the database alone."""

from dataclasses import dataclass
from typing import Any

from tests.ground.database import Database

LINES = (
    "hello",
    "I need a repair",
    "My name is Ann Smith",
    "Actually, make that a new roof",
    "what have you got so far?",
    "ann@example.com",
    "thank you",
)
VALUES = {"service": "new_roof", "name": "Ann Smith", "email": "ann@example.com"}


@dataclass(frozen=True)
class Ledger:
    """One session's rows. `session` is the 32 hexadecimal digits of its id."""

    database: Database
    session: str
    schema: str = "t_acme"

    def check(self, said: tuple[str, ...] = LINES) -> None:
        """Nothing lost, nothing doubled, everything in order. Raises AssertionError."""
        assert self.lines("visitor") == list(said)
        assert len(self.lines("assistant")) == len(said) + 1, "one reply a turn, and the greeting"
        numbers = [seq for (seq,) in self.rows("seq", "event", "seq")]
        assert numbers == list(range(1, len(numbers) + 1))
        told = [row for (row,) in self.rows("payload->>'id'", "event", "seq") if row]
        assert len(told) == len(set(told)) == 2 * len(said) + 1

    def check_finished(self) -> None:
        self.check()
        document = self.database.query(
            f"SELECT document FROM {self.schema}.sessions_app_session WHERE id = %s", self.session
        )
        assert document == [(VALUES,)]
        effects = [kind for (kind,) in self.rows("kind", "outbox", "id")]
        assert effects == ["session.completed"]

    def state_hashes(self) -> list[str]:
        return [value for (value,) in self.rows("state_hash", "turn", "ordinal")]

    def is_answered(self, text: str) -> bool:
        rows = self.rows("status", "turn", "ordinal", "AND input->>'text' = %s", text)
        return rows == [("done",)]

    def lines(self, role: str) -> list[str]:
        rows = self.rows("text", "message", "id", "AND role = %s", role)
        return [text for (text,) in rows]

    def rows(
        self, columns: str, table: str, order: str, condition: str = "", *values: Any
    ) -> list[tuple[Any, ...]]:
        statement = (
            f"SELECT {columns} FROM {self.schema}.sessions_app_{table} "
            f"WHERE session_id = %s {condition} ORDER BY {order}"
        )
        return self.database.query(statement, self.session, *values)
