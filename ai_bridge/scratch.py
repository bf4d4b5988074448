"""The mark of a database that exists to be broken; without it nothing here breaks anything.

Chaos and the test ground write it into a database of their own while that is still empty.
"""

import time
from typing import LiteralString

import psycopg

# A server that is just being restarted is no reason to refuse.
PATIENCE_SECONDS, PAUSE_SECONDS = 30.0, 0.2

_IS_EMPTY: LiteralString = """
    SELECT NOT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema)')"""
_WRITE: LiteralString = """
    CREATE SCHEMA chatsaas_scratch;
    CREATE TABLE chatsaas_scratch.mark (token text NOT NULL);
    GRANT USAGE ON SCHEMA chatsaas_scratch TO PUBLIC;
    GRANT SELECT ON chatsaas_scratch.mark TO PUBLIC;"""
_ADD: LiteralString = "INSERT INTO chatsaas_scratch.mark (token) VALUES (%s)"
_READ: LiteralString = "SELECT 1 FROM chatsaas_scratch.mark WHERE token = %s"


class NotScratch(RuntimeError):
    """This database must not be broken; the text says what to do."""


def write_mark(url: str, token: str) -> None:
    """Mark an empty database. Raises NotScratch for one that holds tables."""
    with psycopg.connect(url) as connection:
        row = connection.execute(_IS_EMPTY).fetchone()
        if row is None or not row[0]:
            raise NotScratch("Only an empty database can become a scratch database.")
        connection.execute(_WRITE)
        connection.execute(_ADD, (token,))


def require_mark(url: str, token: str) -> None:
    """Raises NotScratch unless the database carries the mark with this token."""
    if not (token and url and _is_marked(url, token)):
        raise NotScratch(
            "This would break things on purpose, and the database does not carry the mark of a "
            "scratch database. Use `manage.py chaos`, which makes one of its own."
        )


def _is_marked(url: str, token: str) -> bool:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with psycopg.connect(url) as connection:
                return connection.execute(_READ, (token,)).fetchone() is not None
        except (
            psycopg.errors.UndefinedTable,
            psycopg.errors.InvalidSchemaName,
            psycopg.errors.InsufficientPrivilege,
        ):
            return False
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(PAUSE_SECONDS)
