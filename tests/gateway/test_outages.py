"""What a visitor notices of Redis that is away, and of PostgreSQL that was: nothing.

Killed processes: see tests/faults.
"""

from concurrent.futures import ThreadPoolExecutor

from tests.gateway.house import House, furnish
from tests.ground.ground import Ground

FIRST = "I need a repair, my name is Ann Smith"
# Ends all connections of other processes, as a crash does, and answers when they are gone.
CUT_ALL = """
SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


def test_a_chat_goes_on_in_every_tab_of_a_gateway_while_redis_is_away(ground: Ground) -> None:
    house = furnish(ground)
    with ground.runner(), ground.gateway(REDIS_URL="redis://127.0.0.1:1/0"):
        visitor = house.visitor()
        with visitor.socket() as first, visitor.socket() as second:
            client_id = first.say(FIRST)
            assert first.reply_to(client_id)["text"] == second.reply_to(client_id)["text"]
        assert visitor.say("ann@example.com")["status"] == "completed"


def test_connections_that_the_database_ended_cost_no_visitor_an_answer(ground: Ground) -> None:
    house = furnish(ground)
    with ground.runner(), ground.gateway():
        fill_the_pool(house)
        ended = ground.database.query(CUT_ALL)
        assert house.visitor().say(FIRST)["message"]["text"]
    assert len(ended) > 1


def fill_the_pool(house: House) -> None:
    """Visitors who come together, so that the gateway opens more than one connection."""
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda _: house.visitor(), range(24)))
