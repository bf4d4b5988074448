"""What a visitor notices while Redis is away: nothing. Killed processes: see tests/faults."""

from tests.gateway.house import furnish
from tests.ground.ground import Ground

FIRST = "I need a repair, my name is Ann Smith"


def test_a_chat_goes_on_in_every_tab_of_a_gateway_while_redis_is_away(ground: Ground) -> None:
    house = furnish(ground)
    with ground.runner(), ground.gateway(REDIS_URL="redis://127.0.0.1:1/0"):
        visitor = house.visitor()
        with visitor.socket() as first, visitor.socket() as second:
            client_id = first.say(FIRST)
            assert first.reply_to(client_id)["text"] == second.reply_to(client_id)["text"]
        assert visitor.say("ann@example.com")["status"] == "completed"
