"""What every client may rely on, in process, over HTTP and as a function alike."""

from uuid import uuid4

import pytest

from ai_bridge.client import RunnerClient
from ai_bridge.contract import Delta, Done, MessageInput, MigrateInput, OperationEvent
from ai_bridge.errors import (
    DeadlineTooShort,
    InvalidTurn,
    StaleFence,
    TemplateInvalidError,
    TemplateRequired,
    ThreadClosed,
)
from ai_bridge.intake import template_hash
from tests.runner.talk import ROOF, Talk, answer, events_of, values

NOTE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Report",
    "type": "object",
    "properties": {
        "note": {"type": "string", "x-intake": {"kind": "text", "ask": "What happened?"}},
        "name": {"type": "string", "x-intake": {"kind": "name", "ask": "And your name?"}},
    },
    "required": ["note", "name"],
}


async def test_a_thread_that_the_runner_does_not_know_asks_for_the_template(
    client: RunnerClient,
) -> None:
    talk = Talk(client)

    with pytest.raises(TemplateRequired):
        await answer(client, talk.request("Hi"))
    done = await talk.say("My name is Ann Lee")
    later = await answer(client, talk.request("ann@example.com"))

    assert values(done) == {"name": "Ann Lee"}
    assert values(later) == {"name": "Ann Lee", "email": "ann@example.com"}


async def test_a_turn_tells_deltas_then_operations_then_one_done(client: RunnerClient) -> None:
    talk = Talk(client)
    await talk.say("Hello")

    told = await events_of(client, talk.request("I'm Ann Lee, ann@example.com"))

    done = told[-1]
    assert isinstance(done, Done)
    assert [event.operation.path for event in told if isinstance(event, OperationEvent)] == [
        "name",
        "email",
    ]
    pieces = "".join(event.text for event in told if isinstance(event, Delta))
    assert pieces in ("", done.reply.text)
    assert done.reply.asking == "service"
    assert [choice.label for choice in done.reply.choices] == ["Repair", "New roof", "Inspection"]
    assert (done.reply.progress.filled, done.reply.progress.required) == (2, 7)


async def test_the_same_request_id_is_answered_with_the_recorded_result(
    client: RunnerClient,
) -> None:
    talk = Talk(client)
    await talk.say("Hello")
    request = talk.request("My name is Ann Lee")

    first = await answer(client, request)
    other_words = request.model_copy(update={"input": MessageInput(text="My name is Bob Roe")})
    again = await answer(client, other_words)

    assert again == first
    assert len(await client.history(talk.thread_id)) == 2


async def test_a_lower_fence_than_the_last_seen_is_refused(client: RunnerClient) -> None:
    talk = Talk(client, fence=6)
    await talk.say("Hello")

    with pytest.raises(StaleFence):
        await answer(client, talk.request("My name is Ann Lee", fence=6))
    assert values(await talk.say("My name is Bob Roe")) == {"name": "Bob Roe"}


async def test_a_closed_thread_takes_no_turn_but_repeats_what_it_recorded(
    client: RunnerClient,
) -> None:
    talk = Talk(client)
    first = await talk.say("My name is Ann Lee")
    recorded = talk.request("", request_id=talk.past[0].request_id)

    await client.close(talk.thread_id, "visitor")
    await client.close(talk.thread_id, "idle")

    with pytest.raises(ThreadClosed):
        await answer(client, talk.request("ann@example.com"))
    assert await answer(client, recorded) == first


async def test_closing_or_erasing_an_unknown_thread_is_no_error(client: RunnerClient) -> None:
    await client.close("thread_unknown", "idle")
    await client.delete("thread_unknown")

    assert await client.history("thread_unknown") == ()


async def test_history_tells_every_committed_state_oldest_first(client: RunnerClient) -> None:
    talk = Talk(client)
    first = await talk.say("My name is Ann Lee")
    second = await talk.say("ann@example.com")

    history = await client.history(talk.thread_id)

    assert [state.checkpoint_id for state in history] == [first.checkpoint_id, second.checkpoint_id]
    assert [state.state_hash for state in history] == [first.state_hash, second.state_hash]
    assert [state.parent_id for state in history] == [None, first.checkpoint_id]
    assert history[1].fields == {"name": "Ann Lee", "email": "ann@example.com"}
    assert history[1].asking == "service"
    assert history[1].request_id == talk.past[1].request_id


async def test_an_erased_thread_is_gone_with_its_recorded_results(client: RunnerClient) -> None:
    talk = Talk(client)
    await talk.say("My name is Ann Lee")

    await client.delete(talk.thread_id)

    assert await client.history(talk.thread_id) == ()
    with pytest.raises(TemplateRequired):
        await answer(client, talk.request("", request_id=talk.past[0].request_id))


async def test_a_template_that_is_not_what_its_hash_says_is_refused(client: RunnerClient) -> None:
    talk = Talk(client)
    request = talk.request("Hello", template={**ROOF, "title": "Another"}, history=())

    with pytest.raises(TemplateInvalidError, match="hash"):
        await answer(client, request)


async def test_a_bad_template_is_refused_where_it_is_bad(client: RunnerClient) -> None:
    bad = {"type": "object", "properties": {"a": {"$ref": "https://example.com/schema"}}}
    talk = Talk(client, template=bad)

    with pytest.raises(TemplateInvalidError, match="/properties/a"):
        await answer(client, talk.healing(talk.request("Hello")))


async def test_too_little_time_is_refused_before_anything_is_done(client: RunnerClient) -> None:
    talk = Talk(client)
    request = talk.healing(talk.request("My name is Ann Lee", deadline_ms=50))

    with pytest.raises(DeadlineTooShort):
        await answer(client, request)
    assert await client.history(talk.thread_id) == ()


@pytest.mark.parametrize("thread_id", ["", "a\x00b", "t" * 201])
async def test_a_thread_id_that_cannot_be_stored_is_refused(
    client: RunnerClient, thread_id: str
) -> None:
    talk = Talk(client, thread_id=thread_id)

    with pytest.raises(InvalidTurn):
        await answer(client, talk.healing(talk.request("Hello")))


async def test_a_thread_moves_to_another_template_with_the_values_that_still_fit(
    client: RunnerClient,
) -> None:
    talk = Talk(client)
    first = await talk.say("My name is Ann Lee, ann@example.com")
    properties = {name: ROOF["properties"][name] for name in ("email", "service")}
    smaller = {**ROOF, "properties": properties, "required": ["email"]}
    for keyword in ("if", "then", "else"):
        del smaller[keyword]
    request = talk.request(MigrateInput(), template_hash=template_hash(smaller), template=smaller)

    moved = await answer(client, request)
    talk.template = smaller
    later = await answer(client, talk.request("an inspection please", request_id=uuid4()))

    assert values(moved) == {"email": "ann@example.com"}
    assert [(item.op, item.path) for item in moved.operations if item.op == "clear"] == [
        ("clear", "name")
    ]
    assert moved.fields[0].evidence == first.fields[1].evidence
    assert values(later) == {"email": "ann@example.com", "service": "inspection"}


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"], ids=ascii)
async def test_what_ends_a_line_elsewhere_may_stand_in_a_message(
    client: RunnerClient, separator: str
) -> None:
    talk = Talk(client, template=NOTE)
    await talk.say("Hello")
    said = f"The roof leaks above the kitchen{separator}since the storm"

    done = await talk.say(said)

    assert separator in done.operations[0].quote
