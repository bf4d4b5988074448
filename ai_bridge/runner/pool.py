"""Connections of one runner process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg_pool import AsyncConnectionPool

from ai_bridge.reconnecting import reconnect_steadily
from ai_bridge.runner.models import Models
from ai_bridge.runner.process import Runner
from ai_bridge.runner.saver import Pool
from ai_bridge.runner.settings import RunnerSettings
from ai_bridge.runner.store import Store
from ai_bridge.tcp_bounds import POSTGRES_TCP

# How long a turn waits for a free connection before it is refused as retryable.
_WAIT_SECONDS = 3.0


def make_pool(settings: RunnerSettings, *, is_checked: bool = False) -> Pool:
    """Closed until opened. `is_checked` tries each connection before use, for a process that may
    have been frozen since its last turn."""
    reconnect_steadily()
    return AsyncConnectionPool(
        settings.database_url.get_secret_value(),
        min_size=1,
        max_size=settings.pool_size,
        timeout=_WAIT_SECONDS,
        open=False,
        check=AsyncConnectionPool.check_connection if is_checked else None,
        kwargs={
            # Each turn sends two statements, each of them a transaction of its own.
            "autocommit": True,
            "application_name": "chatsaas-runner",
            "options": f"-c statement_timeout={settings.statement_timeout_ms}"
            f" -c idle_in_transaction_session_timeout={settings.statement_timeout_ms}",
            **POSTGRES_TCP,
        },
    )


@asynccontextmanager
async def open_runner(
    settings: RunnerSettings, *, is_checked: bool = False
) -> AsyncIterator[Runner]:
    """Opens without waiting for the database: readiness tells when it is there."""
    pool = make_pool(settings, is_checked=is_checked)
    models = Models(settings.allowed_hosts, settings.langchain_models)
    await pool.open()
    try:
        yield Runner(Store(pool), models=models)
    finally:
        await models.aclose()
        await pool.close()
