"""The runner's own tables, in schema `ai`, and the rights of the one role that uses them."""

from typing import LiteralString

import psycopg
from psycopg import sql

# Any constant will do; it only has to be the same in every deploy.
_LOCK = 7_240_115_301

_DDL: tuple[LiteralString, ...] = (
    "CREATE SCHEMA IF NOT EXISTS ai",
    """
    CREATE TABLE IF NOT EXISTS ai.threads (
        thread_id text PRIMARY KEY,
        head text,
        fence bigint NOT NULL,
        template_hash text NOT NULL,
        closed_reason text,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    # Apart from the thread, so that moving the head does not rewrite the document.
    """
    CREATE TABLE IF NOT EXISTS ai.templates (
        thread_id text PRIMARY KEY,
        document bytea NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS ai.checkpoints (
        thread_id text NOT NULL,
        checkpoint_ns text NOT NULL DEFAULT '',
        checkpoint_id text NOT NULL,
        parent_id text,
        kind text NOT NULL,
        body bytea NOT NULL,
        metadata jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS ai.writes (
        thread_id text NOT NULL,
        checkpoint_ns text NOT NULL DEFAULT '',
        checkpoint_id text NOT NULL,
        task_id text NOT NULL,
        idx integer NOT NULL,
        task_path text NOT NULL DEFAULT '',
        channel text NOT NULL,
        kind text NOT NULL,
        body bytea NOT NULL,
        PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id, task_id, idx)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS ai.results (
        thread_id text NOT NULL,
        request_id uuid NOT NULL,
        body bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (thread_id, request_id)
    )
    """,
    "REVOKE ALL ON SCHEMA ai FROM PUBLIC",
    "REVOKE ALL ON ALL TABLES IN SCHEMA ai FROM PUBLIC",
)

_GRANTS: tuple[LiteralString, ...] = (
    "GRANT USAGE ON SCHEMA ai TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ai TO {role}",
)


def install(owner_dsn: str, runner_role: str) -> None:
    """Create what is missing and grant the role its rights. Safe to run again, also at once.

    `runner_role` must exist. It can read and write rows in schema `ai` and can create nothing.
    """
    with psycopg.connect(owner_dsn) as connection:
        # Held to the end of the transaction: two deploys at once run one after the other.
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        for statement in _DDL:
            connection.execute(statement)
        for grant in _GRANTS:
            connection.execute(sql.SQL(grant).format(role=sql.Identifier(runner_role)))
