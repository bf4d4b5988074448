"""Answers that give half of what was asked, two of it, or only a yes or a no."""

from typing import Any

import pytest

from ai_bridge.contract import Done
from tests.conversations.test_slips import NAME, form, told
from tests.runner.talk import values

DAY: dict[str, Any] = {"type": "string", "format": "date", "x-intake": {"not_before": "today"}}
BORN: dict[str, Any] = {"type": "string", "format": "date", "title": "Date of birth"}
ILL: dict[str, Any] = {"type": "string", "format": "date", "x-intake": {"not_after": "today"}}
SLOT: dict[str, Any] = {"type": "string", "format": "date-time"}
TIME: dict[str, Any] = {"type": "string", "x-intake": {"kind": "time"}}
COUNT: dict[str, Any] = {"type": "integer", "x-intake": {"ask": "How many guests?"}}
GUESTS: dict[str, Any] = {"type": "integer", "title": "Guests"}
LASTS: dict[str, Any] = {"type": "string", "format": "duration"}
SUM: dict[str, Any] = {"type": "number", "title": "Price", "x-intake": {"kind": "money"}}

HOURS: dict[str, Any] = {"enum": ["full_time", "part_time", "weekends"]}
LISTED: dict[str, Any] = {
    "enum": ["job", "home"],
    "x-intake": {"ask": "What is it about: work or a house?"},
}


def several(*options: str) -> dict[str, Any]:
    return {"type": "array", "uniqueItems": True, "items": {"enum": [*options]}, "title": "Wishes"}


async def last(kind: dict[str, Any], talk: str) -> Done:
    return await told(form(it=kind), f"hi | {talk}")


@pytest.mark.parametrize(
    ("kind", "talk", "value"),
    [
        (BORN, "next thurs | 12/3/1990", "1990-12-03"),
        (BORN, "12 march | 1990", "1990-03-12"),
        (BORN, "april 1990 | the 3rd", "1990-04-03"),
        (BORN, "april | 1990 | 3", "1990-04-03"),
        (BORN, "1990 | 3 april", "1990-04-03"),
        (DAY, "april | the 14th", "2026-04-14"),
        (DAY, "sometime in april | why? | 14", "2026-04-14"),
        (DAY, "april | actually 3 may", "2026-05-03"),
        (ILL, "april | the 3rd", "2025-04-03"),
        (ILL, "since friday", "2026-02-27"),
        (SLOT, "thursday | 3 pm", "2026-03-05T15:00:00+00:00"),
        (SLOT, "3 pm | thursday", "2026-03-05T15:00:00+00:00"),
        (DAY, "either the 3rd or the 10th of april | the 10th", "2026-04-10"),
        (DAY, "monday or tuesday | tuesday", "2026-03-03"),
        (DAY, "12 may or 19 may | the first one", "2026-05-12"),
        (COUNT, "between 40 and 60 people | 60", 60),
        (COUNT, "5 or 6 | the higher", 6),
        (TIME, "6-7pm | 6pm", "18:00"),
        ({**TIME, "title": "Begins"}, "9 till 5", "09:00"),
        (LASTS, "4 to 5 hours | 4 hours", "PT4H"),
        (SUM, "2-3k | 2500", 2500),
        (SUM, "one or two thousand | the second one", 2000),
        (SLOT, "thursday | 3", "2026-03-05T15:00:00+00:00"),
        (DAY, "10th, 11th and 12th of june | the 11th", "2026-06-11"),
        (ILL, "since february | 14", "2026-02-14"),
        (COUNT, "80, maybe 90 | 90", 90),
        ({**TIME, "title": "Begins"}, "3ish", "15:00"),
        (several("cheese", "ham", "none"), "all of them", ["cheese", "ham"]),
        ({"enum": ["morning", "evening"]}, "morning or evening | the first", "morning"),
        ({"type": "boolean"}, "ye", True),
        ({"type": "boolean"}, "twice already", True),
        ({"type": "boolean"}, "yes whatever", True),
        (LISTED, "work", "job"),
        ({**SUM, "title": "Highest price"}, "between 2000 and 3000 dollars", 3000),
        (several("cheese", "none"), "no", ["none"]),
        ({"enum": ["buffet", "none"]}, "neither", "none"),
        (several("cheese", "ham"), "no | no | cheese", ["cheese"]),
        (COUNT, "dont have the number here | 5", 5),
        (TIME, "8 | evening", "20:00"),
        (TIME, "around 8:30 | the first one", "08:30"),
        (TIME, "8 | pm please", "20:00"),
        (TIME, "7 or 8 | 7 | in the evening", "19:00"),
        (TIME, "between 7 and 8 in the evening | 8 in the evening", "20:00"),
        ({**TIME, "title": "Dinner"}, "8", "20:00"),
        ({**TIME, "title": "Time of the appointment"}, "8", "08:00"),
        ({**TIME, "title": "Begins"}, "dinner from 7 to 9", "19:00"),
        (TIME, "after work | 6", "18:00"),
        (TIME, "sometime in the afternoon | why? | 4", "16:00"),
        (SLOT, "thursday evening | 7", "2026-03-05T19:00:00+00:00"),
        (LASTS, "until late | six hours", "PT6H"),
        (HOURS, "full or part time | full", "full_time"),
        (HOURS, "full- or part-time | the second", "part_time"),
        ({"enum": ["with breakfast", "without breakfast"]}, "with or without breakfast | without",
         "without breakfast"),
        ({"enum": ["short term", "long term"]}, "short/long term | long term", "long term"),
        ({"enum": ["room with bath", "room with shower"]}, "room with bath or shower | shower",
         "room with shower"),
    ],
)  # fmt: skip
async def test_the_answer_is_whole_in_the_end(kind: dict[str, Any], talk: str, value: Any) -> None:
    assert values(await last(kind, talk)) == {"it": value}


@pytest.mark.parametrize(
    ("kind", "talk", "words"),
    [
        (BORN, "next thurs", "“next thurs” is in the future"),
        (BORN, "12 march", "12 March of which year?"),
        (BORN, "april", "Which day in April, and in which year?"),
        (BORN, "1990", "Which day and month in 1990?"),
        (DAY, "april", "Which day in April?"),
        (DAY, "since friday", "“friday” is in the past"),
        (SLOT, "thursday", "At what time on Thursday 5 March?"),
        (SLOT, "3 pm", "And on which day?"),
        (COUNT, "between 40 and 60 people", "Which one shall I note, 40 or 60?"),
        (TIME, "8", "Is that 8 in the morning or 8 in the evening?"),
        (TIME, "around lunchtime", "Around what hour at lunchtime?"),
        (TIME, "after work", "Around what hour after work?"),
        (TIME, "end of the day", "Around what hour at the end of the day?"),
        (TIME, "early in the morning", "Around what hour in the early morning?"),
        (TIME, "late", "How late: around what hour?"),
        (LASTS, "until late", "About how many hours is that?"),
        (HOURS, "full or part time", "Which one shall I note, full time or part time?"),
        (several("cheese", "ham"), "no", "at least one of these to go on: Cheese or Ham."),
        ({"type": "string", "title": "Policy number"}, "yes", "All right, what is it?"),
        (DAY, "yes", "All right, which day?"),
        (COUNT, "yes", "All right, how many?"),
        ({"enum": ["car", "home"]}, "yes", "All right, which one: Car or Home?"),
        ({"type": "string", "title": "Number"}, "dont have the number here", "No hurry"),
        ({"type": "string", "title": "Number"}, "i'd have to look it up", "No hurry"),
        ({"type": "boolean", "title": "Parking"}, "what", "Parking: yes or no?"),
    ],
)
async def test_the_rest_is_asked_for(kind: dict[str, Any], talk: str, words: str) -> None:
    done = await last(kind, talk)
    assert (values(done), done.status) == ({}, "open")
    assert words in done.reply.text


async def test_two_days_are_offered_as_buttons() -> None:
    done = await last(DAY, "either the 3rd or the 10th of april")
    assert [choice.label for choice in done.reply.choices] == ["3 April 2026", "10 April 2026"]


async def test_a_yes_is_no_failed_answer_but_only_once() -> None:
    number = {"type": "string", "title": "Policy number", "x-intake": {"help": "On the letter."}}
    one, two = await last(number, "yes"), await last(number, "yes | yes")
    assert "did not get that" not in one.reply.text
    assert "did not get that" in two.reply.text


async def test_an_optional_question_without_the_number_at_hand_is_passed_over() -> None:
    phone = {"type": "string", "x-intake": {"kind": "phone"}}
    done = await told({**form(it=phone, name=NAME), "required": ["name"]}, "hi | dont have it here")
    assert [(item.op, item.path) for item in done.operations] == [("unknown", "it")]


@pytest.mark.parametrize("said", ["the company is brightco", "our company is called BrightCo"])
async def test_what_is_said_of_a_company_changes_no_choice(said: str) -> None:
    matter = {"enum": ["work", "business"], "x-intake": {"synonyms": {"business": ["company"]}}}
    fields = form(matter=matter, name=NAME)
    assert values(await told(fields, f"work | {said}"))["matter"] == "work"
    company = {"type": "string", "title": "Company"}
    filled = values(await told(form(matter=matter, name=NAME, company=company), f"work | {said}"))
    assert (filled["matter"], filled["company"].lower()) == ("work", "brightco")


@pytest.mark.parametrize("said", ["a company", "yes, a company set one", "the company, yes"])
async def test_a_mention_in_another_answer_changes_no_choice(said: str) -> None:
    matter = {"enum": ["work", "business"], "x-intake": {"synonyms": {"business": ["company"]}}}
    date_set = {"type": "boolean", "title": "Deadline", "x-intake": {"ask": "Has a date been set?"}}
    fields = form(matter=matter, deadline=date_set, name=NAME)
    assert values(await told(fields, f"work | {said}"))["matter"] == "work"
    meant = values(await told(fields, "work | actually it's about a company"))
    assert meant["matter"] == "business"


@pytest.mark.parametrize("said", ["through work", "yes through my wife's job", "via my employer"])
async def test_by_way_of_whom_somebody_is_insured_names_no_insurer(said: str) -> None:
    insurer = {"type": "string", "title": "Insurance company"}
    done = await told(form(company=insurer), f"hi | {said}")
    assert (values(done), done.reply.asking) == ({}, "company")
    assert values(await told(form(company=insurer), f"hi | {said} | Delta")) == {"company": "Delta"}


STORY: dict[str, Any] = {"type": "string", "maxLength": 1000}


@pytest.mark.parametrize(
    ("title", "said", "story"),
    [
        ("Problem", "the problem is that the sink in the hall drips all night, and my name is Ann",
         "the sink in the hall drips all night"),
        ("Problem", "Ann. problem: it is off, and the room is cold",
         "it is off, and the room is cold"),
        ("What happened", "Ann. What happened: he ran a red light", "he ran a red light"),
        ("What happened", "what happened is that a tree fell on it", "a tree fell on it"),
        ("Areas", "my areas are Oakland, Berkeley and Albany", "Oakland, Berkeley and Albany"),
    ],
)  # fmt: skip
async def test_a_sentence_for_a_later_question_is_kept_whole(
    title: str, said: str, story: str
) -> None:
    later = {**STORY, "title": title}
    day = {"type": "string", "format": "date"}
    filled = values(await told(form(name=NAME, day=day, later=later), f"hi | {said}"))
    assert filled["later"] == story


async def test_a_number_of_a_set_form_is_found_in_a_story() -> None:
    order = {"type": "string", "title": "Order number", "pattern": "^[A-Z][0-9]{5,8}$"}
    said = "it arrived broken and nobody answers, the order number is A123456"
    filled = values(
        await told(form(story={**STORY, "title": "Problem"}, order=order), f"hi | {said}")
    )
    assert filled == {"story": said, "order": "A123456"}


async def test_what_was_asked_before_its_turn_is_asked_again_when_it_is_not_answered() -> None:
    fields = form(name=NAME, day=DAY, guests={**GUESTS, "maximum": 12})
    done = await told(fields, "hi | 5 or 6 guests | 2000")
    assert done.reply.asking == "guests"


async def test_a_long_first_message_with_a_doubt_in_it_is_the_story_that_was_asked_for() -> None:
    story = {**STORY, "title": "What happened", "x-intake": {"ask": "What went wrong?"}}
    fields = {**form(story=story), "x-intake": {"greeting": "Tell me what happened."}}
    said = "you charged me twice last month, 20 or 30 pounds too much, I'm not sure"
    assert values(await told(fields, said)) == {"story": said}


@pytest.mark.parametrize("said", ["We're Acme and we need help", "hi i'm ben from Acme"])
async def test_a_company_is_told_with_who_somebody_is(said: str) -> None:
    firm = {"type": "string", "title": "Company"}
    assert values(await told(form(company=firm), f"hi | {said}")) == {"company": "Acme"}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("no wait my surname is spelled shaw", "Ann Shaw"),
        ("my first name is actually Anna", "Anna Lee"),
        ("my last name is Lea", "Ann Lea"),
    ],
)
async def test_one_part_of_a_name_is_put_right(said: str, name: str) -> None:
    day = {"type": "string", "format": "date"}
    assert values(await told(form(name=NAME, day=day), f"ann lee | {said}")) == {"name": name}


async def test_a_day_alone_answers_the_question_for_a_moment_and_changes_no_other_day() -> None:
    fields = form(decide=DAY, slot=SLOT, name=NAME)
    filled = values(await told(fields, "hi | 30 april | thursday | 3pm"))
    assert filled == {"decide": "2026-04-30", "slot": "2026-03-05T15:00:00+00:00"}


async def test_until_midnight_changes_no_beginning() -> None:
    begins = {**TIME, "title": "Begins"}
    sure = {"type": "boolean", "title": "Flexible"}
    assert values(await told(form(begins=begins, sure=sure), "hi | 3pm | till midnight")) == {
        "begins": "15:00"
    }


@pytest.mark.parametrize(
    ("said", "company"),
    [
        ("our inbox is a mess", None),
        ("our company is Acme", "Acme"),
        ("I'm Ben from Northwind Traders and we need help", "Northwind Traders"),
    ],
)
async def test_a_company_is_named_only_by_words_that_are_about_it(
    said: str, company: str | None
) -> None:
    firm = {"type": "string", "title": "Company"}
    assert values(await told(form(company=firm), f"hi | {said}")).get("company") == company


async def test_a_name_before_an_address_of_mail_is_read() -> None:
    email = {"type": "string", "format": "email"}
    filled = values(await told(form(name=NAME, email=email), "hi | al green, al@green.com"))
    assert filled == {"name": "Al Green", "email": "al@green.com"}


@pytest.mark.parametrize("said", ["Actually, my e-mail is al@green.com", "well, al@green.com"])
async def test_talk_before_an_address_of_mail_is_no_name(said: str) -> None:
    email = {"type": "string", "format": "email"}
    filled = values(await told(form(name=NAME, email=email), f"hi | {said}"))
    assert filled == {"email": "al@green.com"}


async def test_no_website_passes_over_the_website() -> None:
    page = {"type": "string", "format": "uri"}
    done = await told({**form(page=page, name=NAME), "required": ["name"]}, "hi | no website")
    assert [(item.op, item.path) for item in done.operations] == [("decline", "page")]


async def test_whats_my_summary_is_answered() -> None:
    done = await told(form(name=NAME, day=DAY), "ann lee | whats my summary")
    assert "So far I have:" in done.reply.text


async def test_since_tuesday_fills_no_appointment() -> None:
    said = await told(form(name=NAME, day=DAY), "hi | since tuesday")
    assert values(said) == {}


async def test_an_address_of_mail_tells_no_story() -> None:
    story = {"type": "string", "title": "What happened", "maxLength": 500}
    email = {"type": "string", "format": "email"}
    assert values(await told(form(story=story, email=email), "hi | lee@example.com")) == {
        "email": "lee@example.com"
    }


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        (GUESTS, "ann lee, between 40 and 60 guests", "40 or 60"),
        (GUESTS, "ann lee, 5 or 6 guests", "5 or 6"),
        (TIME, "ann lee, tomorrow at 8", "Is that 8 in the morning or 8 in the evening?"),
        (HOURS, "my name is Ann Lee, full or part time", "full time or part time"),
    ],
)
async def test_two_values_are_asked_back_at_once_where_they_were_not_asked_for(
    kind: dict[str, Any], said: str, words: str
) -> None:
    note = {"type": "string", "title": "Remarks"}
    done = await told(form(name=NAME, note=note, it=kind), f"hi | {said}")
    assert (values(done), done.reply.asking) == ({"name": "Ann Lee"}, "it")
    assert words in done.reply.text


@pytest.mark.parametrize("said", ["Actually", "actually...", "Well", "hmm", "Wait", "Oh", "So"])
async def test_a_word_that_only_opens_an_answer_is_no_name(said: str) -> None:
    done = await told(form(name=NAME), f"hi | {said}")
    assert (values(done), done.reply.asking) == ({}, "name")
    assert said not in done.reply.text
