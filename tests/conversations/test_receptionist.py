"""What somebody who chatted by hand found that no good receptionist would say."""

from typing import Any

import pytest

from ai_bridge.contract import Done
from ai_bridge.intake_gallery import gallery_template
from tests.conversations.test_slips import NAME, form, told
from tests.conversations.unstored import talk_to
from tests.runner.talk import values

PAIN: dict[str, Any] = {
    "type": "integer", "minimum": 0, "maximum": 10, "title": "Pain level",
    "x-intake": {"ask": "From 0 to 10, how bad is it?"},
}  # fmt: skip
DAY: dict[str, Any] = {"type": "string", "format": "date", "title": "Day"}
SURE: dict[str, Any] = {**DAY, "x-intake": {"confirm": True, "why": "Rooms go by day."}}
ILL: dict[str, Any] = {
    "type": "string", "format": "date", "title": "Since",
    "x-intake": {"ask": "Since when have you had this?", "not_after": "today"},
}  # fmt: skip
PHONE: dict[str, Any] = {
    "type": "string", "title": "Phone", "x-intake": {"kind": "phone", "skip": True}
}  # fmt: skip
BEGINS: dict[str, Any] = {"type": "string", "title": "Begins", "x-intake": {"kind": "time"}}
LASTS: dict[str, Any] = {"type": "string", "format": "duration", "title": "Lasts"}
CITY: dict[str, Any] = {"type": "string", "title": "City"}
FLOORS: dict[str, Any] = {"type": "integer", "title": "Storeys"}


def optional(**fields: Any) -> dict[str, Any]:
    return {**form(**fields), "required": [*fields][1:]}


@pytest.mark.parametrize(
    ("said", "value"),
    [("7 out of 10 I'd say", 7), ("7/10", 7), ("maybe a 7", 7), ("seven out of ten", 7),
     ("10/10", 10), ("it's a 7 or 8 out of 10 | the higher", 8)],
)  # fmt: skip
async def test_so_many_out_of_ten_is_that_number_of_a_scale_to_ten(said: str, value: int) -> None:
    done = await told(form(pain=PAIN, day=DAY), f"hi | {said}")
    assert values(done) == {"pain": value}
    assert "Which day" in done.reply.text or "day" in done.reply.text


@pytest.mark.parametrize(
    "said",
    ["can i skip the phone", "Can we skip this?", "may I leave that out", "can we skip this",
     "is it ok if I leave the phone out", "I'd rather skip the phone number please",
     "let's leave out the phone"],
)  # fmt: skip
async def test_who_asks_to_skip_a_question_skips_it(said: str) -> None:
    done = await told(optional(phone=PHONE, name=NAME), f"hi | {said}")
    assert [(item.op, item.path) for item in done.operations] == [("decline", "phone")]
    assert done.reply.asking == "name"


async def test_what_is_to_be_skipped_may_be_another_question_than_the_one_asked() -> None:
    done = await told(
        {**form(name=NAME, phone=PHONE), "required": ["name"]}, "hi | can i skip the phone"
    )
    assert [(item.op, item.path) for item in done.operations] == [("decline", "phone")]
    assert done.reply.asking == "name"


@pytest.mark.parametrize("said", ["can i leave on monday", "we would like to leave on monday"])
async def test_who_leaves_on_a_day_skips_nothing(said: str) -> None:
    assert values(await told(form(day=DAY), f"hi | {said}")) == {"day": "2026-03-09"}


@pytest.mark.parametrize(
    ("said", "day"),
    [("for about three weeks", "2026-02-09"), ("about a month", "2026-02-02"),
     ("a couple of weeks now", "2026-02-16"), ("I've had it for the last 2 months", "2026-01-02"),
     ("three weeks ago", "2026-02-09"), ("2 days", "2026-02-28")],
)  # fmt: skip
async def test_how_long_it_has_been_answers_since_when(said: str, day: str) -> None:
    done = await told(form(since=ILL, name=NAME), f"hi | {said}")
    assert values(done) == {"since": day}
    assert "Since: " in done.reply.text, "said back in words, as it was counted"


async def test_a_few_weeks_are_asked_for_the_day() -> None:
    done = await told(form(since=ILL, name=NAME), "hi | for a few weeks now")
    assert (values(done), done.reply.asking) == ({}, "since")
    assert "several days" in done.reply.text


async def test_a_currency_that_is_not_taken_is_told_those_that_are() -> None:
    budget = gallery_template("event-booking")["properties"]["budget"]
    texts = [
        (await told(form(budget=budget), f"hi | {said}")).reply.text for said in ("$6,000", "6000")
    ]
    assert texts[0].startswith("Sorry, I can only take an amount in GBP or EUR.")
    assert texts[1].startswith("In which currency is “6000”?")


async def test_so_many_out_of_ten_is_heard_before_it_is_asked() -> None:
    assert values(await told(form(name=NAME, pain=PAIN), "it's maybe 8 out of 10")) == {"pain": 8}


async def test_what_is_skipped_is_no_value() -> None:
    insurer = {"type": "string", "title": "Insurer", "x-intake": {"ask": "Which company is it?"}}
    done = await told(optional(insurer=insurer, name=NAME), "hi | can i skip the insurer?")
    assert (values(done), done.reply.asking) == ({}, "name")


async def test_the_name_of_one_question_is_no_answer_to_another() -> None:
    fields: dict[str, Any] = {
        "claim": {"type": "boolean", "title": "Insurance claim"},
        "insurer": {"type": "string", "title": "Insurer"},
    }
    done = await told(confirmed(**fields), "hi | yes | Allied | no, the insurer is Northfield")
    assert values(done) == {"claim": True, "insurer": "Northfield"}


async def test_digits_alone_answer_the_question_for_a_number_and_are_no_phone() -> None:
    number: dict[str, Any] = {"type": "string", "pattern": "^[A-Z]{2}[0-9]{9}$", "title": "Parcel"}
    done = await told(form(it=number, phone=PHONE), "hi | 4155552671")
    assert (values(done), done.reply.asking) == ({}, "it")


@pytest.mark.parametrize(
    "said", ["do you need it?", "do I have to give it to you?", "is that really necessary?"]
)
async def test_who_asks_whether_it_is_needed_is_told_why(said: str) -> None:
    needed = (await told(form(phone=PHONE), f"hi | {said}")).reply.text
    free = (await told(optional(phone=PHONE, name=NAME), f"hi | {said}")).reply.text
    assert needed.startswith("The team needs it to help you.")
    assert free.startswith("It helps the team; you can skip it if you like.")


async def test_nobody_looks_up_their_own_name() -> None:
    text = (await told(form(name=NAME), "hi | I don't know")).reply.text
    assert text == "I need your name to go on. What is your name?"


async def test_another_weekday_stays_in_the_week_that_was_meant() -> None:
    assert values(await told(form(day=DAY), "hi | monday 9 march | no, tuesday")) == {
        "day": "2026-03-10"
    }
    assert values(await told(form(day=DAY), "hi | saturday | no, monday")) == {"day": "2026-03-09"}


async def test_until_about_ten_changes_no_beginning() -> None:
    sure = {"type": "boolean", "title": "Flexible"}
    done = await told(form(begins=BEGINS, sure=sure), "hi | 3pm | till about 10 in the evening")
    assert values(done) == {"begins": "15:00"}


async def test_who_needs_none_needs_none() -> None:
    rooms: dict[str, Any] = {"type": "integer", "minimum": 0, "title": "Rooms"}
    phone = await told(optional(phone=PHONE, name=NAME), "hi | I don't need one")
    assert values(await told(form(rooms=rooms), "hi | we don't need any")) == {"rooms": 0}
    assert [(item.op, item.path) for item in phone.operations] == [("decline", "phone")]


async def test_a_count_is_no_street() -> None:
    street = {"type": "string", "title": "Street"}
    said = "two... no sorry, three storeys"
    done = await told(form(street=street, floors=FLOORS), f"hi | {said}")
    assert values(done) == {"floors": 3}


@pytest.mark.parametrize("said", ["can't say", "I couldn't tell you exactly"])
async def test_who_cannot_say_does_not_know(said: str) -> None:
    done = await told(optional(begins=BEGINS, name=NAME), f"hi | {said}")
    assert [(item.op, item.path) for item in done.operations] == [("unknown", "begins")]


async def test_how_long_is_no_day_to_come() -> None:
    done = await told(form(day=DAY), "hi | for about three weeks")
    assert values(done) == {}


@pytest.mark.parametrize(
    ("said", "lasts", "begins"),
    [("until midnight", "PT10H", "14:00"), ("till 2am", "PT12H", "14:00"),
        ("till about 10 in the evening", "PT8H", "14:00"),
     ("from 3 pm till midnight", "PT9H", "15:00"), ("six hours", "PT6H", "14:00")],
)  # fmt: skip
async def test_until_tells_how_long_from_the_beginning(said: str, lasts: str, begins: str) -> None:
    done = await told(form(begins=BEGINS, lasts=LASTS), f"hi | 14:00 | {said}")
    assert values(done) == {"begins": begins, "lasts": lasts}


async def test_until_midnight_is_no_beginning() -> None:
    done = await told(form(begins=BEGINS, lasts=LASTS), "hi | until midnight")
    assert (values(done), done.reply.asking) == ({}, "begins")
    assert "does not look like a beginning" in done.reply.text


async def test_a_question_back_leaves_the_value_that_waits_for_its_yes() -> None:
    visitor = talk_to(form(day=SURE, name=NAME))
    await visitor.say("hi")
    await visitor.say("12 june 2026")
    done = await visitor.say("why do you ask?")
    assert done.reply.text == (
        "Rooms go by day. I have Friday 12 June 2026 as your day. Is that right?"
    )
    assert [choice.label for choice in done.reply.choices] == ["Yes", "No"]
    assert (await visitor.say("yes")).reply.asking == "name"


async def test_an_offer_of_a_person_is_over_once_another_answer_was_taken() -> None:
    visitor = talk_to(form(pain=PAIN, day=DAY))
    for line in ("hi", "bla", "bla", "bla bla"):
        done = await visitor.say(line)
    assert "talk to a person" in done.reply.text
    assert values(await visitor.say("on monday")) == {"day": "2026-03-09"}
    assert (await visitor.say("yes please")).status == "open"


async def test_a_sentence_is_not_quoted_back_and_ends_in_no_hand_off() -> None:
    visitor = talk_to(form(phone=PHONE, name=NAME))
    await visitor.say("hi")
    said = ["I've had headaches for the last three weeks", "Amlodipine, 5 mg once a day"]
    for line in said * 3:
        done = await visitor.say(line)
        assert done.reply.text.startswith("For now I am only asking for a phone number.")
        assert "“" not in done.reply.text
    assert (done.status, done.reply.asking) == ("open", "phone")


@pytest.mark.parametrize("said", ["مرحبا", "שלום", "blub", "x" * 600])
async def test_a_refusal_begins_with_words_of_ours_and_quotes_few(said: str) -> None:
    text = (await told(form(phone=PHONE), f"hi | {said}")).reply.text
    assert text.startswith("Sorry, “")
    assert len(text) < 200


async def test_what_was_read_is_said_back_with_its_title() -> None:
    done = await told(form(floors=FLOORS, name=NAME), "hi | two... no sorry, three storeys")
    assert done.reply.text == "All right. Storeys: 3. What is your name?"


async def test_a_title_that_ends_in_an_s_is_one_thing_all_the_same() -> None:
    done = await told(form(begins=BEGINS, name=NAME), "hi | 2 pm | no, make it 3 pm")
    assert "Begins is now 3 pm." in done.reply.text


@pytest.mark.parametrize(
    ("said", "region", "words"),
    [("$2,500", "US", "$2,500"), ("6000 pounds", "GB", "£6,000"), ("12.5 euros", "DE", "€12.50"),
     ("6000 francs", "CH", "6,000 CHF"), ("80 usd", "CA", "80 USD")],
)  # fmt: skip
async def test_amounts_are_said_back_as_they_are_written(
    said: str, region: str, words: str
) -> None:
    money: dict[str, Any] = {
        "type": "object", "title": "Budget", "x-intake": {"kind": "money"},
        "properties": {"amount": {"type": "number"}, "currency": {"type": "string"}},
    }  # fmt: skip
    visitor = talk_to(form(name=NAME, budget=money), region=region)
    await visitor.say("Ann Lee")
    await visitor.say(said)
    assert f"Budget: {words}\n" in (await visitor.say("what have you got?")).reply.text + "\n"


async def test_the_help_of_another_field_answers_no_question() -> None:
    done = await at_the_consent("what happens with it after that?")
    assert "account numbers" not in done.reply.text
    assert done.reply.asking == "privacy"


async def at_the_consent(question: str) -> Done:
    visitor = talk_to(gallery_template("legal-intake"), region="GB")
    for line in ("Ann Lee", "ann@example.com", "skip", "a divorce", "he left me", "Tom Lee", "no",
                 "two children", "no"):  # fmt: skip
        done = await visitor.say(line)
    assert done.reply.asking == "privacy"
    return await visitor.say(question)


async def test_the_same_reason_is_not_given_twice_in_one_reply() -> None:
    number: dict[str, Any] = {
        "type": "string", "pattern": "^[0-9]{5,10}$", "title": "Order number",
        "x-intake": {"help": "It is in our e-mail: five to ten digits.",
                     "reprompts": ["It is five to ten digits."]},
    }  # fmt: skip
    text = (await told(form(it=number), "hi | A-10293")).reply.text
    assert text.count("five to ten digits") == 1


async def test_no_two_choices_have_the_same_label() -> None:
    done = await told(optional(phone=PHONE, name=NAME), "hi | blub | blub | blub")
    assert "you can skip it" in done.reply.text
    assert [choice.label for choice in done.reply.choices] == ["Skip"]


@pytest.mark.parametrize(
    ("said", "city"),
    [("no, the city is Dayton", "Dayton"), ("no the city should be Dayton", "Dayton"),
     ("no, it's Dayton, not Salem", "Dayton")],
)  # fmt: skip
async def test_the_summary_takes_the_value_that_a_no_came_with(said: str, city: str) -> None:
    done = await told(confirmed(name=NAME, city=CITY), f"Ann Lee | Salem | {said}")
    assert values(done) == {"name": "Ann Lee", "city": city}
    assert "City is now Dayton" in done.reply.text


def confirmed(**fields: Any) -> dict[str, Any]:
    return {**form(**fields), "x-intake": {"confirm": True}}


@pytest.mark.parametrize(
    ("said", "name"),
    [("hi, my name is jo park and i would love to come by", "Jo Park"),
     ("my name is jo park would like a table", "Jo Park"),
     ("it's under tom ford, thanks", "Tom Ford"), ("under tom ford", "Tom Ford"),
     ("sam may", "Sam May"),
        ("im dana by the way", "Dana"), ("José 🙂 Álvarez", "José Álvarez"),
     ("I'm José 🙂 Álvarez and I need a repair", "José Álvarez")],
)  # fmt: skip
async def test_names_among_everyday_words_are_whole(said: str, name: str) -> None:
    assert values(await told(form(name=NAME, day=DAY), f"hi | {said}")) == {"name": name}


@pytest.mark.parametrize("said", ["my name is wrong", "my name is on the form", "i am so late"])
async def test_everyday_words_make_no_name(said: str) -> None:
    assert values(await told(form(name=NAME, day=DAY), f"hi | {said}")) == {}
