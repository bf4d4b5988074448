"""A crowd at the door holds up nobody who is inside."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import httpx

from chatsaas.servers.process import wait_until
from chatsaas.servers.served import Served
from sessions_app.arriving import AT_ONCE
from tests.gateway.house import furnish
from tests.gateway.visitor import SECONDS, Tab, Visitor, open_socket
from tests.ground.ground import Ground
from tests.ground.server import connect

# More than the gateway has threads or connections for.
CROWD = 40
LONG_MS = "600000"
WAITING = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'"""


def test_a_turn_is_answered_while_a_crowd_waits_to_be_greeted(ground: Ground) -> None:
    house = furnish(ground)
    with ground.runner(), patient_gateway(ground), ExitStack() as stack:
        inside, others = house.visitor(), house.visitor(house.globex)
        tab = stack.enter_context(inside.socket())
        tab.reply_to(tab.say("I need a repair"))
        with websites_locked(ground):
            crowd(ground, stack, others)
            reply = tab.reply_to(tab.say("my name is Ann Smith"))
    assert reply["role"] == "assistant"


def test_who_waits_hears_a_sign_of_life_and_who_has_gone_is_forgotten(ground: Ground) -> None:
    house = furnish(ground)
    with patient_gateway(ground), ExitStack() as stack:
        others = house.visitor(house.globex)
        with websites_locked(ground):
            *early, last = crowd(ground, stack, others)
            assert last.receive() == {"type": "pong"}
            for tab in early:
                tab.connection.close()
        assert last.until(lambda frame: frame["type"] == "ready")["session"] == others.session
        assert wait_until(lambda: open_sockets(house.url) == 1, SECONDS)


def patient_gateway(ground: Ground) -> AbstractContextManager[Served]:
    """Its statements wait for a lock as long as a test may hold it."""
    return ground.gateway(DATABASE_LOCK_TIMEOUT_MS=LONG_MS, DATABASE_STATEMENT_TIMEOUT_MS=LONG_MS)


def crowd(ground: Ground, stack: ExitStack, visitor: Visitor) -> list[Tab]:
    """Many tabs that have said hello, none of them answered; all but the first wait in line."""
    tabs = [
        Tab(stack.enter_context(open_socket(visitor.url, visitor.origin))) for _ in range(CROWD)
    ]
    for tab in tabs[:AT_ONCE]:
        tab.send(type="hello", token=visitor.token)
    assert wait_until(lambda: len(ground.database.query(WAITING)) >= AT_ONCE, SECONDS)
    for tab in tabs[AT_ONCE:]:
        tab.send(type="hello", token=visitor.token)
    return tabs


def open_sockets(url: str) -> int:
    """Those that the gateway still keeps something for, whoever has gone."""
    said = httpx.get(f"{url}/metrics", timeout=SECONDS).text
    found = re.search(r"^chat_sockets(?:\{.*\})? (\S+)$", said, re.MULTILINE)
    assert found, said
    return int(float(found[1]))


@contextmanager
def websites_locked(ground: Ground) -> Iterator[None]:
    """Nobody of the second customer is greeted meanwhile: who comes in asks for the website."""
    with connect(ground.database.url) as owner, owner.transaction():
        owner.execute("LOCK TABLE t_globex.workspace_website")
        yield
