"""Failpoints break a process where a test says, and nowhere else."""

import signal
import subprocess
import sys

import pytest

from ai_bridge.failpoints import parse
from ai_bridge.scratch import NotScratch, write_mark
from tests.ground.environment import ROOT
from tests.ground.ground import Ground

SCRIPT = """
from ai_bridge.failpoints import reach
for turn in (1, 2, 3):
    reach("other")
    reach("here")
    print(turn, flush=True)
"""


def test_an_unarmed_process_passes_every_point(ground: Ground) -> None:
    assert run(ground, "").stdout.split() == ["1", "2", "3"]


def test_a_point_kills_the_process_at_the_hit_that_was_named(ground: Ground) -> None:
    done = run(ground, "here:kill@2")
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split() == ["1"]


def test_a_point_without_a_hit_kills_at_the_first(ground: Ground) -> None:
    assert run(ground, "here:kill").stdout == ""


@pytest.mark.parametrize("token", ["", "another token"])
def test_without_the_databases_own_token_an_armed_process_does_not_start(
    ground: Ground, token: str
) -> None:
    done = run(ground, "here:kill", CHATSAAS_TEST_GROUND=token)
    assert done.returncode == 1
    assert "CHATSAAS_FAILPOINTS is set outside the test ground" in done.stderr


def test_on_a_database_without_the_mark_an_armed_process_does_not_start(ground: Ground) -> None:
    ground.database.query("DROP SCHEMA chatsaas_scratch CASCADE")
    done = run(ground, "here:kill")
    assert done.returncode == 1
    assert "CHATSAAS_FAILPOINTS is set outside the test ground" in done.stderr


def test_a_database_with_tables_cannot_be_marked(ground: Ground) -> None:
    ground.database.query("DROP SCHEMA chatsaas_scratch CASCADE")
    with pytest.raises(NotScratch, match="Only an empty database"):
        write_mark(ground.database.url, "1")


@pytest.mark.parametrize("text", ["here", "here:explode", ":kill", "here:kill@soon"])
def test_a_misspelt_failpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not NAME:ACTION"):
        parse(text)


def run(ground: Ground, armed: str, **changes: str) -> subprocess.CompletedProcess[str]:
    variables = {"CHATSAAS_FAILPOINTS": armed, **changes}
    command = [sys.executable, "-c", SCRIPT]
    environment = ground.environment() | variables
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
