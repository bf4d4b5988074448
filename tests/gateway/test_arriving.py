"""A crowd at the door holds up nobody who is inside."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from chatsaas.servers.process import wait_until
from sessions_app.arriving import AT_ONCE
from tests.gateway.house import furnish
from tests.gateway.visitor import SECONDS, Visitor, open_socket
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
    with ground.runner(), ground.gateway(DATABASE_LOCK_TIMEOUT_MS=LONG_MS), ExitStack() as stack:
        inside, others = house.visitor(), house.visitor(house.globex)
        tab = stack.enter_context(inside.socket())
        tab.reply_to(tab.say("I need a repair"))
        with websites_locked(ground):
            crowd(stack, others)
            assert wait_until(lambda: len(ground.database.query(WAITING)) >= AT_ONCE, SECONDS)
            reply = tab.reply_to(tab.say("my name is Ann Smith"))
    assert reply["role"] == "assistant"


def crowd(stack: ExitStack, visitor: Visitor) -> None:
    """Many tabs that have said hello; none of them is answered yet."""
    for _ in range(CROWD):
        connection = stack.enter_context(open_socket(visitor.url, visitor.origin))
        connection.send(json.dumps({"type": "hello", "token": visitor.token}))


@contextmanager
def websites_locked(ground: Ground) -> Iterator[None]:
    """Nobody of the second customer is greeted meanwhile: who comes in asks for the website."""
    with connect(ground.database.url) as owner, owner.transaction():
        owner.execute("LOCK TABLE t_globex.workspace_website")
        yield
