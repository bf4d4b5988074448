"""Processes of the ground start, die and are heard."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from chatsaas.heartbeat import seconds_since_beat
from chatsaas.servers.errors import ServerError
from chatsaas.servers.ports import find_port
from chatsaas.servers.process import find_process, wait_until
from chatsaas.servers.served import Served, answers, running
from tests.ground.environment import ROOT
from tests.ground.ground import Ground


def server_in(folder: Path) -> Served:
    port = find_port()
    command = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port))
    log = folder / "server.log"
    return Served("server", command, os.environ, log, answers("/pyproject.toml"), port)


def test_a_process_is_ready_when_it_is_started_and_gone_afterwards(tmp_path: Path) -> None:
    with running(server_in(tmp_path)) as served:
        assert httpx.get(f"{served.url}/pyproject.toml").status_code == 200
        process = find_process(served.pid)
    assert process
    assert not process.is_alive()


def test_a_killed_process_can_be_started_again_on_the_same_port(tmp_path: Path) -> None:
    with running(server_in(tmp_path)) as served:
        first = served.pid
        served.kill9()
        assert not served.is_alive()
        served.start()
        assert served.pid != first
        assert httpx.get(f"{served.url}/pyproject.toml").status_code == 200


def test_a_process_that_ends_while_starting_says_what_it_said(tmp_path: Path) -> None:
    served = server_in(tmp_path)
    served.command = (sys.executable, "-c", "raise SystemExit('no such thing')")
    with pytest.raises(ServerError, match="no such thing"), running(served):
        pass


def test_a_killed_process_takes_its_children_along(tmp_path: Path) -> None:
    script = "import os, time; print(os.fork(), flush=True); time.sleep(600)"
    log = tmp_path / "parent.log"
    # Either of the two may speak first.
    served = Served("parent", (sys.executable, "-c", script), os.environ, log, both_have_spoken)
    with running(served):
        children = [int(line) for line in served.said().split() if line != "0"]
        served.kill9()
        assert children
        # Killed with it, each of them ends in its own time.
        assert wait_until(lambda: not any(map(find_process, children)), 120, pause=0.1)


def test_nothing_outlives_a_process_that_was_killed(tmp_path: Path) -> None:
    log = tmp_path / "family.log"
    parent = subprocess.run([sys.executable, "-c", STARTS_AND_DIES, FAMILY, log], cwd=ROOT)
    assert parent.returncode == -signal.SIGKILL
    family = [int(line) for line in log.read_text().split()]
    assert len(family) == 2
    assert wait_until(lambda: not any(map(find_process, family)), 120, pause=0.1)


# A process and its child in a session of its own, where no signal to the group would reach it.
FAMILY = (
    "import os, time; os.fork() or os.setsid(); print(os.getpid(), flush=True); time.sleep(600)"
)
STARTS_AND_DIES = """
import os, sys
from pathlib import Path
from chatsaas.servers.served import Served
family, log = sys.argv[1:]
command = (sys.executable, "-c", family)
has_spoken = lambda served: len(served.said().split()) == 2
Served("family", command, os.environ, Path(log), has_spoken).start()
os.kill(os.getpid(), 9)
"""


def both_have_spoken(served: Served) -> bool:
    return len(served.said().split()) == 2


@pytest.fixture
def ground(ground: Ground) -> Ground:
    """Here from nothing, as a deploy starts them."""
    ground.from_nothing = True
    return ground


def test_the_runner_runs_on_the_tests_database(ground: Ground) -> None:
    with ground.runner() as runner:
        assert httpx.get(f"{runner.url}/readyz").status_code == 200
        in_use = ground.database.query(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND usename = 'ground_runner'"
        )
        assert in_use[0][0] > 0
        os.kill(runner.pid, signal.SIGTERM)
        assert runner.wait() in (0, -signal.SIGTERM)


def test_gateway_and_runner_find_each_other_and_the_tests_servers(ground: Ground) -> None:
    with ground.runner(), ground.gateway() as gateway, ground.gateway(second=True) as second:
        assert gateway.port != second.port
        for served in (gateway, second):
            answer = httpx.get(f"{served.url}/readyz")
            assert answer.status_code == 200, answer.text


def test_the_worker_takes_tasks_of_this_test_alone(ground: Ground) -> None:
    with ground.worker(beat=True) as worker:
        assert wait_until(lambda: seconds_since_beat() is not None, 120), worker.said()


def test_a_new_ground_has_an_empty_redis(ground: Ground) -> None:
    assert seconds_since_beat() is None
