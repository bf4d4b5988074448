"""Whatever an extractor claims, a value stands only on words that are in the message."""

from uuid import uuid4

from ai_bridge.contract import MessageInput, Operation, PastTurn
from ai_bridge.runner.extract.types import Extraction, Utterance
from ai_bridge.runner.local import LocalRunner
from ai_bridge.runner.pool import open_runner
from ai_bridge.runner.process import Runner
from ai_bridge.runner.settings import RunnerSettings
from tests.runner.talk import NOW, Talk, answer, values


def claim(path: str, value: object, quote: str, start: int | None = None) -> Operation:
    end = None if start is None else start + len(quote)
    return Operation(
        op="set", path=path, value=value, quote=quote, start=start, end=end, source="model"
    )


class Claims:
    """Stands for a model: it says the same of every message."""

    def __init__(self, *operations: Operation) -> None:
        self.operations = operations

    async def extract(self, utterance: Utterance) -> Extraction:
        return Extraction(self.operations)


async def test_a_value_whose_quote_is_not_in_the_message_is_refused_and_recorded(
    shared_settings: RunnerSettings,
) -> None:
    claims = Claims(claim("name", "Bob", "I am Bob"), claim("email", "a@b.example", ""))
    async with open_runner(shared_settings) as opened:
        talk = Talk(LocalRunner(Runner(opened.store, extractor=claims)))
        done = await talk.say("My name is Ann")

    assert values(done) == {}
    assert [(item.path, item.accepted, item.reason) for item in done.operations] == [
        ("name", False, "quote_not_found"),
        ("email", False, "quote_not_found"),
    ]


async def test_offsets_that_do_not_hold_the_quote_are_computed_anew(
    shared_settings: RunnerSettings,
) -> None:
    claims = Claims(claim("name", "Ann Lee", "Ann Lee", start=2))
    async with open_runner(shared_settings) as opened:
        talk = Talk(LocalRunner(Runner(opened.store, extractor=claims)))
        done = await talk.say("Hi 👋🏽 I am Ann Lee")

    evidence = done.fields[0].evidence
    assert (evidence.quote, evidence.start, evidence.end) == ("Ann Lee", 11, 18)


async def test_a_claimed_value_goes_through_the_same_normaliser_as_any_other(
    shared_settings: RunnerSettings,
) -> None:
    claims = Claims(
        claim("visit", "yesterday", "yesterday"),
        claim("phone", "(650) 253-0000", "(650) 253-0000"),
    )
    async with open_runner(shared_settings) as opened:
        talk = Talk(LocalRunner(Runner(opened.store, extractor=claims)))
        done = await talk.say("yesterday, (650) 253-0000")

    assert values(done) == {"phone": "+16502530000"}
    assert done.operations[0].reason == "past"


async def test_a_rebuilt_thread_uses_what_a_model_said_then_and_does_not_ask_again(
    shared_settings: RunnerSettings,
) -> None:
    said = PastTurn(
        request_id=uuid4(),
        input=MessageInput(text="They call me Ann Lee, not Bob"),
        now=NOW,
        locale="en",
        region="US",
        operations=(claim("name", "Ann Lee", "Ann Lee", 13), claim("email", "x@y.example", "x")),
    )
    async with open_runner(shared_settings) as opened:
        talk = Talk(LocalRunner(Runner(opened.store, extractor=Claims())), past=[said])
        done = await answer(talk.client, talk.healing(talk.request("Hello")))

    assert values(done) == {"name": "Ann Lee"}
    assert done.fields[0].evidence.message_id == said.request_id
