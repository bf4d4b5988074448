"""The test ground keeps its own promises."""

import threading

import pytest
from django.db import connections

from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.ground.golden import TENANTS
from tests.ground.ground import Ground


def test_a_test_begins_with_two_active_tenants(ground: Ground) -> None:
    found = {tenant.slug: tenant.status for tenant in Tenant.objects.all()}
    assert found == dict.fromkeys(TENANTS, Tenant.Status.ACTIVE)


@pytest.mark.parametrize("_turn", [1, 2])
def test_what_one_test_commits_no_other_sees(ground: Ground, _turn: int) -> None:
    assert not Tenant.objects.filter(slug="left").exists()
    Tenant.objects.create(name="Left", slug="left", schema_name="t_left", owner_email="a@b.example")
    assert ground.database.query("SELECT count(*) FROM tenants_tenant") == [(3,)]


def test_other_threads_work_on_the_same_database(ground: Ground) -> None:
    seen: list[object] = []

    def look() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT current_database()")
            seen.append(cursor.fetchone()[0])
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [ground.database.name]


def test_the_server_counts_statements_of_every_connection(ground: Ground) -> None:
    with ground.database.counted() as counted:
        list(Tenant.objects.all())
        ground.database.query("SELECT 1 AS from_elsewhere")
    assert [calls for text, calls in counted.calls.items() if "from_elsewhere" in text] == [1]
    assert [calls for text, calls in counted.calls.items() if "tenants_tenant" in text] == [1]


def test_without_the_ground_the_database_is_closed() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Tenant.objects.exists()


def test_a_tenants_schema_is_there(ground: Ground) -> None:
    from tenants.workspace.models import Website

    with tenant_scope("t_acme"):
        assert not Website.objects.exists()
