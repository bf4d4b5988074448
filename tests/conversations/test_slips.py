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


DAY: dict[str, Any] = {"type": "string", "format": "date"}


async def test_who_does_not_know_whether_a_value_is_right_keeps_it() -> None:
    day = {**DAY, "x-intake": {"confirm": True}}
    done = await told(form(it=day, name=NAME), "hi | 12 may | don't know")
    assert (values(done), done.reply.asking) == ({"it": "2026-05-12"}, "name")


async def test_a_day_told_in_passing_moves_no_other_day() -> None:
    often = {"enum": ["daily", "weekly"], "title": "How often"}
    kept = await told(form(since=DAY, often=often), "hi | 3 may | well, I gave up 5 years ago")
    assert values(kept) == {"since": "2026-05-03"}
    moved = await told(
        form(since=DAY, often=often), "hi | 3 may | actually it was on the 5th of may"
    )
    assert values(moved) == {"since": "2026-05-05"}


async def test_the_day_of_a_hearing_says_that_one_is_set() -> None:
    fields = form(known={"type": "boolean", "title": "Court date"}, court=DAY, name=NAME)
    hidden = {"properties": {"court": False}}
    is_known = {"properties": {"known": {"const": True}}, "required": ["known"]}
    fields |= {"required": ["known", "name"], "if": is_known, "else": hidden}
    said = values(await told(fields, "hi | there's a hearing on 3 april"))
    assert said == {"known": True, "court": "2026-04-03"}
    assert values(await told(fields, "hi | not before 3 april"))["known"] is False


async def test_its_an_emergency_answers_that_question_and_tells_no_story() -> None:
    fields = form(problem={"type": "string", "title": "Problem"}, emergency={"type": "boolean"})
    done = await told(fields, "hi | its an emergency")
    assert (values(done), done.reply.asking) == ({"emergency": True}, "problem")


async def test_two_hours_for_a_dinner_are_asked_back_and_another_keeps_to_its_half() -> None:
    at = {"type": "string", "x-intake": {"kind": "time"}}
    fields = form(it=at, name=NAME)
    done = await told(fields, "hi | dinner for two on friday around 7 or 8")
    assert (values(done), done.reply.asking) == ({}, "it")
    assert values(await told(fields, "hi | 7 pm | wait, can we do 7:30")) == {"it": "19:30"}
    assert values(await told(fields, "hi | 11 am | no, at 1")) == {"it": "13:00"}


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ({"type": "boolean", "x-intake": {"ask": "Been here before?"}}, "first time", False),
        ({"type": "string", "title": "Street"}, "i own it", None),
        ({"enum": ["1-10", "11-50"]}, "20-30", "11-50"),
        ({"enum": ["1-10", "11-50"]}, "2 weeks", None),
        ({"type": "string", "title": "Member number"}, "no card here", None),
    ],
)  # fmt: skip
async def test_an_answer_is_taken_for_what_it_says(
    kind: dict[str, Any], said: str, value: Any
) -> None:
    assert values(await told(form(it=kind), f"hi | {said}")).get("it") == value


async def test_a_year_is_said_back_without_a_comma() -> None:
    built = {"type": "integer", "title": "Year built"}
    assert "1985" in (await told(form(built=built), "hi | 1985")).reply.text


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ({"type": "integer", "description": "Pain from 0 to 10"}, "8 or 9", "8 or 9?"),
        ({"enum": ["full time", "part time"]}, "full or part time, either is fine",
         "The choice is yours"),
        (DAY, "sometime last weekend", "leaves several days open"),
        (NAME, "Acme Ltd", "does not look like a name"),
    ],
)  # fmt: skip
async def test_one_is_not_picked_for_the_visitor(
    kind: dict[str, Any], said: str, words: str
) -> None:
    done = await told(form(it=kind), f"hi | {said}")
    assert values(done) == {}
    assert words in done.reply.text
