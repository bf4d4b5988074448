"""Single lines of hurried visitors that were once answered in an embarrassing way."""

from typing import Any

import pytest

from ai_bridge.contract import Done
from ai_bridge.intake_gallery import gallery_template
from tests.conversations.unstored import talk_to
from tests.runner.talk import values

NAME: dict[str, Any] = {"type": "string", "x-intake": {"kind": "name"}}


async def told(template: dict[str, Any], talk: str) -> Done:
    """The answer to the last of these lines."""
    visitor = talk_to(template, region="US")
    return [await visitor.say(line) for line in talk.split(" | ")][-1]


def form(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": [*fields]}


@pytest.mark.parametrize("said", ["no thats all", "nope that's it thanks"])
async def test_no_that_is_all_agrees_to_the_summary(said: str) -> None:
    assert (await told(form(name=NAME), f"ann lee | {said}")).status == "completed"


@pytest.mark.parametrize("said", ["no wait, new one instead", "nope thats not it", "no"])
async def test_a_no_to_the_summary_is_asked_what_to_change(said: str) -> None:
    done = await told(form(name=NAME), f"ann lee | {said}")
    assert done.reply.text.startswith("What should I change?")


async def test_that_is_all_takes_no_offer_of_a_person() -> None:
    day = {"type": "string", "format": "date"}
    done = await told(form(day=day), "hi | blah blah | blah blah | blah blah | ok thats all")
    assert done.status == "open"


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ({"type": "string", "x-intake": {"kind": "time"}, "title": "Begins"}, "no",
         "I need a time to go on."),
        ({"type": "string", "title": "What happened"}, "no", "I need an answer here to go on."),
        ({"type": "boolean", "title": "Is it urgent?"}, "whenever", "I need an answer here"),
    ],
)  # fmt: skip
async def test_what_is_needed_is_said_in_good_english(
    kind: dict[str, Any], said: str, words: str
) -> None:
    assert words in (await told(form(it=kind), f"hi | {said}")).reply.text


@pytest.mark.parametrize("said", ["idk the number", "dunno when", "idk my policy number"])
async def test_who_does_not_know_what_was_asked_gives_no_value(said: str) -> None:
    number = {"type": "string", "title": "Number"}
    done = await told({**form(it=number, name=NAME), "required": ["name"]}, f"hi | {said}")
    assert [(item.op, item.path) for item in done.operations] == [("unknown", "it")]
    assert values(done) == {}


async def test_two_digits_after_a_day_that_are_no_hour_are_its_year() -> None:
    born = {"type": "string", "format": "date", "x-intake": {"not_after": "today"}}
    days = [await told(form(it=born), f"hi | {day}") for day in ("april 5 88", "5 april 88")]
    assert [values(done) for done in days] == [{"it": "1988-04-05"}] * 2


async def test_a_word_after_an_amount_is_no_currency() -> None:
    rooms = gallery_template("real-estate-enquiry")["properties"]["price"]
    done = await told(form(price=rooms), "hi | 450k max")
    assert values(done)["price"] == {"amount": 450000, "currency": "USD"}


async def test_an_appointment_at_three_is_in_the_afternoon() -> None:
    slot = {"type": "string", "format": "date-time"}
    noon = [(await told(form(it=slot), f"hi | 10 march at {hour}")) for hour in ("3", "9", "3 am")]
    assert [values(done)["it"][11:16] for done in noon] == ["15:00", "09:00", "03:00"]
