"""A process that a nursery forks is one of its own: it can be killed, heard and started again."""

import os
import sys
from pathlib import Path

import pytest

from chatsaas.chaos.forked import Forked, Nursery, open_nurseries
from chatsaas.servers.errors import ServerError
from chatsaas.servers.ports import LOOPBACK, find_port
from chatsaas.servers.served import answers

PROGRAM = "http.server"
UNBUFFERED = {**os.environ, "PYTHONUNBUFFERED": "1"}


def test_what_a_nursery_forks_is_killed_and_started_again_alone(tmp_path: Path) -> None:
    with open_nurseries({"web": [PROGRAM]}, UNBUFFERED, tmp_path) as nurseries:
        first, second = (served(nurseries["web"], tmp_path, name).start() for name in "ab")
        before = first.pid
        first.kill9()
        assert not first.is_alive()
        assert second.ready(second)
        assert first.start().pid != before
        assert first.said().count("Serving HTTP") == 1, "what it said since its last start"
        assert os.getsid(first.pid) == first.pid
    assert second.ready(second), "they outlive the nursery"
    for one in (first, second):
        one.stop()
        assert not one.is_alive()


def test_a_nursery_that_cannot_load_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(ServerError, match="No module named 'nowhere_to_be_found'"),
        open_nurseries({"web": ["nowhere_to_be_found"]}, os.environ, tmp_path),
    ):
        pass


def served(nursery: Nursery, folder: Path, name: str) -> Forked:
    port = find_port()
    command = (sys.executable, "-m", PROGRAM, "--bind", LOOPBACK, str(port))
    log = folder / f"{name}.log"
    return Forked(name, command, os.environ, log, answers("/"), port, nursery=nursery)
