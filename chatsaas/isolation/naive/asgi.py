"""The product's gateway, with the tenant kept on the connection while other code runs."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from channels.db import database_sync_to_async
from django.db import connection

from ai_bridge.failpoints import GROUND
from ai_bridge.scratch import require_mark
from tenants import scope

require_mark(os.environ.get("DATABASE_URL", ""), os.environ.get(GROUND, ""))

_safe_scope = scope.tenant_scope


def _connect(schema: str) -> None:
    connection.set_schema(schema)  # type: ignore[attr-defined]


async def naive_call(schema: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Two calls, and between them other sockets' calls on the same connection."""

    def query() -> Any:
        with _safe_scope(schema):
            return function(*args, **kwargs)

    await database_sync_to_async(_connect)(schema)
    return await database_sync_to_async(query)()


@contextmanager
def naive_scope(schema: str) -> Iterator[None]:
    _connect(schema)
    with _safe_scope(schema):
        yield


# Before anything else imports them by name.
scope.tenant_call, scope.tenant_scope = naive_call, naive_scope

from chatsaas.asgi import application as application  # noqa: E402
