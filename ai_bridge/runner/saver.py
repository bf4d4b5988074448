"""Checkpoints in schema `ai` through LangGraph's saver interface."""

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any, LiteralString, Self

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_checkpoint_id,
    get_checkpoint_metadata,
)
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from ai_bridge.runner.serial import JsonSerializer

Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]

_SELECT: LiteralString = """
    SELECT c.thread_id, c.checkpoint_ns, c.checkpoint_id, c.parent_id, c.kind, c.body, c.metadata,
        (SELECT array_agg(ROW(w.task_id, w.channel, w.kind, w.body)
                          ORDER BY w.task_path, w.task_id, w.idx)
         FROM ai.writes w
         WHERE (w.thread_id, w.checkpoint_ns, w.checkpoint_id)
             = (c.thread_id, c.checkpoint_ns, c.checkpoint_id))
    FROM ai.checkpoints c
"""

_PUT: LiteralString = """
    INSERT INTO ai.checkpoints
        (thread_id, checkpoint_ns, checkpoint_id, parent_id, kind, body, metadata)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (thread_id, checkpoint_ns, checkpoint_id)
    DO UPDATE SET kind = EXCLUDED.kind, body = EXCLUDED.body, metadata = EXCLUDED.metadata
"""

_PUT_WRITE: LiteralString = """
    INSERT INTO ai.writes
        (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, task_path, channel, kind, body)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (thread_id, checkpoint_ns, checkpoint_id, task_id, idx)
"""
# Errors and interrupts have fixed negative places and may be written again; results may not.
_KEEP: LiteralString = _PUT_WRITE + " DO NOTHING"
_REPLACE: LiteralString = (
    _PUT_WRITE
    + """ DO UPDATE SET channel = EXCLUDED.channel, kind = EXCLUDED.kind, body = EXCLUDED.body"""
)

_DELETE: LiteralString = """
    WITH gone_writes AS (DELETE FROM ai.writes WHERE thread_id = %(thread)s),
         gone_results AS (DELETE FROM ai.results WHERE thread_id = %(thread)s),
         gone_template AS (DELETE FROM ai.templates WHERE thread_id = %(thread)s),
         gone_thread AS (DELETE FROM ai.threads WHERE thread_id = %(thread)s)
    DELETE FROM ai.checkpoints WHERE thread_id = %(thread)s
"""


def config_of(thread_id: str, namespace: str, checkpoint_id: str) -> RunnableConfig:
    return {
        "configurable": {
            "thread_id": thread_id,
            "checkpoint_ns": namespace,
            "checkpoint_id": checkpoint_id,
        }
    }


class JsonSaver(BaseCheckpointSaver[int]):
    """What the runner's savers share: their bytes are JSON."""

    def __init__(self) -> None:
        super().__init__(serde=JsonSerializer())

    def with_allowlist(self, extra_allowlist: Collection[tuple[str, ...]]) -> Self:
        """JSON builds no objects, so no type has to be allowed."""
        return self


class PostgresSaver(JsonSaver):
    """Any number of connections may work at once: no lock is held in this process."""

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self.pool = pool

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        place = config["configurable"]
        thread_id, namespace = place["thread_id"], place.get("checkpoint_ns", "")
        kind, body = self.serde.dumps_typed(checkpoint)
        row = (
            thread_id,
            namespace,
            checkpoint["id"],
            place.get("checkpoint_id"),
            kind,
            body,
            Jsonb(get_checkpoint_metadata(config, metadata)),
        )
        async with self.pool.connection() as connection:
            await connection.execute(_PUT, row)
        return config_of(thread_id, namespace, checkpoint["id"])

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        place = config["configurable"]
        key = (place["thread_id"], place.get("checkpoint_ns", ""), place["checkpoint_id"], task_id)
        rows = [
            (
                *key,
                WRITES_IDX_MAP.get(channel, index),
                task_path,
                channel,
                *self.serde.dumps_typed(value),
            )
            for index, (channel, value) in enumerate(writes)
        ]
        special = all(channel in WRITES_IDX_MAP for channel, _ in writes)
        async with self.pool.connection() as connection, connection.cursor() as cursor:
            await cursor.executemany(_REPLACE if special else _KEEP, rows)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        place = config["configurable"]
        args: list[Any] = [place["thread_id"], place.get("checkpoint_ns", "")]
        where: LiteralString = "WHERE c.thread_id = %s AND c.checkpoint_ns = %s"
        if checkpoint_id := get_checkpoint_id(config):
            where += " AND c.checkpoint_id = %s"
            args.append(checkpoint_id)
        query = _SELECT + where + " ORDER BY c.checkpoint_id DESC LIMIT 1"
        async with self.pool.connection() as connection:
            row = await (await connection.execute(query, args, binary=True)).fetchone()
        return self._tuple(row) if row else None

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        where, args = _conditions(config, filter, before)
        query = _SELECT + where + " ORDER BY c.checkpoint_id DESC LIMIT %s"
        async with self.pool.connection() as connection:
            cursor = await connection.execute(query, [*args, limit], binary=True)
            rows = await cursor.fetchall()
        for row in rows:
            yield self._tuple(row)

    async def adelete_thread(self, thread_id: str) -> None:
        """Erase all that is stored about the thread: states, results and its template."""
        async with self.pool.connection() as connection:
            await connection.execute(_DELETE, {"thread": thread_id})

    def _tuple(self, row: TupleRow) -> CheckpointTuple:
        thread_id, namespace, checkpoint_id, parent_id, kind, body, metadata, writes = row
        return CheckpointTuple(
            config=config_of(thread_id, namespace, checkpoint_id),
            checkpoint=self.serde.loads_typed((kind, body)),
            metadata=metadata,
            parent_config=config_of(thread_id, namespace, parent_id) if parent_id else None,
            pending_writes=[
                (task_id, channel, self.serde.loads_typed((kind, body)))
                for task_id, channel, kind, body in writes or ()
            ],
        )


def _conditions(
    config: RunnableConfig | None, filter: dict[str, Any] | None, before: RunnableConfig | None
) -> tuple[LiteralString, list[Any]]:
    wanted: list[tuple[LiteralString, Any]] = []
    if config:
        place = config["configurable"]
        wanted.append(("c.thread_id = %s", place["thread_id"]))
        if "checkpoint_ns" in place:
            wanted.append(("c.checkpoint_ns = %s", place["checkpoint_ns"]))
        if checkpoint_id := get_checkpoint_id(config):
            wanted.append(("c.checkpoint_id = %s", checkpoint_id))
    if before and (before_id := get_checkpoint_id(before)):
        wanted.append(("c.checkpoint_id < %s", before_id))
    if filter:
        wanted.append(("c.metadata @> %s", Jsonb(filter)))
    if not wanted:
        return "", []
    return "WHERE " + " AND ".join(part for part, _ in wanted), [value for _, value in wanted]
