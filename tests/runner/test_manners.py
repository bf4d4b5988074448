"""How the conversation treats a visitor: kindly, briefly, and without losing the thread."""

from collections.abc import AsyncIterator

import pytest

from ai_bridge.runner.local import local_runner
from ai_bridge.runner.settings import RunnerSettings
from tests.runner.talk import Talk, values
from tests.runner.test_filling import give


@pytest.fixture
async def visitor(shared_settings: RunnerSettings) -> AsyncIterator[Talk]:
    async with local_runner(shared_settings) as local:
        yield Talk(local)


async def test_a_bare_name_answers_the_greeting(visitor: Talk) -> None:
    assert values(await visitor.say("Ann")) == {"name": "Ann"}


@pytest.mark.parametrize(
    "opening",
    ["hello", "hi there", "I need some help", "thanks", "how are you?", "i'm struggling with it"],
)
async def test_an_opening_line_is_no_name(visitor: Talk, opening: str) -> None:
    assert values(await visitor.say(opening)) == {}


async def test_why_is_answered_for_the_field_that_is_named(visitor: Talk) -> None:
    await visitor.say("Hello")

    done = await visitor.say("Why do you need my email?")

    assert done.reply.text == "So we can send the quote. What's your email?"


async def test_a_refusal_after_why_means_the_field_that_was_asked_about(visitor: Talk) -> None:
    await visitor.say("My name is Ann Lee")
    await visitor.say("Why do you need my phone number?")

    done = await visitor.say("I'd rather not give it")

    assert [(item.op, item.path) for item in done.operations] == [("decline", "phone")]
    assert done.reply.asking == "email"


async def test_a_no_to_an_optional_question_skips_it(visitor: Talk) -> None:
    await give(visitor, "phone")

    done = await visitor.say("no thanks")

    assert [(item.op, item.path) for item in done.operations] == [("decline", "phone")]


async def test_a_turn_that_fills_something_else_is_not_a_miss(visitor: Talk) -> None:
    await visitor.say("Hello")

    said = [
        await visitor.say(line)
        for line in ("ann@example.com", "a repair", "12 Oak Street", "16 March", "415 555 2671")
    ]

    assert {done.status for done in said} == {"open"}
    assert all(done.reply.text.endswith("What's your name?") for done in said)
    assert not any("did not get" in done.reply.text for done in said)


async def test_a_person_is_offered_only_right_after_a_miss(visitor: Talk) -> None:
    await give(visitor, "visit", "phone")
    offered = [await visitor.say("blah blah") for _ in range(3)][-1]

    filled = await visitor.say("my phone is 415 555 2671")
    missed = await visitor.say("blah blah")
    missed_again = await visitor.say("blah blah")

    assert [choice.label for choice in offered.reply.choices] == ["Talk to a person"]
    assert (filled.status, filled.reply.choices) == ("open", ())
    assert filled.reply.text.endswith("Which day suits you?")
    assert missed.reply.choices == offered.reply.choices
    assert missed_again.status == "handoff"


async def test_a_digression_returns_to_the_question_as_it_stands(visitor: Talk) -> None:
    await give(visitor, "visit")
    await visitor.say("blah blah")

    done = await visitor.say("thanks")

    assert done.reply.text == "You are welcome. Which day suits you?"


async def test_a_correction_is_taken_while_another_field_is_asked(visitor: Talk) -> None:
    await give(visitor, "address.street")

    done = await visitor.say("actually make it the 16 March")

    assert values(done)["visit"] == "2026-03-16"
    assert "Changed: Visit is now Monday 16 March 2026." in done.reply.text
    assert done.reply.asking == "address.street"


async def test_what_the_summary_has_wrong_is_asked_for_again_by_name(visitor: Talk) -> None:
    await give(visitor)

    assert (await visitor.say("the phone number is wrong")).reply.asking == "phone"


async def test_whoever_asks_for_a_machine_is_told_so(visitor: Talk) -> None:
    done = await visitor.say("are you a robot?")

    assert "automated assistant" in done.reply.text


async def test_after_a_person_was_asked_for_values_are_still_taken_in_varied_words(
    visitor: Talk,
) -> None:
    await visitor.say("Hello")
    await visitor.say("I want to talk to a human")

    said = [await visitor.say(line) for line in ("are you there?", "hello?", "ann@example.com")]

    assert {done.status for done in said} == {"handoff"}
    assert said[0].reply.text != said[1].reply.text
    assert values(said[2]) == {"email": "ann@example.com"}


async def test_yes_and_no_and_phone_numbers_are_summed_up_as_people_write_them(
    visitor: Talk,
) -> None:
    done = await give(visitor)

    assert "- Urgent: No" in done.reply.text
    assert "- Phone: (650) 253-0000" in done.reply.text


async def test_a_day_long_ago_is_said_without_its_weekday(visitor: Talk) -> None:
    birthday = {"type": "string", "format": "date", "x-intake": {"not_after": "today"}}
    template = {
        "type": "object",
        "properties": {"born": birthday, "name": {"type": "string"}},
        "required": ["born", "name"],
    }
    talk = Talk(visitor.client, template=template)
    await talk.say("Hello")

    assert "12 March 1984" in (said := (await talk.say("3/12/1984")).reply.text)
    assert "Monday" not in said


async def test_thanks_for_the_summary_agree_to_it(visitor: Talk) -> None:
    await give(visitor)

    assert (await visitor.say("Great, thank you!")).status == "completed"


async def test_what_another_answer_made_needless_is_told_in_one_sentence(visitor: Talk) -> None:
    await give(visitor, "service")
    await visitor.say("a new roof for $9000")

    done = await visitor.say("no, a repair")

    assert "Changed: Service is now Repair. I no longer need the budget." in done.reply.text
