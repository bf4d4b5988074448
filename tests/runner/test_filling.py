"""How the conversation goes: what is asked, what is said back, and how it ends."""

from collections.abc import AsyncIterator

import psycopg
import pytest

from ai_bridge.client import RunnerClient
from ai_bridge.contract import Done, PrefillInput
from ai_bridge.errors import ThreadClosed
from ai_bridge.intake import compile_template
from ai_bridge.runner.local import local_runner
from ai_bridge.runner.settings import RunnerSettings
from tests.runner.talk import ROOF, Talk, values

READY = {
    "name": "Ann Lee",
    "email": "ann@example.com",
    "service": "repair",
    "visit": "2026-03-14",
    "address.street": "12 Oak Street",
    "address.city": "Springfield",
    "urgent": False,
    "phone": "+16502530000",
}


@pytest.fixture
async def visitor(shared_settings: RunnerSettings) -> AsyncIterator[Talk]:
    async with local_runner(shared_settings) as local:
        yield Talk(local)


async def give(talk: Talk, *without: str) -> Done:
    known = {path: value for path, value in READY.items() if path not in without}
    return await talk.give(PrefillInput(values=known))


async def test_what_is_known_is_never_asked_for(visitor: Talk) -> None:
    done = await give(visitor, "email", "urgent")

    assert done.reply.asking == "email"
    assert (await visitor.say("ann@example.com")).reply.asking == "urgent"


async def test_several_fields_of_one_message_are_said_back_in_one_line(visitor: Talk) -> None:
    await visitor.say("Hello")

    done = await visitor.say("I'm Ann Lee and my email is ann@example.com")

    assert done.reply.text == "Thanks, Ann Lee. Email noted. What can we do for you?"


async def test_a_value_that_is_said_again_is_no_failed_answer(visitor: Talk) -> None:
    await give(visitor, "email")

    for _ in range(6):
        done = await visitor.say("I need a repair")

    assert (done.reply.asking, done.status) == ("email", "open")
    assert done.reply.text.endswith("What's your email?")
    assert "Sorry" in (await visitor.say("repair-12345")).reply.text


async def test_every_value_carries_the_very_words_it_came_from(visitor: Talk) -> None:
    text = "My name is Ann Lee and my email is ann@example.com"
    done = await visitor.say(text)

    for held in done.fields:
        assert held.evidence.quote == text[held.evidence.start : held.evidence.end]
        assert held.evidence.message_id == visitor.past[0].request_id
    assert len(done.fields) == 2


async def test_a_date_is_said_back_in_words(visitor: Talk) -> None:
    await give(visitor, "visit")

    assert "Saturday 14 March 2026" in (await visitor.say("14 March")).reply.text


async def test_a_refused_value_is_explained_and_asked_for_in_other_words(visitor: Talk) -> None:
    await give(visitor, "visit")

    done = await visitor.say("yesterday")

    refused = done.operations[0]
    assert (refused.path, refused.accepted, refused.reason) == ("visit", False, "past")
    assert "in the past" in done.reply.text
    assert done.reply.text.endswith("Which day shall we come?")


async def test_an_unanswered_question_climbs_its_ladder_and_ends_with_a_person(
    visitor: Talk,
) -> None:
    await give(visitor, "visit")

    said = [await visitor.say("blah blah") for _ in range(4)]

    assert "Which day shall we come?" in said[0].reply.text
    assert "Please give a date such as 14 March." in said[1].reply.text
    assert [choice.label for choice in said[2].reply.choices] == ["Talk to a person"]
    assert [done.status for done in said] == ["open", "open", "open", "handoff"]


async def test_an_optional_field_is_skipped_and_never_asked_again(visitor: Talk) -> None:
    await give(visitor, "phone")

    done = await visitor.say("skip")

    assert [(item.op, item.path) for item in done.operations] == [("decline", "phone")]
    assert "Is everything right?" in done.reply.text


async def test_a_required_field_refused_twice_goes_to_a_person(visitor: Talk) -> None:
    await give(visitor, "email")

    first = await visitor.say("I'd rather not say")
    second = await visitor.say("I'd rather not say")

    assert "So we can send the quote." in first.reply.text
    assert (first.status, second.status) == ("open", "handoff")


async def test_why_is_answered_with_the_templates_reason_and_the_question_stays(
    visitor: Talk,
) -> None:
    await give(visitor, "email")

    done = await visitor.say("Why do you need that?")

    assert done.reply.text == "So we can send the quote. What's your email?"


async def test_going_back_asks_the_field_before_again(visitor: Talk) -> None:
    await visitor.say("My name is Ann Lee")
    await visitor.say("ann@example.com")

    assert (await visitor.say("go back")).reply.asking == "email"
    done = await visitor.say("ann2@example.com")

    assert values(done)["email"] == "ann2@example.com"
    assert done.operations[0].op == "correct"


async def test_a_value_whose_condition_stopped_holding_is_dropped_with_its_reason(
    visitor: Talk,
) -> None:
    await give(visitor, "service")
    await visitor.say("a new roof")
    await visitor.say("9000 dollars")

    done = await visitor.edit("service", "repair")

    assert "budget" not in values(done)
    assert [(item.path, item.reason) for item in done.operations if item.op == "clear"] == [
        ("budget", "no longer applies")
    ]


async def test_the_summary_is_corrected_and_confirmed_into_a_valid_document(
    visitor: Talk,
) -> None:
    summary = await give(visitor)
    corrected = await visitor.say("the visit should be on 16 March")
    done = await visitor.say("Yes")

    assert "- Email: ann@example.com" in summary.reply.text
    assert "Monday 16 March 2026" in corrected.reply.text
    assert done.status == "completed"
    assert done.reply.text == "Thanks Ann Lee, we'll call you."
    assert done.document is not None
    assert compile_template(ROOF).problems_of(done.document) == ()
    assert done.document["address"] == {"street": "12 Oak Street", "city": "Springfield"}


async def test_a_no_to_the_summary_asks_what_to_change_and_a_fields_name_asks_for_it(
    visitor: Talk,
) -> None:
    await give(visitor)

    assert "What should I change?" in (await visitor.say("No")).reply.text
    assert (await visitor.say("Email")).reply.asking == "email"
    assert "Is everything right?" in (await visitor.say("ann2@example.com")).reply.text


async def test_staff_may_correct_a_finished_intake_and_the_document_follows(
    visitor: Talk,
) -> None:
    await give(visitor)
    await visitor.say("Yes")

    done = await visitor.correct("name", "Anne Lee")

    assert done.status == "completed"
    assert done.document is not None
    assert done.document["name"] == "Anne Lee"
    assert done.fields[0].evidence.method == "staff"


async def test_an_edit_that_does_not_fit_is_refused_and_recorded(visitor: Talk) -> None:
    await give(visitor)

    done = await visitor.edit("email", "no address")
    unknown = await visitor.edit("shoe_size", 43)

    assert values(done)["email"] == "ann@example.com"
    assert [item.accepted for item in done.operations] == [False]
    assert unknown.operations[0].reason == "unknown field"


async def test_asking_for_a_person_hands_the_thread_over(visitor: Talk) -> None:
    await visitor.say("Hello")

    assert (await visitor.say("I want to talk to a human")).status == "handoff"


async def test_cancelling_closes_the_thread_once_it_is_confirmed(visitor: Talk) -> None:
    await give(visitor, "email")

    asked = await visitor.say("cancel please")
    done = await visitor.say("Yes, stop")

    assert (asked.status, asked.reply.asking) == ("open", None)
    assert [choice.label for choice in asked.reply.choices] == ["Yes, stop", "No, go on"]
    assert (done.status, done.close_reason) == ("closed", "cancelled")
    with pytest.raises(ThreadClosed):
        await visitor.say("Hello?")


async def test_cancelling_an_empty_thread_closes_it_at_once(visitor: Talk) -> None:
    await visitor.say("Hello")

    assert (await visitor.say("Cancel")).status == "closed"


async def test_whoever_stays_is_asked_where_it_stopped(visitor: Talk) -> None:
    await give(visitor, "urgent")
    await visitor.say("stop")

    done = await visitor.say("No, go on")

    assert (done.status, done.reply.text) == ("open", "Is it urgent?")
    assert "urgent" not in values(done)


async def test_more_messages_than_the_template_allows_close_the_thread(
    shared_settings: RunnerSettings,
) -> None:
    settings = {**ROOF["x-intake"], "max_turns": 2}
    async with local_runner(shared_settings) as local:
        visitor = Talk(local, template={**ROOF, "x-intake": settings})
        await visitor.say("Hello")
        done = await visitor.say("Hello")

    assert (done.status, done.close_reason) == ("closed", "limits")


async def test_starting_over_forgets_every_value(visitor: Talk) -> None:
    await give(visitor, "email")

    done = await visitor.say("start over")

    assert values(done) == {}
    assert done.reply.asking == "name"


async def test_the_bytes_of_a_turn_do_not_grow_with_the_conversation(
    local: RunnerClient, settings: RunnerSettings
) -> None:
    visitor = Talk(local, template={**ROOF, "x-intake": {**ROOF["x-intake"], "max_turns": 500}})
    await give(visitor, "email")
    for _ in range(60):
        await visitor.say("why?")

    with psycopg.connect(settings.database_url.get_secret_value()) as connection:
        sizes = connection.execute(
            "SELECT length(c.body) + length(r.body) FROM ai.checkpoints c JOIN ai.results r "
            "ON r.request_id::text = c.metadata->>'request_id' ORDER BY c.checkpoint_id"
        ).fetchall()
    assert abs(sizes[-1][0] - sizes[10][0]) < 64
