"""Whatever an endpoint does, the visitor gets the rules' sound answer, and the turn says so."""

import pytest

from ai_bridge.contract import Usage
from ai_bridge.runner.model.breaker import FAILURES, REST_SECONDS, Breaker
from tests.runner.model.speaking import Speaker, by_model
from tests.runner.talk import Talk, values

MESSAGE = "My name is Ann Lee and water drips on my bed"
# Short where the fault is that the answer takes for ever.
FAULTS = {
    "slow": ("timeout", 700),
    "drip": ("timeout", 700),
    "garbage": ("not_json", 6_000),
    "truncated": ("truncated", 6_000),
    "whitespace": ("truncated", 6_000),
    "ignores-schema": ("not_json", 6_000),
    "limited": ("rate_limited", 6_000),
    "broken": ("server_error", 6_000),
    "locked": ("unauthorised", 6_000),
    "moved": ("not_an_answer", 6_000),
    "cut": ("cut_off", 6_000),
    "large": ("too_large", 6_000),
    "empty": ("not_an_answer", 6_000),
    "none": ("not_an_answer", 6_000),
    "bomb": ("not_an_answer", 6_000),
    "stubborn": ("refused", 6_000),
}


@pytest.mark.parametrize("behaviour", FAULTS)
async def test_rules_answer_when_the_endpoint_fails(speaker: Speaker, behaviour: str) -> None:
    trouble, patience = FAULTS[behaviour]
    told = speaker.with_model(behaviour, timeout_ms=patience)
    done = await told.say(MESSAGE)
    alone = await Talk(speaker.client).say(MESSAGE)

    assert (done.degraded, done.trouble) == (True, trouble)
    assert done.heard is None
    assert done.reply == alone.reply
    assert values(done) == values(alone) == {"name": "Ann Lee"}
    assert done.state_hash == alone.state_hash
    assert told.asked(), "The endpoint was never asked."


async def test_an_endpoint_that_is_not_there_is_no_reason_to_wait(speaker: Speaker) -> None:
    told = speaker.with_model("good", base_url="http://127.0.0.1:1/v1")
    done = await told.say(MESSAGE)
    assert (done.trouble, values(done)) == ("connect", {"name": "Ann Lee"})


@pytest.mark.parametrize("behaviour", ["broken-once", "limited-once"])
async def test_one_retry_helps_over_a_moment_of_weakness(speaker: Speaker, behaviour: str) -> None:
    told = speaker.with_model(behaviour)
    done = await told.say(MESSAGE)
    assert not done.degraded
    assert by_model(done)["service"] == ("repair", "drips")
    assert len(told.asked()) == 2


@pytest.mark.parametrize(("behaviour", "requests"), [("broken", 2), ("limited", 1), ("locked", 1)])
async def test_no_more_than_one_retry_is_made_and_none_past_the_deadline(
    speaker: Speaker, behaviour: str, requests: int
) -> None:
    told = speaker.with_model(behaviour)
    await told.say(MESSAGE)
    assert len(told.asked()) == requests


async def test_a_second_try_mends_an_answer_that_was_no_json(speaker: Speaker) -> None:
    told = speaker.with_model("garbage-once")
    done = await told.say(MESSAGE)
    first, second = told.asked()
    assert by_model(done)["service"] == ("repair", "drips")
    assert done.usage == Usage(input_tokens=200, output_tokens=40)
    assert "no JSON object" in second["body"]["messages"][-1]["content"]
    assert len(second["body"]["messages"]) == len(first["body"]["messages"]) + 2


async def test_after_some_failures_in_a_row_the_endpoint_is_left_alone(speaker: Speaker) -> None:
    told = speaker.with_model("locked")
    for _ in range(FAILURES):
        assert (await told.say("hello")).trouble == "unauthorised"
    done = await told.say(MESSAGE)
    assert (done.trouble, values(done)) == ("resting", {"name": "Ann Lee"})
    assert len(told.asked()) == FAILURES


async def test_one_connection_s_failures_do_not_rest_another_s(speaker: Speaker) -> None:
    told = speaker.with_model("broken-once")
    other = told.provider.model_copy(update={"api_key": "another"})
    for _ in range(FAILURES):
        speaker.client._runner.models._open().endpoint(other).breaker.failed()  # type: ignore[attr-defined]
    assert not (await told.say(MESSAGE)).degraded


def test_after_its_rest_one_call_decides_for_all() -> None:
    now = 0.0
    breaker = Breaker(lambda: now)
    for _ in range(FAILURES):
        assert breaker.may_ask()
        breaker.failed()
    assert not breaker.may_ask()
    now = REST_SECONDS
    assert [breaker.may_ask(), breaker.may_ask()] == [True, False]
    breaker.failed()
    assert not breaker.may_ask()
    now *= 2
    assert breaker.may_ask()
    breaker.succeeded()
    assert breaker.may_ask()
    assert breaker.may_ask()


async def test_a_turn_with_little_time_left_does_not_ask_at_all(speaker: Speaker) -> None:
    told = speaker.with_model("good")
    done = await told.say(MESSAGE, deadline_ms=1_600)
    assert (done.trouble, values(done)) == ("too_late", {"name": "Ann Lee"})
    assert told.asked() == []


async def test_the_turn_s_deadline_bounds_the_model_s(speaker: Speaker) -> None:
    told = speaker.with_model("slow", timeout_ms=18_000)
    done = await told.say(MESSAGE, deadline_ms=2_500)
    assert (done.trouble, values(done)) == ("timeout", {"name": "Ann Lee"})
