"""SIGKILL at each failpoint of a turn, with a client that retries: nothing lost or doubled."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from chatsaas.servers.process import wait_until
from chatsaas.servers.served import Served
from tests.faults.ledger import LINES, Ledger
from tests.faults.persistence import say_until_answered
from tests.faults.revival import Reviver, reviving
from tests.gateway.house import House, furnish
from tests.gateway.visitor import Visitor
from tests.ground.ground import Ground

GATEWAY_POINTS = (
    "gateway_after_store",
    "gateway_after_claim",
    "gateway_before_finish",
    "gateway_after_finish",
)
RUNNER_POINTS = ("runner_before_commit", "runner_after_commit")
WORKER_POINTS = (
    "worker_after_claim",
    "gateway_after_claim",
    "gateway_before_finish",
    "gateway_after_finish",
)
KILLED = "signal 9 (SIGKILL)"


@dataclass
class Stage:
    house: House
    gateway: Served
    runner: Served
    reviver: Reviver

    def ledger(self, visitor: Visitor) -> Ledger:
        return Ledger(self.house.ground.database, visitor.session_hex)


@pytest.fixture
def stage(ground: Ground) -> Iterator[Stage]:
    with ExitStack() as stack:
        house = furnish(ground)
        runner = stack.enter_context(ground.runner())
        gateway = stack.enter_context(ground.gateway())
        reviver = stack.enter_context(reviving(gateway, runner))
        yield Stage(house, gateway, runner, reviver)


def undisturbed_hashes(stage: Stage) -> list[str]:
    visitor = stage.house.visitor()
    for line in LINES:
        visitor.say(line)
    ledger = stage.ledger(visitor)
    ledger.check_finished()
    return ledger.state_hashes()


@pytest.mark.parametrize("process", ["gateway", "runner"])
def test_a_kill_at_each_point_of_a_turn_loses_and_doubles_nothing(
    stage: Stage, process: str
) -> None:
    expected = undisturbed_hashes(stage)
    points = GATEWAY_POINTS if process == "gateway" else RUNNER_POINTS
    served = stage.gateway if process == "gateway" else stage.runner
    visitor = stage.house.visitor()
    for number, line in enumerate(LINES):
        if number < len(points):
            stage.reviver.arm(served, f"{points[number]}:kill@1")
        say_until_answered(visitor, line)
    assert stage.reviver.deaths == {process: len(points)}
    ledger = stage.ledger(visitor)
    ledger.check_finished()
    assert ledger.state_hashes() == expected


@pytest.mark.parametrize("point", WORKER_POINTS)
def test_a_worker_killed_over_a_lapsed_turn_leaves_it_to_the_next(
    ground: Ground, point: str
) -> None:
    with ExitStack() as stack:
        house = furnish(ground)
        stack.enter_context(ground.runner())
        gateway = stack.enter_context(ground.gateway(failpoints="gateway_after_store:kill@1"))
        visitor, client_id = house.visitor(), str(uuid4())
        with pytest.raises(httpx.TransportError):
            visitor.post(LINES[0], client_id)
        ledger = Ledger(ground.database, visitor.session_hex)
        let_the_lease_run_out(ground)
        with ground.worker(failpoints=f"{point}:kill@1", beat=True) as doomed:
            wait_for(lambda: KILLED in doomed.said(1_000_000), "the worker to be killed")
        with ground.worker(beat=True):
            wait_for(lambda: ledger.is_answered(LINES[0]), "another worker to answer")
        gateway.start(CHATSAAS_FAILPOINTS="")
        say_until_answered(visitor, LINES[0], client_id=client_id)
        ledger.check(LINES[:1])


def let_the_lease_run_out(ground: Ground) -> None:
    """The dead gateway's at once; the worker's, which is what is tried here, in its own time."""
    ground.database.query("UPDATE t_acme.sessions_app_session SET lease_until = now()")
    ground.database.query("UPDATE tenants_due SET at = now()")


def wait_for(reached: Callable[[], bool], what: str) -> None:
    assert wait_until(reached, 120, pause=0.1), f"waited in vain for {what}"
