"""The connection of the database's owner: for schemas, roles, and what is recorded for good."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from django.db import connections
from psycopg import Connection, sql
from psycopg.types.json import Jsonb


@contextmanager
def owner_connection() -> Iterator[Connection]:
    """A connection of its own: such work must not ride in a request's transaction."""
    parameters = connections["owner"].get_connection_params()
    for django_only in ("cursor_factory", "context", "server_side_binding"):
        parameters.pop(django_only, None)
    with Connection.connect(**parameters, autocommit=True) as owner:
        yield cast(Connection, owner)


REWRITE = """
UPDATE {schema}.sessions_app_event AS event SET payload = given.payload
FROM unnest(%(numbers)s::int[], %(payloads)s::jsonb[]) AS given (seq, payload)
WHERE event.session_id = %(session)s AND event.seq = given.seq"""


def rewrite_events(schema: str, session: Any, payloads: Mapping[int, Any]) -> None:
    """Other payloads by number. A tenant's own role may not: events are append-only for it."""
    values = {
        "session": session,
        "numbers": list(payloads),
        "payloads": [Jsonb(payload) for payload in payloads.values()],
    }
    with owner_connection() as owner:
        owner.execute(sql.SQL(REWRITE).format(schema=sql.Identifier(schema)), values)
