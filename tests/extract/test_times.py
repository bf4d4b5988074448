"""Times of day as visitors say them; counts and ratios are none."""

from datetime import datetime

import pytest

from ai_bridge.runner.normalise.times import find_times
from tests.extract.questions import answer, read_answer

NOW = datetime(2026, 11, 21, 10, 15)  # noqa: DTZ001 - the visitor's local time


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("18:30", (18, 30)),
        ("5:15 pm", (17, 15)),
        ("930pm", (21, 30)),
        ("half past four", (4, 30)),
        ("quarter past 5 in the evening", (17, 15)),
        ("fifteen past eight in the morning", (8, 15)),
        ("25 to 7 p.m.", (18, 35)),
        ("20 to 1 in the afternoon", (12, 40)),
        ("8:00 evening", (20, 0)),
        ("12:25 night", (0, 25)),
        ("15 35 in the afternoon", (15, 35)),
        ("8.30 in the morning", (8, 30)),
        ("noon", (12, 0)),
        ("mid night", (0, 0)),
        ("12 am", (0, 0)),
        ("22hr", (22, 0)),
        ("6ish", (6, 0)),
        ("morning 10:30", (10, 30)),
        ("7 o'clock in the evening", (19, 0)),
        ("eight thirty pm", (20, 30)),
    ],
)
def test_times_are_read_as_people_say_them(text: str, clock: tuple[int, int]) -> None:
    assert [item.value for item in find_times(text)] == [clock]


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("in 2 hours", (12, 15)),
        ("in an hour and a half", (11, 45)),
        ("half an hour from now", (10, 45)),
        ("20 minutes ago", (9, 55)),
    ],
)
def test_a_time_may_be_told_from_now(text: str, clock: tuple[int, int]) -> None:
    assert [item.value for item in find_times(text, now=NOW)] == [clock]
    assert find_times(text) == []


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("1830", "18:30"),
        ("fifteen", "15:00"),
        ("11 preferably", "11:00"),
        ("06:15", "06:15"),
        # Who means four at night says so.
        ("for 4", "16:00"),
        ("6.15", "18:15"),
        ("7, for dinner", "19:00"),
        ("this evening, sometime after 7", "19:00"),
        ("breakfast at 8", "08:00"),
        ("lunch at 1", "13:00"),
        ("9 tonight", "21:00"),
        ("a table for two at 8", "20:00"),
        ("good morning, we'd like dinner at 7", "19:00"),
        ("Is 1:15pm available?", "13:15"),
        ("does 3 pm work for you?", "15:00"),
    ],
)
def test_to_the_question_for_a_time_a_bare_number_is_one(text: str, clock: str) -> None:
    assert answer("time", text) == clock


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("7", "7 in the morning, 7 in the evening"),
        ("sometime after 8:30", "8:30 in the morning, 8:30 in the evening"),
        ("yesterday around 5", "5 in the morning, 5 in the afternoon"),
        ("good evening, at 9", "9 in the morning, 9 in the evening"),
    ],
)
def test_an_hour_that_nothing_puts_in_a_half_of_the_day_is_asked_back(text: str, both: str) -> None:
    (operation,) = read_answer("time", text).operations
    assert (operation.accepted, operation.reason) == (False, f"more than one: {both}")


@pytest.mark.parametrize(
    "text",
    [
        "There are 10 students.",
        "There are two to four people in the room",
        "One may ask a question to themselves",
        "Mortgages were at 6.45 percent",
        "This screen has a 4:3 aspect ratio.",
        "2015-1-32 is a wrong date",
        "There is no week 00, nor W00",
        "from 5 to 23 January",
        "book a table for 5",
        "Create 6 new standing orders",
    ],
)
def test_what_is_counted_or_measured_is_no_time(text: str) -> None:
    assert answer("time", text) is None
