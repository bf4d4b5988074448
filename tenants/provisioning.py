"""Makes the database ready for the code, and a tenant ready for its people.

Both run as the owner of the database and are safe to run again: each looks at what stands first.
"""

from collections.abc import Iterator

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from psycopg import Connection, sql

from tenants.blueprint import GOLDEN, compile_blueprint, script_for
from tenants.models import Domain, Tenant
from tenants.owner import owner_connection
from tenants.roles import ensure_login_role, grant_shared, grant_tenant

INSTALL_LOCK = 0x63686174  # "chat": one deploy step at a time


def install_database() -> Iterator[str]:
    """What the gateway needs of a deploy: roles, shared tables, each tenant's schema at head.

    Yields a line per step. Resumable: what is at head is skipped.
    """
    with owner_connection() as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", (INSTALL_LOCK,))
        yield "roles"
        for role in (settings.APP_ROLE, settings.RUNNER_ROLE):
            ensure_login_role(owner, role)
        yield "shared tables"
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
        grant_shared(owner)
        yield "blueprint of a tenant"
        compile_blueprint(owner)
        yield from _migrate_tenants(owner)
        owner.execute("SELECT pg_advisory_unlock(%s)", (INSTALL_LOCK,))


def _migrate_tenants(owner: Connection) -> Iterator[str]:
    head = _applied(owner, GOLDEN)
    for schema in Tenant.objects.using("owner").values_list("schema_name", flat=True):
        if not _has_schema(owner, schema) or _applied(owner, schema) >= head:
            continue
        yield f"tenant {schema}"
        call_command("migrate_schemas", schema_name=schema, interactive=False, verbosity=0)
        grant_tenant(owner, schema)


def provision_tenant(tenant_id: int) -> Tenant:
    """Build the tenant's schema and role. Safe to retry: a half-made schema cannot exist."""
    tenant: Tenant = Tenant.objects.using("owner").get(id=tenant_id)
    with owner_connection() as owner:
        if not _has_schema(owner, tenant.schema_name):
            script = script_for(tenant.schema_name)
            with owner.transaction():
                owner.execute(script.encode())
        grant_tenant(owner, tenant.schema_name)
    tenant.status = Tenant.Status.ACTIVE
    tenant.save(using="owner", update_fields=["status"])
    return tenant


def register_tenant(*, name: str, slug: str, domain: str, owner_email: str) -> Tenant:
    """Record a tenant that is still to be provisioned. Raises IntegrityError for a taken name."""
    with transaction.atomic():
        tenant = Tenant(name=name, slug=slug, schema_name=f"t_{slug}", owner_email=owner_email)
        tenant.save(force_insert=True)
        Domain(domain=domain.lower(), tenant=tenant, is_primary=True).save()
    return tenant


def tenants_behind() -> list[str]:
    """Schemas that miss migrations of this code."""
    with owner_connection() as owner:
        head = _applied(owner, GOLDEN)
        schemas = Tenant.objects.using("owner").values_list("schema_name", flat=True)
        return [name for name in schemas if not _applied(owner, name) >= head]


def _has_schema(owner: Connection, schema: str) -> bool:
    query = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
    return owner.execute(query, (schema,)).fetchone() is not None


def _applied(owner: Connection, schema: str) -> set[tuple[str, str]]:
    if not _has_schema(owner, schema):
        return set()
    table = sql.Identifier(schema, "django_migrations")
    rows = owner.execute(sql.SQL("SELECT app, name FROM {}").format(table)).fetchall()
    return {(app, name) for app, name in rows}
