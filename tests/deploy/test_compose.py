"""What deploy/ says is true: its commands exist, its variables are read, its addresses meet."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from dotenv import dotenv_values

from chatsaas.serving import runner_command, worker_command
from tests.ground.environment import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if "build" in one}
# Of the stock image of PostgreSQL.
FOREIGN = {"POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"}
# Of the machine, all that a container has too.
BARE = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
ANSWERS = {
    "SECRET_KEY": "deployed-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "RUNNER_TOKEN": "deployed-too-0123456789-abcdefghijklmnopqrstuvwxyz",
    "POSTGRES_PASSWORD": "letters1and2digits",
    "PUBLIC_URL": "https://chat.example.com",
}


def words(service: str) -> list[str]:
    return str(SERVICES[service]["command"]).split()


def environment(service: str) -> dict[str, str]:
    """As compose would fill it in; an operator who did not answer gets its error."""
    return {name: fill(str(value)) for name, value in OURS[service]["environment"].items()}


def fill(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        name, otherwise = found[1], found[2] or ""
        if name in ANSWERS:
            return ANSWERS[name]
        assert not otherwise.startswith(":?"), f"{name} has to be set: {otherwise}"
        return otherwise.removeprefix(":-")

    return re.sub(r"\$\{(\w+)([^}]*)\}", one, text)


def test_every_service_of_ours_runs_a_command_that_exists() -> None:
    port = urlsplit(environment("gateway")["RUNNER_URL"]).port
    assert port
    assert ["python", *runner_command("0.0.0.0", port)[1:]] == words("runner")
    worker = ["python", *worker_command(concurrency=1)[1:5]]
    assert words("worker")[:6] == words("webhooks")[:6] == [*worker, "worker"]
    assert words("beat")[:6] == [*worker, "beat"]
    for service in ("install", "gateway"):
        assert words(service)[:2] == ["python", "manage.py"]
        assert words(service)[2] in get_commands()
    assert set(OURS) == {"install", "gateway", "runner", "worker", "webhooks", "beat"}


def test_every_variable_is_one_that_the_product_reads() -> None:
    explained = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    given = {name for service in OURS for name in environment(service)}
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "deploy" / "compose.yaml").read_text()))
    assert given | asked <= explained | FOREIGN
    # What the gateway can do, the runner must not be able to.
    assert not {"SECRET_KEY", "DATABASE_URL", "env_file"} & {
        *environment("runner"),
        *OURS["runner"],
    }


def test_the_addresses_meet() -> None:
    inside = environment("gateway")
    hosts = {urlsplit(inside[f"{name}_URL"]).hostname for name in ("RUNNER", "DATABASE", "REDIS")}
    assert hosts == {"runner", "postgres", "redis"} <= set(SERVICES)
    gateway = words("gateway")[words("gateway").index("--port") + 1]
    assert SERVICES["gateway"]["ports"] == [f"127.0.0.1:{gateway}:{gateway}"]
    exposed = re.search(r"^EXPOSE (.*)$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)
    assert exposed
    assert exposed[1].split() == [gateway, str(urlsplit(inside["RUNNER_URL"]).port)]


def test_every_queue_has_a_worker() -> None:
    served = {words(one)[words(one).index("--queues") + 1] for one in ("worker", "webhooks")}
    assert served == {queue.name for queue in settings.CELERY_TASK_QUEUES}


def test_no_secret_of_the_checkout_gets_into_an_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".state", ".git"} <= set(ignored)


def test_django_has_nothing_to_say_against_these_settings() -> None:
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**BARE, **environment("gateway")},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr


HOSTS = "from django.conf import settings; print(*settings.ALLOWED_HOSTS)"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (f"import chatsaas.asgi; {HOSTS}", "chat.example.com .chat.example.com 127.0.0.1\n"),
        ("import ai_bridge.runner.app", ""),
    ],
)
def test_what_the_example_leaves_empty_is_as_if_it_was_not_set(
    code: str, said: str, tmp_path: Path
) -> None:
    """Nor is anything written where the process starts."""
    example = {name: value or "" for name, value in dotenv_values(ROOT / ".env.example").items()}
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**BARE, **example, **environment("gateway"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (loaded.returncode, loaded.stdout) == (0, said), loaded.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_readme_starts_the_same_processes() -> None:
    readme = (ROOT / "README.md").read_text()
    for service in ("install", "gateway"):
        assert " ".join(words(service)) in readme
    assert "uvicorn ai_bridge.runner.app:app --port 8200 --no-access-log" in readme
    for part in ("worker", "beat"):
        assert f"celery --app chatsaas.celery {part}" in readme
