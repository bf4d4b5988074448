"""The runner is deployed alone: nothing of the gateway comes with it."""

import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

FORBIDDEN = (
    "django",
    "channels",
    "celery",
    "rest_framework",
    "tenants",
    "sessions_app",
    "chatsaas",
)

# Compiled at import, for a second and more: what a start cannot afford.
SLOW_TO_LOAD = {"lark", "rfc3987_syntax"}
MODEL_CLIENTS = {"openai", "anthropic", "langchain", "langchain_openai", "tiktoken"}

SCRIPT = """
import importlib, sys
importlib.import_module(sys.argv[1])
print("\\n".join(sys.modules))
"""


@pytest.mark.parametrize("module", ["ai_bridge.runner.app", "ai_bridge.runner.lambda_handler"])
def test_the_runner_loads_no_django_and_no_model_s_client(module: str) -> None:
    loaded = loaded_by(module)
    assert "ai_bridge" in loaded
    assert not loaded.intersection(FORBIDDEN)
    assert not loaded.intersection(SLOW_TO_LOAD)
    # A client costs seconds of start-up; a turn that brings a provider loads the one it needs.
    assert not loaded.intersection(MODEL_CLIENTS)
    assert "ai_bridge.runner.models" in loaded
    assert not [name for name in loaded if name.startswith("ai_bridge.runner.model.")]


def test_the_client_alone_loads_no_graph() -> None:
    # A gateway that talks HTTP to its runner must not pay for LangGraph in every process.
    assert "langgraph" not in loaded_by("ai_bridge.client")


def test_a_module_with_django_is_noticed() -> None:
    assert "django" in loaded_by("tenants.apps")


TRACED = """
from langsmith.utils import tracing_is_enabled
before = tracing_is_enabled()
import ai_bridge.runner.graph
print(before, tracing_is_enabled())
"""


def test_what_visitors_say_is_traced_nowhere_whatever_the_environment_says() -> None:
    wishes = {
        f"{maker}_TRACING{v}": "true" for maker in ("LANGSMITH", "LANGCHAIN") for v in ("", "_V2")
    }
    command = [sys.executable, "-c", TRACED]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **wishes}, capture_output=True, text=True
    )
    assert done.stdout == "True False\n", done.stderr


def loaded_by(module: str) -> set[str]:
    """The modules that a fresh process has after importing this one."""
    command = [sys.executable, "-c", SCRIPT, module]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())
