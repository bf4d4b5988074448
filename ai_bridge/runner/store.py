"""Load a thread in one statement, commit a turn in one statement: the runner's whole memory."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString, TypeVar
from uuid import UUID

import psycopg
from langgraph.checkpoint.base import CheckpointTuple
from psycopg import AsyncCursor
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb
from psycopg_pool import PoolClosed, PoolTimeout

from ai_bridge.contract import CheckpointSummary, CloseReason
from ai_bridge.errors import RunnerUnavailable
from ai_bridge.runner.saver import Pool, PostgresSaver, config_of
from ai_bridge.runner.state import STATUS, Control, Fields, values_of

# The claim and the read are one statement: the read sees the fence as it was before the claim.
_LOAD: LiteralString = """
    WITH claimed AS (
        UPDATE ai.threads SET fence = %(fence)s
        WHERE thread_id = %(thread)s AND fence < %(fence)s AND closed_reason IS NULL)
    SELECT t.fence, t.head, t.template_hash, t.closed_reason, p.document,
        c.parent_id, c.kind, c.body, c.metadata, r.body
    FROM ai.threads t
    LEFT JOIN ai.templates p ON p.thread_id = t.thread_id AND t.template_hash <> %(known)s
    LEFT JOIN ai.checkpoints c
        ON (c.thread_id, c.checkpoint_ns, c.checkpoint_id) = (t.thread_id, '', t.head)
    LEFT JOIN ai.results r ON r.thread_id = t.thread_id AND r.request_id = %(request)s
    WHERE t.thread_id = %(thread)s
"""

_ADVANCE: LiteralString = """
    WITH moved AS (
        UPDATE ai.threads SET head = %(checkpoint)s, fence = %(fence)s,
            template_hash = %(hash)s, closed_reason = %(closed)s
        WHERE thread_id = %(thread)s AND head IS NOT DISTINCT FROM %(parent)s
            AND fence <= %(fence)s AND closed_reason IS NULL
        RETURNING thread_id),
"""
_CREATE: LiteralString = """
    WITH moved AS (
        INSERT INTO ai.threads (thread_id, head, fence, template_hash, closed_reason)
        VALUES (%(thread)s, %(checkpoint)s, %(fence)s, %(hash)s, %(closed)s)
        ON CONFLICT (thread_id) DO NOTHING
        RETURNING thread_id),
"""
_RECORD: LiteralString = """
    state AS (
        INSERT INTO ai.checkpoints (thread_id, checkpoint_id, parent_id, kind, body, metadata)
        SELECT thread_id, %(checkpoint)s, %(parent)s, %(kind)s, %(body)s, %(metadata)s
        FROM moved)
    INSERT INTO ai.results (thread_id, request_id, body)
    SELECT thread_id, %(request)s, %(result)s FROM moved
"""
_TEMPLATE: LiteralString = """
    template AS (
        INSERT INTO ai.templates (thread_id, document)
        SELECT thread_id, %(template)s FROM moved
        ON CONFLICT (thread_id) DO UPDATE SET document = EXCLUDED.document),
"""

_CLOSE: LiteralString = """
    UPDATE ai.threads SET closed_reason = %(reason)s
    WHERE thread_id = %(thread)s AND closed_reason IS NULL
"""

_READY: LiteralString = "SELECT has_table_privilege('ai.threads', 'INSERT')"

# The last three: the tables are not there yet, or not for this role.
_UNREACHABLE = (
    psycopg.OperationalError,
    PoolTimeout,
    PoolClosed,
    psycopg.errors.UndefinedTable,
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.InsufficientPrivilege,
)

T = TypeVar("T")
Cursor = AsyncCursor[TupleRow]


@dataclass(frozen=True, slots=True)
class Thread:
    """A stored thread as one turn sees it. `template` is None when the caller knows the hash."""

    fence: int
    head: str | None
    template_hash: str
    closed_reason: CloseReason | None
    template: bytes | None
    checkpoint: CheckpointTuple | None
    recorded: bytes | None


@dataclass(frozen=True, slots=True)
class Commit:
    """All that one turn writes. `parent` is the head it was computed from."""

    thread_id: str
    request_id: UUID
    fence: int
    is_new: bool
    parent: str | None
    checkpoint: CheckpointTuple
    state_hash: str
    template_hash: str
    template: bytes | None
    closed_reason: CloseReason | None
    result: bytes


class Store:
    """Raises RunnerUnavailable when the database cannot be reached in time."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.saver = PostgresSaver(pool)

    async def load(
        self, thread_id: str, request_id: UUID, fence: int, known_hash: str
    ) -> Thread | None:
        """Claims the thread for this fence, if no higher one was seen, and reads it."""
        args = {"thread": thread_id, "request": request_id, "fence": fence, "known": known_hash}
        row = await self._run(_LOAD, args, _fetch_row)
        return self._thread(thread_id, row) if row else None

    async def commit_turn(self, commit: Commit) -> bool:
        """True when the turn is stored; False, and nothing is written, when the thread moved on."""
        kind, body = self.saver.serde.dumps_typed(commit.checkpoint.checkpoint)
        metadata = {**commit.checkpoint.metadata, "state_hash": commit.state_hash}
        args = {
            "thread": commit.thread_id,
            "request": commit.request_id,
            "fence": commit.fence,
            "parent": commit.parent,
            "checkpoint": commit.checkpoint.checkpoint["id"],
            "kind": kind,
            "body": body,
            "metadata": Jsonb({**metadata, "request_id": str(commit.request_id)}),
            "hash": commit.template_hash,
            "template": commit.template,
            "closed": commit.closed_reason,
            "result": commit.result,
        }
        query = _CREATE if commit.is_new else _ADVANCE
        query = query + _TEMPLATE + _RECORD if commit.template is not None else query + _RECORD
        return await self._run(query, args, _count_rows) == 1

    async def close(self, thread_id: str, reason: CloseReason) -> None:
        """Safe to repeat; the first reason stays."""
        await self._run(_CLOSE, {"thread": thread_id, "reason": reason}, _count_rows)

    async def history(self, thread_id: str) -> tuple[CheckpointSummary, ...]:
        """Committed states, oldest first; empty for an unknown thread."""
        config = {"configurable": {"thread_id": thread_id, "checkpoint_ns": ""}}
        with _reachable():
            found = [_summary(item) async for item in self.saver.alist(config)]  # type: ignore[arg-type]
        return tuple(reversed(found))

    async def delete(self, thread_id: str) -> None:
        """Erase the thread. Safe to repeat."""
        with _reachable():
            await self.saver.adelete_thread(thread_id)

    async def check(self) -> None:
        """Raises RunnerUnavailable unless the tables are there and may be written."""
        row = await self._run(_READY, {}, _fetch_row)
        if row is None or not row[0]:
            raise RunnerUnavailable

    async def _run(
        self, query: LiteralString, args: dict[str, Any], read: Callable[[Cursor], Awaitable[T]]
    ) -> T:
        """Once more when the connection was already dead: every statement here may be repeated.

        A commit that was stored before its answer got lost is then refused, and the turn that
        finds its own recorded result answers that.
        """
        with _reachable():
            try:
                return await self._run_once(query, args, read)
            except psycopg.OperationalError as error:
                if isinstance(error, psycopg.errors.QueryCanceled):
                    raise
                await self._pool.check()
                return await self._run_once(query, args, read)

    async def _run_once(
        self, query: LiteralString, args: dict[str, Any], read: Callable[[Cursor], Awaitable[T]]
    ) -> T:
        async with self._pool.connection() as connection:
            return await read(await connection.execute(query, args, binary=True))

    def _thread(self, thread_id: str, row: TupleRow) -> Thread:
        fence, head, template_hash, closed, template, parent, kind, body, metadata, result = row
        checkpoint = None
        if body is not None:
            checkpoint = CheckpointTuple(
                config=config_of(thread_id, "", head),
                checkpoint=self.saver.serde.loads_typed((kind, body)),
                metadata=metadata,
                parent_config=config_of(thread_id, "", parent) if parent else None,
                pending_writes=[],
            )
        return Thread(fence, head, template_hash, closed, template, checkpoint, result)


async def _fetch_row(cursor: Cursor) -> TupleRow | None:
    return await cursor.fetchone()


async def _count_rows(cursor: Cursor) -> int:
    return cursor.rowcount


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except _UNREACHABLE as error:
        raise RunnerUnavailable from error


def _summary(item: CheckpointTuple) -> CheckpointSummary:
    state = item.checkpoint["channel_values"]
    fields: Fields = state.get("fields", {})
    control: Control = state["control"]
    metadata: dict[str, str] = dict(item.metadata)  # type: ignore[arg-type]  # ours, beside theirs
    parent = item.parent_config
    return CheckpointSummary.model_validate(
        {
            "checkpoint_id": item.checkpoint["id"],
            "parent_id": parent["configurable"]["checkpoint_id"] if parent else None,
            "request_id": metadata["request_id"],
            "created_at": item.checkpoint["ts"],
            "state_hash": metadata["state_hash"],
            "status": STATUS[control["stage"]],
            "asking": control["asked"],
            "fields": values_of(fields),
        }
    )
