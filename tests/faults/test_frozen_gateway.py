"""A gateway frozen before it records a turn comes back after another has answered it."""

import os
import signal
from contextlib import ExitStack

import pytest

from tests.faults.ledger import LINES, Ledger
from tests.faults.persistence import say_until_answered
from tests.gateway.house import furnish
from tests.ground.ground import Ground

FENCED, UNFENCED = "chatsaas.asgi:application", "tests.faults.unfenced:application"


# Between two statements of a transaction, which has the session's row locked.
INSIDE = "gateway_inside_finish:stop@2"
BEFORE = "gateway_before_finish:stop@2"


def ledger_after_a_freeze(ground: Ground, application: str, failpoints: str = BEFORE) -> Ledger:
    with ExitStack() as stack:
        house = furnish(ground)
        stack.enter_context(ground.runner())
        other = stack.enter_context(ground.gateway(second=True))
        stack.enter_context(ground.worker(beat=True))
        frozen = stack.enter_context(ground.gateway(application=application, failpoints=failpoints))
        visitor = house.visitor()
        visitor.say(LINES[0])
        urls = (frozen.url, other.url)
        say_until_answered(visitor, LINES[1], urls=urls)
        os.kill(frozen.pid, signal.SIGCONT)
        # By the time that a whole turn went through it, the late one has been written or refused.
        say_until_answered(visitor, LINES[2], urls=(frozen.url,))
        return Ledger(ground.database, visitor.session_hex)


@pytest.mark.parametrize("point", [BEFORE, INSIDE])
def test_what_comes_back_from_a_freeze_writes_nothing_any_more(ground: Ground, point: str) -> None:
    ledger_after_a_freeze(ground, FENCED, point).check(LINES[:3])


def test_without_the_fence_the_same_check_fails(ground: Ground) -> None:
    with pytest.raises(AssertionError, match=r"one reply a turn|== \["):
        ledger_after_a_freeze(ground, UNFENCED).check(LINES[:3])
