"""What breaks things refuses to start on a database that chaos did not make."""

import subprocess
import sys

import pytest

from tests.ground.environment import ROOT
from tests.ground.ground import Ground

LOADED = {
    "gateway": "import chatsaas.chaos.naive.gateway",
    "runner": "import chatsaas.chaos.naive.runner",
    "worker": (
        "import django; django.setup(); from chatsaas.chaos.naive.unleased import remove; remove()"
    ),
    "relay": (
        "import django; django.setup(); from chatsaas.chaos.naive.careless import remove; remove()"
    ),
}


@pytest.mark.parametrize("part", list(LOADED))
def test_the_control_does_not_start_without_the_scratch_mark(ground: Ground, part: str) -> None:
    marked = load(ground, LOADED[part])
    assert marked.returncode == 0, marked.stderr
    ground.database.query("DROP SCHEMA chatsaas_scratch CASCADE")
    refused = load(ground, LOADED[part])
    assert refused.returncode == 1
    assert "does not carry the mark of a scratch database" in refused.stderr


def load(ground: Ground, code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    environment = ground.environment()
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
