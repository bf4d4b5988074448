"""Failpoints break a process where a test says, and nowhere else."""

import os
import signal
import subprocess
import sys

import pytest

from ai_bridge.failpoints import parse
from tests.ground.environment import ROOT

SCRIPT = """
from ai_bridge.failpoints import reach
for turn in (1, 2, 3):
    reach("other")
    reach("here")
    print(turn, flush=True)
"""


def test_an_unarmed_process_passes_every_point() -> None:
    assert run("").stdout.split() == ["1", "2", "3"]


def test_a_point_kills_the_process_at_the_hit_that_was_named() -> None:
    done = run("here:kill@2")
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split() == ["1"]


def test_a_point_without_a_hit_kills_at_the_first() -> None:
    assert run("here:kill").stdout == ""


def test_outside_the_test_ground_an_armed_process_does_not_start() -> None:
    done = run("here:kill", ground="")
    assert done.returncode == 1
    assert "CHATSAAS_FAILPOINTS is set outside the test ground" in done.stderr


@pytest.mark.parametrize("text", ["here", "here:explode", ":kill", "here:kill@soon"])
def test_a_misspelt_failpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not NAME:ACTION"):
        parse(text)


def run(armed: str, ground: str = "1") -> subprocess.CompletedProcess[str]:
    variables = {"CHATSAAS_FAILPOINTS": armed, "CHATSAAS_TEST_GROUND": ground}
    command = [sys.executable, "-c", SCRIPT]
    environment = os.environ | variables
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
