"""The product enters a tenant through one door; every other way leaks."""

import ast

import pytest

from tests.architecture.leaks import ALLOWED, SCOPE, leaks
from tests.architecture.source import ROOT, parse, place, product_files

# Each leaks for certain: a rule that lets one pass is broken.
BAD = {
    "async ORM": "async def f():\n    await Session.objects.aget(id=1)",
    "async ORM after a filter": "async def f():\n    return await qs().filter(a=1).acount()",
    "async ORM on a row": "async def f(row):\n    await row.asave()",
    "async iteration": "async def f():\n    async for s in Session.objects:\n        pass",
    "with tenant": "def f(tenant):\n    with tenant:\n        pass",
    "with a row's tenant": "def f(site):\n    with site.tenant:\n        pass",
    "another thread": "import asyncio\nasync def f():\n    await asyncio.to_thread(g)",
    "an executor": "async def f(loop):\n    await loop.run_in_executor(None, g)",
    "set_schema": "from django.db import connection\nconnection.set_schema('t_acme')",
    "set_schema by another name": "def f(c):\n    c.set_schema('t_acme')",
    "set_tenant": "def f(connection, t):\n    connection.set_tenant(t)",
    "schema_context": "def f():\n    with schema_context('t_acme'):\n        pass",
    "tenant_context": "def f(t):\n    with utils.tenant_context(t):\n        pass",
    "sync_to_async": "async def f():\n    await sync_to_async(g, thread_sensitive=False)()",
    "as a decorator": "@database_sync_to_async\ndef f():\n    pass",
    "an assignment": "def f(connection):\n    connection.schema_name = 't_acme'",
}

GOOD = {
    "the door": "async def f():\n    await tenant_call('t_acme', g)",
    "the door in a thread": "def f():\n    with tenant_scope('t_acme'):\n        pass",
    "plain ORM": "def f():\n    return Session.objects.get(id=1)",
    "the graph's async methods": "async def f(saver):\n    await saver.aput({}, {}, {}, {})",
}


@pytest.mark.parametrize("code", BAD.values(), ids=list(BAD))
def test_each_leaking_pattern_is_found(code: str) -> None:
    assert list(leaks(ast.parse(code)))


@pytest.mark.parametrize("code", GOOD.values(), ids=list(GOOD))
def test_what_does_not_leak_is_let_pass(code: str) -> None:
    assert not list(leaks(ast.parse(code)))


def test_no_product_code_leaks() -> None:
    found = [
        f"{place(path, node)}: {mend}"
        for path in product_files()
        if path != ROOT / SCOPE
        for node, mend in leaks(parse(path))
        if (str(path.relative_to(ROOT)), mend.partition(":")[0]) not in ALLOWED
    ]
    assert not found, "\n".join(found)


def test_the_door_itself_is_where_the_rule_says() -> None:
    assert list(leaks(parse(ROOT / SCOPE))), "The scope module moved: the rule exempts a name."


def test_what_is_allowed_is_still_needed() -> None:
    found = {
        (name, mend.partition(":")[0])
        for name, _ in ALLOWED
        for _, mend in leaks(parse(ROOT / name))
    }
    assert found >= ALLOWED
