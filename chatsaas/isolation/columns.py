"""A word in every column: every text that a tenant's tables can hold carries its canary.

Columns of a fixed vocabulary or of the machine's own making hold no text of anybody; they are
named here, so that a new column is either planted or argued about.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql

from chatsaas.isolation.canaries import Canary

PATIENCE_SECONDS, PAUSE_SECONDS = 60.0, 0.2
TEXTS = ("text", "character varying", "jsonb", "json", "ARRAY")
# A word in these would be no text but a broken row: states, hashes, codes, ids, secrets, settings.
MACHINE = re.compile(
    r"(^|_)(status|kind|method|role|hash|hashes|digest|prefix|id|uid|codename|model|app_label"
    r"|locale|region|timezone|colour|theme|position|password|secret|secrets|close_reason"
    r"|now|path|asking|scopes|session_key|session_data|key|extractor|events|state|app|applied"
    r"|usage|headers|action_flag)$"
)
# The same, where the name alone does not tell.
EXEMPT = {
    "sessions_app_attempt.outcome": "one of a few words",
    "sessions_app_turn.heard": "a model's operations; these tenants have no model at work",
    "workspace_apicall.answer": "sealed",
    "workspace_apicall.fingerprint": "a hash",
    "workspace_modelconnection.key_hint": "the end of a key",
    "workspace_modelconnection.sealed_key": "sealed",
}
# Tables of frameworks that keep no row of a customer.
FRAMEWORK = re.compile(r"^(django_migrations|django_content_type|auth_|django_session)")


@dataclass(frozen=True)
class Column:
    table: str
    name: str
    kind: str


@dataclass(frozen=True)
class Planted:
    """`bare` are text columns without the word: of tables without rows, or refusing it."""

    words: int
    bare: tuple[str, ...]


def plant(database_url: str, canary: Canary) -> Planted:
    """Put the word wherever a text may stand and does not carry it yet. Safe to run again."""
    schema = f"t_{canary.slug}"
    with connect(database_url) as connection:
        columns = list(_columns(connection, schema))
        for column in columns:
            if not _holds(connection, schema, column, [canary.word]):
                _write(connection, schema, column, canary.word)
        bare = [one for one in columns if not _holds(connection, schema, one, [canary.word])]
    return Planted(len(columns) - len(bare), tuple(f"{one.table}.{one.name}" for one in bare))


def strangers(database_url: str, canaries: Sequence[Canary]) -> list[str]:
    """Where a tenant's tables hold the word of another: what was written in the wrong place."""
    with connect(database_url) as connection:
        return [
            f"{schema}.{column.table}.{column.name}"
            for schema, words in _words_of_others(canaries)
            for column in _columns(connection, schema)
            if _holds(connection, schema, column, words)
        ]


def _words_of_others(canaries: Sequence[Canary]) -> Iterator[tuple[str, list[str]]]:
    """Each tenant's schema, with what may not stand in it."""
    for owner in canaries:
        yield f"t_{owner.slug}", [one.word for one in canaries if one != owner]


def connect(database_url: str) -> psycopg.Connection:
    """Statements commit one by one. The server may just be restarting: that is one of the faults.

    Raises what the last try raised.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return psycopg.connect(database_url, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(PAUSE_SECONDS)


def _columns(connection: psycopg.Connection, schema: str) -> Iterator[Column]:
    rows = connection.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = %s AND data_type = ANY(%s) ORDER BY 1, 2",
        (schema, list(TEXTS)),
    )
    for table, name, kind in rows:
        is_machine = MACHINE.search(name) or f"{table}.{name}" in EXEMPT
        if not FRAMEWORK.search(table) and not is_machine:
            yield Column(table, name, kind)


def _holds(
    connection: psycopg.Connection, schema: str, column: Column, words: Sequence[str]
) -> bool:
    """Whether any row has any of the words in this column."""
    query = sql.SQL("SELECT EXISTS (SELECT 1 FROM {}.{} WHERE {}::text ~* %s)").format(
        sql.Identifier(schema), sql.Identifier(column.table), sql.Identifier(column.name)
    )
    row = connection.execute(query, ("|".join(words),)).fetchone()
    return bool(row and row[0])


def _write(connection: psycopg.Connection, schema: str, column: Column, word: str) -> None:
    """Into every row that takes it; one that refuses stays bare and is named in the report."""
    name = sql.Identifier(column.name)
    values = {
        "jsonb": sql.SQL("{}::jsonb || jsonb_build_object('planted', {})"),
        "json": sql.SQL("({}::jsonb || jsonb_build_object('planted', {}))::json"),
        "ARRAY": sql.SQL("{} || ARRAY[{}]::varchar[]"),
    }
    value = values.get(column.kind, sql.SQL("left(concat({}, ' ', {}), 120)"))
    update = sql.SQL("UPDATE {}.{} SET {} = {}").format(
        sql.Identifier(schema), sql.Identifier(column.table), name, value.format(name, word)
    )
    try:
        connection.execute(update)
    except psycopg.Error:
        connection.rollback()
