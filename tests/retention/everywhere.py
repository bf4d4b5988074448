"""Looks for a word in every row of every table, as a search of a dump would."""

from psycopg import sql

from tests.ground.database import Database
from tests.ground.server import Connection, connect

TABLES = """
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"""


def tables_with(database: Database, word: str) -> set[str]:
    """`schema.table` of all that hold it, in bytes as well as in texts."""
    forms = (word, word.encode().hex())
    with connect(database.url) as connection:
        return {
            f"{schema}.{table}"
            for schema, table in connection.execute(TABLES).fetchall()
            if any(_holds(connection, schema, table, form) for form in forms)
        }


def _holds(connection: Connection, schema: str, table: str, word: str) -> bool:
    query = sql.SQL("SELECT EXISTS (SELECT 1 FROM {} AS row WHERE row::text ILIKE %s)")
    place = sql.Identifier(schema, table)
    row = connection.execute(query.format(place), (f"%{word}%",)).fetchone()
    return bool(row and row[0])
