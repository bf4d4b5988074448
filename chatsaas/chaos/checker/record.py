"""What was to be said, what the clients saw, and what the database holds, as plain values."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

Row = dict[str, Any]

QUERIES: dict[str, LiteralString] = {
    "session": "SELECT * FROM {schema}.sessions_app_session",
    "turn": "SELECT * FROM {schema}.sessions_app_turn ORDER BY session_id, ordinal",
    "message": "SELECT * FROM {schema}.sessions_app_message ORDER BY session_id, id",
    "value": "SELECT * FROM {schema}.sessions_app_fieldvalue ORDER BY session_id, id",
    "event": "SELECT * FROM {schema}.sessions_app_event ORDER BY session_id, seq, id",
    "outbox": "SELECT * FROM {schema}.sessions_app_outbox ORDER BY session_id, id",
}


# The customer's server was sent an event; it said that it has it.
SENT, TAKEN = TOLD = ("webhook", "taken")


@dataclass
class Talk:
    """One scripted conversation with everything known of it.

    `stored` holds the session's rows by kind; `saw` what the history says of the visitor, in order,
    and `told` what it says of the customer's own server.
    """

    number: int
    tenant: str
    canary: str
    lines: list[Row]
    completes: bool
    closes: bool
    session: str = ""
    saw: list[Row] = field(default_factory=list)
    told: list[Row] = field(default_factory=list)
    stored: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def said(self, op: str) -> Iterator[Row]:
        return (row for row in self.saw if row["op"] == op)

    @property
    def row(self) -> Row | None:
        return next(iter(self.stored["session"]), None)

    @property
    def expected(self) -> Row:
        """The last value stated for each field."""
        return {path: value for line in self.lines for path, value in line["states"].items()}


def read_record(folder: Path, url: str, schemas: dict[str, str]) -> list[Talk]:
    """`schemas` by tenant. A conversation that never began has no session."""
    talks = [_talk(row) for row in _rows(folder / "script.jsonl")]
    by_session: dict[str, Talk] = {}
    for row in _rows(folder / "history.jsonl"):
        if row["op"] == "arrive":
            talks[row["talk"]].session = row["session"]
            by_session[row["session"]] = talks[row["talk"]]
        if "talk" in row:
            talks[row["talk"]].saw.append(row)
        elif row["op"] in TOLD:
            by_session[row["session"]].told.append(row)
    with psycopg.connect(url, row_factory=dict_row) as connection:
        _read_rows(connection, schemas, by_session)
    return talks


def canaries_of(talks: list[Talk]) -> set[str]:
    return {talk.canary for talk in talks}


def _talk(row: Row) -> Talk:
    lines = [line for one in row["rounds"] for line in one]
    return Talk(row["number"], row["tenant"], row["canary"], lines, row["completes"], row["closes"])


def _read_rows(
    connection: psycopg.Connection[Row], schemas: dict[str, str], talks: dict[str, Talk]
) -> None:
    for schema, (kind, query) in product(schemas.values(), QUERIES.items()):
        statement = sql.SQL(query).format(schema=sql.Identifier(schema))
        for row in connection.execute(statement):
            owner = row["id"] if kind == "session" else row["session_id"]
            if talk := talks.get(f"ses_{owner.hex}"):
                talk.stored[kind].append(row)


def _rows(path: Path) -> Iterator[Row]:
    with path.open() as stream:
        yield from map(json.loads, stream)
