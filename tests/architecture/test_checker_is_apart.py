"""Chaos's checker judges the product, so it shares no code with it."""

import ast
import sys

from tests.architecture.source import ROOT, parse, place

CHECKER = "chatsaas.chaos.checker"
ALLOWED = {"psycopg"}


def test_the_checker_imports_the_standard_library_and_the_driver_alone() -> None:
    files = sorted((ROOT / CHECKER.replace(".", "/")).glob("*.py"))
    assert len(files) > 2
    found = [
        f"{place(path, node)}: {name}"
        for path in files
        for node in ast.walk(parse(path))
        for name in names(node)
        if not is_allowed(name)
    ]
    assert not found, "\n".join(found)


def test_an_import_of_the_product_is_found() -> None:
    (node,) = ast.parse("from sessions_app.models import Session").body
    assert [name for name in names(node) if not is_allowed(name)] == ["sessions_app.models"]


def names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or "a relative import"]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def is_allowed(name: str) -> bool:
    top = name.partition(".")[0]
    return top in sys.stdlib_module_names or top in ALLOWED or name.startswith(CHECKER)
