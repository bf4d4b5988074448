"""A database for one test, with Django and the server's counters at hand."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg import sql
from psycopg_pool import ConnectionPool

from tests.ground.environment import with_path
from tests.ground.server import connect

PREFIX = "ground_test_"
_numbers = itertools.count(1)

# What the server counts but no one asked for: transactions' brackets and the counting itself.
STATEMENTS = """
    SELECT query, calls FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = %s)
      AND query !~* '^(BEGIN|COMMIT|ROLLBACK|START TRANSACTION)'
"""


@dataclass
class Statements:
    """What the server executed, by its text with the values left out."""

    calls: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.calls.values())

    def __str__(self) -> str:
        return "\n".join(
            f"{calls:5} {' '.join(text.split())}" for text, calls in self.calls.items()
        )


@dataclass(frozen=True)
class Database:
    """`url` is the owner's; `runner_url` the runner's own login, for schema `ai` alone."""

    name: str
    url: str
    runner_url: str

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of one statement, run as the owner in a transaction of its own."""
        with connect(self.url) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def refuse_connections(self) -> None:
        """Cut all that are open; from here on nobody gets in."""
        name = sql.Identifier(self.name)
        with connect(_server_url()) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                (self.name,),
            )

    @contextmanager
    def counted(self) -> Iterator[Statements]:
        """Counts every statement on this database, of whichever process, but BEGIN and COMMIT.

        The result is complete when the block is left. Needs the extension pg_stat_statements.
        """
        counted = Statements()
        before = self._calls()
        yield counted
        after = self._calls()
        counted.calls = {
            text: calls - before.get(text, 0)
            for text, calls in after.items()
            if calls > before.get(text, 0)
        }

    def _calls(self) -> dict[str, int]:
        # From the outside, so that the counting is not in the count.
        calls: dict[str, int] = {}
        with connect(_server_url()) as server:
            for text, count in server.execute(STATEMENTS, (self.name,)):
                calls[text] = calls.get(text, 0) + count
        return calls


@contextmanager
def copied_database(golden: str) -> Iterator[Database]:
    """A copy of the golden database, which Django uses meanwhile; dropped at the end."""
    name = f"{PREFIX}{os.getpid()}_{next(_numbers)}"
    names = {"name": sql.Identifier(name), "golden": sql.Identifier(golden)}
    with connect(_server_url()) as server:
        server.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {golden}").format(**names))
        try:
            with _django_on(name):
                yield Database(name, settings.DATABASE_URL, settings.RUNNER_DATABASE_URL)
        finally:
            server.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**names))


def drop_leftovers() -> None:
    """Drop what test runs left that were killed."""
    with connect(_server_url()) as server:
        rows = server.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", (PREFIX + "%",)
        )
        for (name,) in rows.fetchall():
            pid = name.removeprefix(PREFIX).partition("_")[0]
            if not os.path.exists(f"/proc/{pid}"):
                server.execute(
                    sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
                )


@contextmanager
def _django_on(name: str) -> Iterator[None]:
    """Every connection that Django opens from now on, in whichever thread, is to this database."""
    before = (
        settings.DATABASES["default"]["NAME"],
        settings.DATABASE_URL,
        settings.RUNNER_DATABASE_URL,
    )
    _point_django(name, *(with_path(url, name) for url in before[1:]))
    try:
        yield
    finally:
        _point_django(*before)


def _point_django(name: str, url: str, runner_url: str) -> None:
    connections.close_all()
    # Pools are shared by the threads of the process, and Django offers no way to close them all.
    pools: dict[str, ConnectionPool] = vars(DatabaseWrapper)["_connection_pools"]
    while pools:
        pools.popitem()[1].close()
    for alias in connections:
        connections.settings[alias]["NAME"] = name
    settings.DATABASE_URL, settings.RUNNER_DATABASE_URL = url, runner_url


def _server_url() -> str:
    return os.environ["DATABASE_URL"]
