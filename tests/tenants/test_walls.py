"""Two walls stand between tenants: the scope that code enters, and the role the database knows."""

import asyncio
import time
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError, ProgrammingError

from tenants import scope
from tenants.current import Scope, current
from tenants.models import Due, Tenant
from tenants.scope import control_plane, role_of, tenant_call, tenant_scope
from tenants.workspace.models import Template
from tests.ground.ground import Ground


@pytest.fixture
def two_templates(ground: Ground) -> None:
    for schema, name in (("t_acme", "of acme"), ("t_globex", "of globex")):
        with tenant_scope(schema):
            Template.objects.create(name=name)


def names() -> list[str]:
    return list(Template.objects.values_list("name", flat=True))


@pytest.mark.usefixtures("two_templates")
def test_a_scope_sees_its_own_tenant_and_no_other() -> None:
    with tenant_scope("t_acme"):
        assert names() == ["of acme"]
    with tenant_scope("t_globex"):
        assert names() == ["of globex"]


@pytest.mark.usefixtures("two_templates")
def test_without_a_scope_no_tenant_can_be_read() -> None:
    with pytest.raises(ProgrammingError, match="does not exist"):
        names()


@pytest.mark.usefixtures("two_templates")
def test_a_wrong_search_path_is_refused_by_the_role() -> None:
    token = current.set(Scope("t_globex", role_of("t_acme")))
    try:
        with pytest.raises(ProgrammingError, match="does not exist"):
            names()
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as raw:
            raw.execute("SELECT name FROM t_globex.workspace_template")
    finally:
        current.reset(token)


@pytest.mark.usefixtures("two_templates")
def test_the_login_role_alone_may_not_read_a_tenant() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as raw:
        raw.execute("SELECT name FROM t_acme.workspace_template")


@pytest.mark.usefixtures("two_templates")
def test_a_tenants_role_may_not_read_the_control_plane() -> None:
    with tenant_scope("t_acme"), pytest.raises(ProgrammingError, match="permission denied"):
        Tenant.objects.count()


@pytest.mark.usefixtures("two_templates")
def test_the_control_plane_is_left_again_within_the_same_transaction() -> None:
    with tenant_scope("t_acme"), transaction.atomic():
        with control_plane():
            assert Tenant.objects.count() == 2
        assert names() == ["of acme"]


@pytest.mark.usefixtures("two_templates")
def test_the_scope_survives_a_savepoint_that_is_rolled_back() -> None:
    with tenant_scope("t_acme"), transaction.atomic():
        with pytest.raises(ProgrammingError), transaction.atomic():
            Tenant.objects.count()
        assert names() == ["of acme"]


@pytest.mark.usefixtures("two_templates")
def test_each_transaction_on_a_connection_says_its_scope_anew() -> None:
    for schema, name in [("t_acme", "of acme"), ("t_acme", "of acme"), ("t_globex", "of globex")]:
        with tenant_scope(schema), transaction.atomic():
            assert names() == [name]


@pytest.mark.usefixtures("two_templates")
def test_the_scope_travels_once_per_transaction(ground: Ground) -> None:
    with ground.database.counted() as seen, tenant_scope("t_acme"), transaction.atomic():
        names()
        names()
    assert seen.count == 3, seen


def test_a_tenant_sees_only_its_own_rows_of_the_due_table(ground: Ground) -> None:
    for schema in ("t_acme", "t_globex"):
        with tenant_scope(schema):
            Due.objects.create(
                schema=schema, kind="session", subject=uuid4(), at="2030-01-01T00:00Z"
            )
    with tenant_scope("t_acme"):
        assert [due.schema for due in Due.objects.all()] == ["t_acme"]
        with pytest.raises(ProgrammingError, match="row-level security"):
            Due.objects.create(
                schema="t_globex", kind="session", subject=uuid4(), at="2030-01-01T00:00Z"
            )
    assert Due.objects.count() == 2


@pytest.mark.usefixtures("two_templates")
async def test_calls_of_two_tenants_interleaved_in_one_process_never_mix() -> None:
    schemas = ["t_acme", "t_globex"] * 40
    seen = await asyncio.gather(*(tenant_call(schema, names) for schema in schemas))
    assert seen == [["of acme"], ["of globex"]] * 40


async def test_a_call_that_does_not_end_is_given_up(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(2)")

    monkeypatch.setattr(scope, "CALL_SECONDS", 0.3)
    with pytest.raises(OperationalError, match="hang did not end within"):
        await tenant_call("t_acme", hang)


def test_a_transaction_that_the_database_ended_is_told_as_an_outage(ground: Ground) -> None:
    def freeze() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 50")
            time.sleep(1)
            cursor.execute("SELECT 1")

    with pytest.raises(OperationalError):
        freeze()


def test_the_runners_login_reaches_its_own_schema_and_no_tenants(ground: Ground) -> None:
    with psycopg.connect(ground.database.runner_url, autocommit=True) as runner:
        for table in ("t_acme.workspace_template", "public.tenants_tenant"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                runner.execute(f"SELECT 1 FROM {table}".encode())
