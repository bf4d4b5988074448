"""Patterns by which one tenant's rows reach another, found in the syntax tree.

Every socket of a process shares one thread and one connection, so whatever sets the tenant outside
the function that a thread runs sets it for strangers too.
"""

import ast
from collections.abc import Iterator

from tests.architecture.source import calls, dotted

# The one module that may enter a tenant.
SCOPE = "tenants/scope.py"

# Each with its reason. The dashboard's door hands a request to the thread that is the request's
# own, and the function that runs there enters the scope.
#
# Chaos waits in threads for servers and processes to start; its own process enters no tenant.
ALLOWED = {
    ("chatsaas/middleware/dashboard.py", "sync_to_async"),
    ("chatsaas/chaos/backing.py", "to_thread"),
    ("chatsaas/chaos/crew.py", "to_thread"),
    ("chatsaas/chaos/run.py", "to_thread"),
    ("chatsaas/chaos/figures.py", "to_thread"),
    ("chatsaas/isolation/run.py", "to_thread"),
    # The control, which leaks on purpose and starts on a scratch database alone.
    ("chatsaas/isolation/naive/asgi.py", "set_schema"),
    ("chatsaas/isolation/naive/asgi.py", "database_sync_to_async"),
}

ASYNC_ORM = {
    "aget", "acreate", "aget_or_create", "aupdate_or_create", "abulk_create", "abulk_update",
    "acount", "aexists", "afirst", "alast", "aearliest", "alatest", "aaggregate", "aiterator",
    "ain_bulk", "aupdate", "adelete", "asave", "arefresh_from_db", "aset", "aadd", "aremove",
    "aclear", "acontains", "aexplain", "afull_clean",
}  # fmt: skip

SETTERS = {
    "set_schema", "set_tenant", "set_schema_to_public", "schema_context", "tenant_context",
}  # fmt: skip

OFF_THREAD = {
    "sync_to_async", "database_sync_to_async", "SyncToAsync", "DatabaseSyncToAsync", "to_thread",
    "run_in_executor",
}  # fmt: skip


def leaks(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Each leaking pattern of a module, with what to write instead."""
    yield from _leaking_calls(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.With | ast.AsyncWith):
            yield from _entered_tenants(node)
        if isinstance(node, ast.AsyncFor) and dotted(node.iter).endswith(".objects"):
            yield node, "async ORM: put the query in a function and give it to tenant_call"
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            yield from _assigned_schemas(node)


def _leaking_calls(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    for call in calls(tree):
        name = dotted(call.func).rpartition(".")[2] or getattr(call.func, "attr", "")
        if name in ASYNC_ORM and isinstance(call.func, ast.Attribute):
            yield (
                call,
                f"async ORM ({name}): put the query in a function and give it to tenant_call",
            )
        if name in SETTERS:
            yield call, f"{name}: enter a tenant through tenants.scope only"
        if name in OFF_THREAD:
            yield call, f"{name}: use tenant_call or shared_call of tenants.scope"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                if dotted(decorator).rpartition(".")[2] in OFF_THREAD:
                    yield decorator, "use tenant_call or shared_call of tenants.scope"


def _entered_tenants(node: ast.With | ast.AsyncWith) -> Iterator[tuple[ast.AST, str]]:
    for item in node.items:
        name = dotted(item.context_expr).rpartition(".")[2]
        if name == "tenant" or name.endswith("_tenant"):
            yield node, "with tenant: remembers the previous one for all threads together"


def _assigned_schemas(
    node: ast.Assign | ast.AnnAssign | ast.AugAssign,
) -> Iterator[tuple[ast.AST, str]]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        owner, _, name = dotted(target).rpartition(".")
        if name in {"schema_name", "tenant"} and owner.rpartition(".")[2] == "connection":
            yield node, "connection's tenant: enter a tenant through tenants.scope only"
