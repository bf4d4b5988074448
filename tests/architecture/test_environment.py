"""`.env.example` and the code name the same variables."""

import ast
import re

import pytest

from tests.architecture.source import ROOT, calls, dotted, parse, product_files

# Read by the code, but not a setting of a deployment.
NOT_SETTINGS = {
    "CHATSAAS_DATA",
    "CHATSAAS_TEST_GROUND",
    "CHATSAAS_FAILPOINTS",
    "DJANGO_SETTINGS_MODULE",
}
READERS = {"getenv", "get", "setdefault", "pop"}


def test_every_variable_that_the_code_reads_is_explained_and_none_is_dead() -> None:
    read = {name for path in product_files() for name in variables_read(parse(path))}
    assert read - NOT_SETTINGS == explained()


def test_every_variable_of_the_example_has_a_line_that_explains_it() -> None:
    text = (ROOT / ".env.example").read_text()
    bare = re.findall(r"(?:^|\n)\n#? ?([A-Z][A-Z0-9_]+)=", text)
    assert not bare, f"Without a comment above: {bare}"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import os\nos.environ['A_NAME']", "A_NAME"),
        ("import os\nos.environ.get('A_NAME')", "A_NAME"),
        ("import os\nos.getenv('A_NAME')", "A_NAME"),
        ("env = environ.Env()\nenv.bool('A_NAME', default=False)", "A_NAME"),
        ("env = environ.Env()\nenv('A_NAME')", "A_NAME"),
        ("def f(n, d):\n    return os.environ.get(n) or d\nf('A_NAME', 1)", "A_NAME"),
        ("class RunnerSettings(BaseSettings):\n    a_name: str = ''", "A_NAME"),
        (
            (
                "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='A_')\n"
                "    name: str = ''"
            ),
            "A_NAME",
        ),
    ],
)
def test_each_way_to_read_a_variable_is_seen(code: str, name: str) -> None:
    assert variables_read(ast.parse(code)) == {name}


def explained() -> set[str]:
    text = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))


def variables_read(tree: ast.Module) -> set[str]:
    readers = _own_readers(tree)
    names = {_called(call) for call in calls(tree)}
    names |= {_text(call.args[0]) for call in calls(tree) if dotted(call.func) in readers}
    names |= {_indexed(node) for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(
            dotted(base).endswith("BaseSettings") for base in node.bases
        ):
            names |= _fields(node)
    return names - {""}


def _own_readers(tree: ast.Module) -> set[str]:
    """Functions that read the variable whose name they are given first."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {
        function.name
        for function in functions
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and dotted(call.func).endswith("environ.get")
        and function.args.args
        and dotted(call.args[0]) == function.args.args[0].arg
    }


def _called(call: ast.Call) -> str:
    owner, _, method = dotted(call.func).rpartition(".")
    is_environ = owner.endswith("environ") and method in READERS
    is_env = owner == "env" or (method == "env" and not owner)
    if (is_environ or is_env or method == "getenv") and call.args:
        return _text(call.args[0])
    return ""


def _indexed(node: ast.Subscript) -> str:
    is_read = isinstance(node.ctx, ast.Load) and dotted(node.value).endswith("environ")
    return _text(node.slice) if is_read else ""


def _fields(settings: ast.ClassDef) -> set[str]:
    prefix = ""
    for call in (node for node in ast.walk(settings) if isinstance(node, ast.Call)):
        for keyword in call.keywords:
            prefix = _text(keyword.value) if keyword.arg == "env_prefix" else prefix
    fields = [node.target for node in settings.body if isinstance(node, ast.AnnAssign)]
    names = [target.id for target in fields if isinstance(target, ast.Name)]
    return {f"{prefix}{name}".upper() for name in names if name != "model_config"}


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
