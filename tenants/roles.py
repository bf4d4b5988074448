"""The second wall: one database role per tenant, with rights on its own schema alone.

Everything here runs as the owner of the database, at deploy and when a tenant is made.
"""

from typing import LiteralString

from django.conf import settings
from psycopg import Connection, sql

from tenants.passwords import role_password
from tenants.scope import role_of

# What a tenant's role may insert and read but never change: published and recorded facts.
APPEND_ONLY = ("workspace_templateversion", "sessions_app_event")


def ensure_login_role(connection: Connection, role: str) -> None:
    """A login that inherits nothing: it must become a tenant's role to touch a tenant's rows."""
    password = role_password(settings.SECRET_KEY, role)
    _ensure_role(connection, role)
    _run(
        connection,
        "ALTER ROLE {role} LOGIN NOINHERIT PASSWORD {password}",
        role=sql.Identifier(role),
        password=sql.Literal(password),
    )


def grant_shared(connection: Connection) -> None:
    """The application's login may use the shared tables, and nothing of any tenant's."""
    app = sql.Identifier(settings.APP_ROLE)
    _run(connection, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    _run(connection, "GRANT USAGE ON SCHEMA public TO {app}", app=app)
    _run(
        connection,
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
        app=app,
    )
    _run(connection, "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}", app=app)
    _guard_due(connection)


def _guard_due(connection: Connection) -> None:
    """A tenant's role sees and writes its own rows of the one due table."""
    prefix = sql.Literal(f"{settings.DATABASE_ROLE_PREFIX}_")
    _run(connection, "ALTER TABLE public.tenants_due ENABLE ROW LEVEL SECURITY")
    _run(connection, "DROP POLICY IF EXISTS own_rows ON public.tenants_due")
    _run(
        connection,
        "CREATE POLICY own_rows ON public.tenants_due "
        "USING (current_user = {prefix} || schema OR current_user = {app}) "
        "WITH CHECK (current_user = {prefix} || schema OR current_user = {app})",
        prefix=prefix,
        app=sql.Literal(settings.APP_ROLE),
    )


def grant_tenant(connection: Connection, schema: str) -> None:
    """Make the tenant's role, let the application become it, and give it its schema."""
    role = role_of(schema)
    _ensure_role(connection, role)
    names = {
        "role": sql.Identifier(role),
        "app": sql.Identifier(settings.APP_ROLE),
        "schema": sql.Identifier(schema),
    }
    for statement in TENANT_GRANTS:
        _run(connection, statement, **names)
    for table in APPEND_ONLY:
        _run(
            connection,
            "REVOKE UPDATE ON {schema}.{table} FROM {role}",
            table=sql.Identifier(table),
            **names,
        )


TENANT_GRANTS: tuple[LiteralString, ...] = (
    "GRANT {role} TO {app}",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON public.tenants_due TO {role}",
    "GRANT USAGE, SELECT ON SEQUENCE public.tenants_due_id_seq TO {role}",
)


def _ensure_role(connection: Connection, role: str) -> None:
    """Roles belong to the whole server: another database of it may have made this one already."""
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    if not found:
        _run(connection, "CREATE ROLE {role} NOLOGIN NOINHERIT", role=sql.Identifier(role))


def _run(connection: Connection, statement: LiteralString, **names: sql.Composable) -> None:
    connection.execute(sql.SQL(statement).format(**names))
