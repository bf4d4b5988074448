"""Files and functions stay small enough to be read in one go."""

import ast
from collections.abc import Iterator

from tests.architecture.source import parse, place, product_files

FILE_LINES, FUNCTION_LINES, LEVELS = 400, 50, 3
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def test_no_file_is_longer_than_the_house_allows() -> None:
    # A migration is written by a command and lists every column: its length says nothing.
    written = [path for path in product_files() if path.parent.name != "migrations"]
    assert not [path for path in written if len(path.read_text().splitlines()) > FILE_LINES]


def test_no_function_is_longer_or_deeper_than_the_house_allows() -> None:
    found = [
        f"{place(path, node)} {node.name}: {fault}"
        for path in product_files()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for fault in faults(node)
    ]
    assert not found, "\n".join(found)


def test_a_long_and_a_deep_function_are_found() -> None:
    long = ast.parse("def f():\n" + "    a = 1\n" * 60).body[0]
    deep = ast.parse("def f():\n if a:\n  for b in c:\n   while d:\n    with e:\n     pass").body[0]
    flat = ast.parse("def f():\n if a:\n  pass\n elif b:\n  pass\n elif c:\n  pass").body[0]
    assert list(faults(long))
    assert list(faults(deep))
    assert not list(faults(flat))


def faults(function: ast.stmt) -> Iterator[str]:
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    length = (function.end_lineno or 0) - function.lineno + 1
    if length > FUNCTION_LINES:
        yield f"{length} lines"
    if (depth := max(map(_depth, function.body))) > LEVELS:
        yield f"{depth} levels"


def _depth(node: ast.AST) -> int:
    inner = max((_depth(child) for child in _below(node)), default=0)
    return inner + isinstance(node, BRANCHES)


def _below(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        is_elif = isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)
        if is_elif:
            # `elif` is a branch beside, not below; to the parser it is an `if` inside an `else`.
            yield from ast.iter_child_nodes(child)
        elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield child
