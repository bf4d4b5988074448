"""The golden database: tables, roles and two tenants, built once and copied for every test.

`python -m tests.ground.golden` fills the database that DATABASE_URL names.
"""

import hashlib
import os
import subprocess
import sys

from psycopg import sql

from ai_bridge.scratch import write_mark
from chatsaas.servers.runfile import locked
from tests.ground.environment import ROOT, STATE_DIR, with_path
from tests.ground.server import Connection, connect

PREFIX = "ground_golden_"
TENANTS = {"acme": "Acme Roofing", "globex": "Globex Clinic"}
# What decides the content of an empty database.
SOURCES = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "tenants/*.py",
    "tenants/*/*.py",
    "ai_bridge/runner/schema.py",
    "ai_bridge/scratch.py",
    "tests/ground/golden.py",
)


def ensure_golden(url: str) -> str:
    """The name of this code's golden database on the server, which is built if it is not there."""
    name = PREFIX + _fingerprint()
    with locked(STATE_DIR / "golden"), connect(url) as server:
        if not _databases(server, name):
            _build(server, url, name)
    return name


def _build(server: Connection, url: str, name: str) -> None:
    part = f"{name}_part"
    for old in _databases(server, PREFIX + "%"):
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(part)))
    print("Building the golden database...", file=sys.stderr)
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": with_path(url, part)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"The golden database could not be built:\n{done.stdout}{done.stderr}")
    names = {"part": sql.Identifier(part), "name": sql.Identifier(name)}
    # Only a whole one gets the name; a connection to it would get in the way of copying.
    server.execute(sql.SQL("ALTER DATABASE {part} ALLOW_CONNECTIONS false").format(**names))
    server.execute(sql.SQL("ALTER DATABASE {part} RENAME TO {name}").format(**names))


def _databases(server: Connection, pattern: str) -> list[str]:
    rows = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (pattern,))
    return [name for (name,) in rows]


def _fingerprint() -> str:
    digest = hashlib.sha256(repr(TENANTS).encode())
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def fill() -> None:
    import django
    from django.core.management import call_command

    write_mark(os.environ["DATABASE_URL"], os.environ["CHATSAAS_TEST_GROUND"])
    django.setup()
    from tenants.provisioning import provision_tenant, register_tenant

    call_command("install_database")
    for slug, name in TENANTS.items():
        tenant = register_tenant(
            name=name, slug=slug, domain=f"{slug}.localhost", owner_email=f"owner@{slug}.example"
        )
        provision_tenant(tenant.id)


if __name__ == "__main__":
    fill()
