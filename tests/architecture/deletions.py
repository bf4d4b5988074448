"""Deletions whose condition is not looked at again, found in the syntax tree.

`QuerySet.delete` reads first and deletes by id as soon as anybody listens to deletions, and
django-tenants does. What was changed in between, so that it is to stay, goes too.
"""

import ast
from collections.abc import Iterator

from tests.architecture.source import dotted

# The one module that may go below `QuerySet.delete`.
DOOR = "tenants/database/deleting.py"
MEND = "the condition may hold no more: delete_where, or lock the rows and delete by id"

MAKES_ROWS = {
    "all", "filter", "exclude", "order_by", "annotate", "alias", "distinct", "select_for_update",
    "select_related", "prefetch_related", "using", "only", "defer", "union", "none", "reverse",
}  # fmt: skip
KEYS = {"pk", "id", "pk__in", "id__in"}


Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef


def unguarded(scope: Scope, known: frozenset[str] = frozenset()) -> Iterator[ast.Call]:
    """Each deletion of rows that are chosen by anything else than their primary key."""
    nodes, within = list(_own(scope)), []
    named = known | frozenset(name for node in nodes for name in _names_of_rows(node))
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            within.append(node)
        elif isinstance(node, ast.Call) and _deletes(node, named):
            yield node
    for function in within:
        yield from unguarded(function, named)


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """What stands in it, but not in the functions in it."""
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _own(node)


def _deletes(call: ast.Call, named: frozenset[str]) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr == "_raw_delete":
        return True
    is_query = call.func.attr in ("delete", "adelete") and not call.args
    return is_query and _are_rows(call.func.value, named)


def _are_rows(node: ast.expr, named: frozenset[str]) -> bool:
    """A row's own `delete` is by its key; what a call gives may be anything, so it counts."""
    if isinstance(node, ast.Name):
        return node.id in named
    if isinstance(node, ast.Attribute):
        return node.attr == "objects"
    return not _is_by_key(node)


def _is_by_key(node: ast.expr) -> bool:
    """`Model.objects.filter(id=...)`, and nothing before or after it."""
    return (
        isinstance(node, ast.Call)
        and dotted(node.func).endswith(".objects.filter")
        and not node.args
        and len(node.keywords) == 1
        and node.keywords[0].arg in KEYS
    )


def _names_of_rows(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.arg) and _says_rows(node.annotation):
        yield node.arg
    if isinstance(node, ast.AnnAssign) and _says_rows(node.annotation):
        yield dotted(node.target)
    if isinstance(node, ast.Assign | ast.NamedExpr) and _chooses(node.value):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def _says_rows(annotation: ast.expr | None) -> bool:
    return annotation is not None and "QuerySet" in ast.unparse(annotation)


def _chooses(node: ast.expr) -> bool:
    """A chain that ends with rows, not with one row or a figure."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in MAKES_ROWS
        and not _is_by_key(node)
    )
