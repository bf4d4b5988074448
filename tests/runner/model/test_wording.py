"""A model may lead a reply; what is asked is the plan's, in the template's words."""

from tests.runner.model.speaking import Speaker
from tests.runner.talk import Talk


async def test_the_lead_stands_before_the_planned_question(speaker: Speaker) -> None:
    done = await speaker.with_model("good").say("My name is Ann Lee")
    assert done.reply.text == "Lovely, thank you. What's your email?"
    assert done.reply.asking == "email"


async def test_a_lead_that_asks_is_left_out(speaker: Speaker) -> None:
    done = await speaker.with_model("asks").say("My name is Ann Lee")
    alone = await Talk(speaker.client).say("My name is Ann Lee")
    assert done.reply == alone.reply


async def test_what_was_read_is_said_back_beside_a_lead_that_does_not(speaker: Speaker) -> None:
    told = speaker.with_model("good")
    await told.say("My name is Ann Lee")
    done = await told.say("please come on 14 March")
    assert done.reply.text.startswith("Lovely, thank you.")
    assert "Saturday 14 March 2026" in done.reply.text


async def test_a_lead_is_left_out_when_part_of_what_it_may_speak_of_was_refused(
    speaker: Speaker,
) -> None:
    said = "My name is Ann Lee. Come on 1 March 2026"
    told = speaker.with_model("good")
    done = await told.say(said)
    assert "past" in {item.reason for item in done.operations if not item.accepted}
    assert "Lovely" not in done.reply.text


async def test_the_persona_is_sent_and_may_be_told_the_directions_are_sent_apart(
    speaker: Speaker,
) -> None:
    told = speaker.with_model(
        "speaks", persona="We open at nine in the morning.", system_prompt="Call nobody sir."
    )
    done = await told.say("Good to know that we open at nine in the morning. I am Ann Lee")
    system = told.asked()[0]["body"]["messages"][0]["content"]
    assert "We open at nine" in system
    assert "Call nobody sir." in system
    assert done.reply.text.startswith("Good to know that we open at nine in the morning.")
