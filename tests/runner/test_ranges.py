"""A range of days from one phrase or from two answers; its ends never cross."""

import pytest

from ai_bridge.client import RunnerClient
from tests.runner.repeating import STAY
from tests.runner.talk import Talk, values
from tests.runner.test_repeating import hear

pytestmark = pytest.mark.parametrize("client", ["local"], indirect=True)
JUNE = {"stay.from": "2026-06-03", "stay.to": "2026-06-07"}


@pytest.mark.parametrize(
    "said",
    [
        ("from 3 to 7 June",),
        ("June 3-7",),
        ("between the 3rd and the 7th of June",),
        ("June 3rd for four nights",),
        ("3 June", "four nights"),
        ("3 June", "until the 7th"),
        ("from 3 June until 9 June", "no, until the 7th"),
        ("from 1 to 2 June", "actually from 3 to 7 June"),
    ],
)
async def test_both_ends_are_read(client: RunnerClient, said: tuple[str, ...]) -> None:
    done = await hear(client, STAY, "Ann", *said)
    assert {path: value for path, value in values(done).items() if path != "name"} == JUNE


async def test_next_weekend_has_two_days(client: RunnerClient) -> None:
    done = await hear(client, STAY, "Ann", "next weekend")
    assert values(done)["stay.from"] == "2026-03-14"
    assert values(done)["stay.to"] == "2026-03-15"
    assert "Saturday 14 March 2026 to Sunday 15 March 2026" in done.reply.text


async def test_one_end_alone_asks_for_the_other(client: RunnerClient) -> None:
    first = await hear(client, STAY, "Ann", "from 3 June")
    assert (first.reply.asking, "Until when?" in first.reply.text) == ("stay.to", True)
    last = await hear(client, STAY, "Ann", "until 7 June")
    assert (last.reply.asking, values(last)["stay.to"]) == ("stay.from", "2026-06-07")


async def test_a_last_day_before_the_first_is_refused_and_said_why(client: RunnerClient) -> None:
    done = await hear(client, STAY, "Ann", "3 June", "2 June")
    assert "stay.to" not in values(done)
    assert "3 June 2026" in done.reply.text


async def test_a_first_day_moved_past_the_last_asks_for_the_last_again(
    client: RunnerClient,
) -> None:
    done = await hear(client, STAY, "Ann", "from 3 to 7 June", "make it from 10 June")
    assert values(done) == {"name": "Ann", "stay.from": "2026-06-10"}
    assert done.reply.asking == "stay.to"


async def test_the_limits_of_a_range_hold_for_both_ends(client: RunnerClient) -> None:
    past = await hear(client, STAY, "Ann", "from 1 to 5 March 2026")
    assert "stay.from" not in values(past)
    far = await hear(client, STAY, "Ann", "from 1 to 5 May 2027")
    assert "stay.to" not in values(far)


async def test_a_page_gives_a_range_as_one_object(client: RunnerClient) -> None:
    talk = Talk(client, template=STAY)
    await talk.prefill(stay={"from": "2026-06-03", "to": "2026-06-07"})
    done = await talk.say("Ann")
    assert values(done) == {"name": "Ann", **JUNE}


async def test_a_date_of_two_readings_is_offered_both_ways(client: RunnerClient) -> None:
    template = {
        "type": "object",
        "properties": {"day": {"type": "string", "format": "date", "x-intake": {"ask": "Day?"}}},
        "required": ["day"],
    }
    done = await hear(client, template, "hello", "03/04", region="")
    assert [choice.label for choice in done.reply.choices] == ["3 April 2026", "4 March 2026"]
    taken = await hear(client, template, "hello", "03/04", "4 March 2026", region="")
    assert values(taken) == {"day": "2026-03-04"}
