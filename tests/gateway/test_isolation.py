"""Two walls between tenants, shown against patterns that have none."""

import asyncio
from collections.abc import Iterator
from typing import cast

import pytest
from channels.db import database_sync_to_async
from django.db import ProgrammingError, connection, connections
from django_tenants.postgresql_backend.base import DatabaseWrapper as StockWrapper

from tenants.current import Scope, current
from tenants.provisioning import provision_tenant, register_tenant
from tenants.scope import role_of, tenant_call, tenant_scope
from tenants.workspace.models import Template
from tests.ground.ground import Ground

TENANTS = [f"tenant_{letter}" for letter in "abcdefgh"]
TASKS, READS = 40, 5


def schema_of(slug: str) -> str:
    return f"t_{slug}"


@pytest.fixture
def eight_tenants(ground: Ground) -> Iterator[list[str]]:
    """Each with one template that carries the tenant's own name."""
    for slug in TENANTS:
        tenant = register_tenant(
            name=slug, slug=slug, domain=f"{slug}.localhost", owner_email=f"o@{slug}.example"
        )
        provision_tenant(tenant.pk)
        with tenant_scope(schema_of(slug)):
            Template.objects.create(name=schema_of(slug))
    yield [schema_of(slug) for slug in TENANTS]
    connections.close_all()


def read_name() -> str:
    return Template.objects.get().name


async def test_forty_tasks_over_eight_tenants_read_no_foreign_row(
    eight_tenants: list[str],
) -> None:
    async def read(schema: str) -> list[tuple[str, str]]:
        return [(schema, await tenant_call(schema, read_name)) for _ in range(READS)]

    tasks = [read(eight_tenants[number % len(eight_tenants)]) for number in range(TASKS)]
    found = [pair for pairs in await asyncio.gather(*tasks) for pair in pairs]
    assert len(found) == TASKS * READS
    assert [pair for pair in found if pair[0] != pair[1]] == []


async def test_the_same_tasks_leak_when_the_tenant_is_set_on_connecting(
    eight_tenants: list[str],
) -> None:
    """The control: the stock backend, and the tenant set once, as in a socket's connect()."""

    def connect(schema: str) -> None:
        cast(StockWrapper, connections["owner"]).set_schema(schema)

    def disconnect() -> None:
        connections["owner"].close()

    def read() -> str:
        return Template.objects.using("owner").get().name

    async def talk(schema: str) -> list[tuple[str, str]]:
        await database_sync_to_async(connect)(schema)
        return [(schema, await database_sync_to_async(read)()) for _ in range(READS)]

    tasks = [talk(eight_tenants[number % len(eight_tenants)]) for number in range(TASKS)]
    found = [pair for pairs in await asyncio.gather(*tasks) for pair in pairs]
    await database_sync_to_async(disconnect)()
    assert [pair for pair in found if pair[0] != pair[1]] != []


def test_a_wrong_search_path_is_refused_by_the_role(eight_tenants: list[str]) -> None:
    mine, other = eight_tenants[:2]
    token = current.set(Scope(other, role_of(mine)))
    try:
        with pytest.raises(ProgrammingError, match=r"does not exist|permission denied"):
            read_name()
        connection.close()
        with pytest.raises(ProgrammingError, match="permission denied"):
            list(Template.objects.raw(f'SELECT * FROM "{other}".workspace_template'))
    finally:
        connection.close()
        current.reset(token)
    with tenant_scope(mine):
        assert read_name() == mine
