"""A tenant is made from one script, by the same facts as migrations would make it."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from tenants.models import SchemaScript, Tenant
from tenants.provisioning import provision_tenant, register_tenant, tenants_behind
from tenants.scope import tenant_scope
from tenants.workspace.models import Template
from tests.ground.ground import Ground

TABLES = """
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
WHERE table_schema = %s ORDER BY 1, 2
"""


def make(slug: str = "initech") -> Tenant:
    tenant = register_tenant(
        name=slug.title(), slug=slug, domain=f"{slug}.localhost", owner_email="o@initech.example"
    )
    return provision_tenant(tenant.id)


def test_a_new_tenant_is_ready_for_its_first_row(ground: Ground) -> None:
    tenant = make()
    assert tenant.is_active
    with tenant_scope(tenant.schema_name):
        Template.objects.create(name="first")
        assert Template.objects.count() == 1


def test_the_script_builds_what_the_migrations_build(ground: Ground) -> None:
    make()
    migrated = ground.database.query(TABLES, "golden_workspace")
    assert migrated
    assert ground.database.query(TABLES, "t_initech") == migrated
    assert tenants_behind() == []


def test_provisioning_twice_changes_nothing(ground: Ground) -> None:
    tenant = make()
    with tenant_scope(tenant.schema_name):
        Template.objects.create(name="kept")
    provision_tenant(tenant.id)
    with tenant_scope(tenant.schema_name):
        assert Template.objects.count() == 1


def test_a_taken_name_is_refused_and_leaves_nothing(ground: Ground) -> None:
    with pytest.raises(IntegrityError):
        register_tenant(
            name="Other", slug="other", domain="acme.localhost", owner_email="o@other.example"
        )
    assert not Tenant.objects.filter(slug="other").exists()


def test_code_newer_than_the_database_says_what_to_run(ground: Ground) -> None:
    SchemaScript.objects.using("owner").update(head="of another version")
    with pytest.raises(LookupError, match="install_database"):
        make()


def test_installing_again_skips_what_is_at_head(ground: Ground) -> None:
    steps: list[str] = []

    class Lines:
        def write(self, text: str) -> None:
            steps.append(text.strip())

    call_command("install_database", stdout=Lines())
    assert not [step for step in steps if step.startswith("tenant ")]


def test_installing_brings_a_tenant_that_is_behind_to_head(ground: Ground) -> None:
    ground.database.query("DELETE FROM t_acme.django_migrations WHERE app = 'sessions_app'")
    for (table,) in ground.database.query(
        "SELECT tablename FROM pg_tables WHERE schemaname = 't_acme' "
        "AND tablename LIKE 'sessions_app_%'"
    ):
        ground.database.query(f"DROP TABLE t_acme.{table} CASCADE")
    assert tenants_behind() == ["t_acme"]
    call_command("install_database", verbosity=0)
    assert tenants_behind() == []
    with tenant_scope("t_acme"):
        from sessions_app.models import Session

        assert Session.objects.count() == 0
