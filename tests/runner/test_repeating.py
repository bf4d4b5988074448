"""Lists and repeating groups, told in any order, changed at any time, each value with its words."""

from typing import Any

import jsonschema
import pytest

from ai_bridge.client import RunnerClient
from ai_bridge.contract import Done
from ai_bridge.intake_gallery import gallery_template
from tests.runner.repeating import GUESTS, ROOMS
from tests.runner.talk import Talk, values

# What the doors do to a conversation is shown elsewhere.
pytestmark = pytest.mark.parametrize("client", ["local"], indirect=True)


async def hear(
    client: RunnerClient, template: dict[str, Any], *said: str, region: str = "US"
) -> Done:
    """The answer to the last line. Every value that a line gave stands in that line."""
    talk = Talk(client, template=template, region=region)
    done = None
    for line in said:
        done = await talk.say(line)
        for operation in done.operations:
            if operation.start is not None:
                assert line[operation.start : operation.end] == operation.quote
    assert done is not None
    if done.document is not None:
        jsonschema.Draft202012Validator(template).validate(done.document)
    return done


def guests(done: Done) -> list[Any]:
    return [held.value for held in done.fields if held.path.startswith("guests")]


def rooms(done: Done) -> dict[str, Any]:
    return {path: value for path, value in values(done).items() if path.startswith("rooms")}


async def test_several_values_of_a_list_come_in_one_message(client: RunnerClient) -> None:
    done = await hear(client, GUESTS, "Ann", "It will be Mario, Anna and my brother Luca")
    assert guests(done) == ["Mario", "Anna", "Luca"]
    assert done.reply.asking == "guests"
    assert [choice.label for choice in done.reply.choices] == ["Add another", "That's all"]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (("no, not Luca",), ["Mario", "Anna"]),
        (("remove the second one",), ["Mario", "Luca"]),
        (("the second one is Anne",), ["Mario", "Anne", "Luca"]),
        (("change Anna to Anne",), ["Mario", "Anne", "Luca"]),
        (("not Anna, Anne",), ["Mario", "Anne", "Luca"]),
        (("it's Anne, not Anna",), ["Mario", "Anne", "Luca"]),
        (("Luca isn't coming",), ["Mario", "Anna"]),
        (("Mario",), ["Mario", "Anna", "Luca"]),
        (("add another", "Tom"), ["Mario", "Anna", "Luca", "Tom"]),
        (("that's all", "415 555 0134", "add Tom"), ["Mario", "Anna", "Luca", "Tom"]),
        (("that's all", "415 555 0134", "remove Mario and Anna"), ["Luca"]),
    ],
)
async def test_a_list_is_changed_by_name_and_number(
    client: RunnerClient, said: tuple[str, ...], left: list[str]
) -> None:
    done = await hear(client, GUESTS, "Ann", "Mario, Anna and Luca", *said)
    assert guests(done) == left


async def test_a_list_wants_as_many_as_it_needs_and_takes_no_more_than_it_may(
    client: RunnerClient,
) -> None:
    few = await hear(client, GUESTS, "Ann", "Mario", "that's all")
    assert few.reply.asking == "guests"
    assert "at least 2 guests" in few.reply.text
    many = await hear(client, GUESTS, "Ann", "Mario, Anna, Luca, Tom and Kim")
    assert guests(many) == ["Mario", "Anna", "Luca", "Tom"]
    assert "at most 4 guests" in many.reply.text
    assert many.reply.asking == "phone"


async def test_who_is_there_already_is_not_taken_twice(client: RunnerClient) -> None:
    done = await hear(client, GUESTS, "Ann", "Mario and Anna", "Anna")
    assert guests(done) == ["Mario", "Anna"]
    assert "I have “Anna” already." in done.reply.text


async def test_the_last_item_and_the_end_come_in_one_message(client: RunnerClient) -> None:
    done = await hear(client, GUESTS, "Ann", "Mario and Anna", "Luca, that's all")
    assert guests(done) == ["Mario", "Anna", "Luca"]
    assert done.reply.asking == "phone"


async def test_several_items_of_a_group_come_in_one_message(client: RunnerClient) -> None:
    done = await hear(
        client, ROOMS, "Ann", "the hall doesn't leak, the attic neither but the bath does"
    )
    assert rooms(done)["rooms[0].name"] == "hall"
    assert [rooms(done).get(f"rooms[{n}].leaks") for n in (0, 2)] == [False, True]
    both = await hear(client, ROOMS, "Ann", "kitchen and hall both leak")
    assert rooms(both) == {
        "rooms[0].name": "kitchen", "rooms[0].leaks": True,
        "rooms[1].name": "hall", "rooms[1].leaks": True,
    }  # fmt: skip


async def test_what_an_item_needs_depends_on_the_item(client: RunnerClient) -> None:
    done = await hear(client, ROOMS, "Ann", "the kitchen leaks, the hall doesn't")
    assert done.reply.asking == "rooms[0].since"
    assert done.reply.text.endswith("Kitchen: Since when?")
    dry = await hear(
        client, ROOMS, "Ann", "the kitchen leaks, the hall doesn't", "since yesterday",
        "the kitchen doesn't leak",
    )  # fmt: skip
    assert "rooms[0].since" not in values(dry)
    assert values(dry)["rooms[0].leaks"] is False


async def test_fields_of_an_item_are_asked_for_in_turn_until_the_visitor_is_done(
    client: RunnerClient,
) -> None:
    done = await hear(
        client, ROOMS, "Ann", "the kitchen", "no", "yes", "the hall", "no and the attic doesn't",
        "that's all", "a@b.co",
    )  # fmt: skip
    names = [value for path, value in rooms(done).items() if path.endswith("name")]
    assert names == ["kitchen", "hall", "attic"]
    lines = done.reply.text.split("\n")
    assert "- Room 2: Hall (leaks: no)" in lines
    removed = await hear(
        client, ROOMS, "Ann", "the kitchen doesn't leak, the hall doesn't, the attic doesn't", "no",
        "a@b.co", "remove the kitchen", "the second room leaks", "yesterday", "yes",
    )  # fmt: skip
    assert removed.document is not None
    assert removed.document["rooms"] == [
        {"name": "hall", "leaks": False},
        {"name": "attic", "leaks": True, "since": "2026-03-01"},
    ]


async def test_no_item_leaves_an_optional_group_out(client: RunnerClient) -> None:
    done = await hear(client, ROOMS, "Ann", "none", "a@b.co", "yes")
    assert done.document == {"name": "Ann", "email": "a@b.co"}


async def test_going_back_and_starting_over_keep_a_group_whole(client: RunnerClient) -> None:
    back = await hear(client, ROOMS, "Ann", "the kitchen", "go back", "the hall")
    assert rooms(back) == {"rooms[0].name": "hall"}
    fresh = await hear(client, ROOMS, "Ann", "the kitchen", "start over")
    assert (values(fresh), fresh.reply.asking) == ({}, "name")


async def test_a_form_sets_a_list_as_a_whole_and_loses_what_is_gone(client: RunnerClient) -> None:
    talk = Talk(client, template=GUESTS)
    await talk.say("Ann")
    await talk.say("Mario, Anna and Luca")
    done = await talk.edit("guests", ["Mario", "Kim"])
    assert guests(done) == ["Mario", "Kim"]


@pytest.mark.parametrize(
    "text", ["why do you ask?", "what does that mean?", "hello", "how are you?"]
)
async def test_a_question_or_chat_is_no_item(client: RunnerClient, text: str) -> None:
    for template in (GUESTS, ROOMS):
        done = await hear(client, template, "Ann", text)
        assert values(done) == {"name": "Ann"}


async def test_a_clinic_history_is_taken_to_its_end(client: RunnerClient) -> None:
    template = gallery_template("clinic-history")
    done = await hear(
        client, template, "Tom Baker", "3 May 1980", "020 7946 0958", "headaches", "skip", "asthma",
        "yes", "Ibuprofen 200 mg twice a day", "Ramipril daily, and Metformin twice a day", "5 mg",
        "skip", "that's all", "yes", "peanuts and penicillin", "yes", "no", "nothing else", "never",
        "yes", "the second one is 10 mg", "remove the metformin", "yes", region="GB",
    )  # fmt: skip
    assert done.status == "completed"
    assert done.document is not None
    assert done.document["medication"] == [
        {"name": "Ibuprofen", "dose": "200 mg", "how_often": "twice_daily"},
        {"name": "Ramipril", "dose": "10 mg", "how_often": "daily"},
    ]
    assert done.document["allergies"] == [
        {"substance": "peanuts", "severe": True},
        {"substance": "penicillin", "severe": False},
    ]
