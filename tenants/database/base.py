"""Sends search_path and role with the first statement of every transaction, as the scope says.

Nothing about the tenant is kept on the connection: whichever thread or pooled connection runs a
query, it asks the context variable. A wrong search_path alone cannot read another tenant, because
the role that goes with it has no rights there.
"""

from functools import cached_property
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseErrorWrapper
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantWrapper
from psycopg.errors import IdleInTransactionSessionTimeout

from ai_bridge.reconnecting import is_ended, reconnect_steadily
from tenants.current import PUBLIC_SCHEMA, Scope, current

APPLY = "SELECT set_config('search_path', %s, %s), set_config('role', %s, %s)"


reconnect_steadily()


class ErrorWrapper(DatabaseErrorWrapper):
    """The database ended the transaction of a process that was frozen: as if it had gone away.

    By its class the error would be a mistake of ours.
    """

    wrapper: BaseDatabaseWrapper

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        if isinstance(error, IdleInTransactionSessionTimeout):
            self.wrapper.errors_occurred = True
            raise OperationalError(*error.args).with_traceback(traceback) from error
        super().__exit__(kind, error, traceback)


class DatabaseWrapper(TenantWrapper):
    """A django-tenants backend without a tenant of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._transaction_scope: Scope | None = None
        super().__init__(*args, **kwargs)

    @cached_property
    def wrap_database_errors(self) -> ErrorWrapper:
        return ErrorWrapper(self)

    @property
    def schema_name(self) -> str:
        return current.get().schema

    @schema_name.setter
    def schema_name(self, name: str | None) -> None:
        """Only the base class's initialiser assigns, before any scope can exist."""

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        if tenant.schema_name != PUBLIC_SCHEMA:
            raise RuntimeError("Enter a tenant through tenants.scope, not through the connection.")

    def get_new_connection(self, conn_params: Any) -> Any:
        """One from the pool that the server has not ended: each that it has would cost an answer.

        After a crash there are as many as the pool holds.
        """
        connection = super().get_new_connection(conn_params)
        while self.pool and is_ended(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection

    def _cursor(self, name: str | None = None) -> Any:
        cursor = super(TenantWrapper, self)._cursor(name)
        if name is None:
            self._apply(cursor)
        else:
            # A named cursor carries one statement only, so the scope travels on one of its own.
            with super(TenantWrapper, self)._cursor() as plain:
                self._apply(plain)
        return cursor

    def _apply(self, cursor: Any) -> None:
        scope = current.get()
        is_local = bool(self.in_atomic_block)
        if is_local and (scope == self._transaction_scope or self.needs_rollback):
            return
        role = scope.role or "none"
        cursor.execute(APPLY, (scope.search_path, is_local, role, is_local))
        self._transaction_scope = scope if is_local else None

    def set_autocommit(self, *args: Any, **kwargs: Any) -> None:
        self._transaction_scope = None
        super().set_autocommit(*args, **kwargs)

    def rollback(self) -> None:
        self._transaction_scope = None
        super().rollback()

    def savepoint_rollback(self, sid: str) -> None:
        # PostgreSQL takes back a setting made after the savepoint, so it must be said again; but
        # not before the rollback, whose own cursor would say it into the broken transaction.
        try:
            super().savepoint_rollback(sid)
        finally:
            self._transaction_scope = None
