"""Days as visitors name them, against a given day and region; what is no day is none."""

from datetime import UTC, date, datetime

import pytest

from ai_bridge.runner.normalise import Context, Refusal
from ai_bridge.runner.normalise.dates import find_dates

# A Friday.
US = Context(datetime(2019, 3, 1, 9, tzinfo=UTC), region="US")
GB = Context(US.now, region="GB")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-04-05", "2019-04-05"),
        ("20190405", "2019-04-05"),
        ("04th Jan 2020", "2020-01-04"),
        ("Dec. 31 , 1994", "1994-12-31"),
        ("15 April of 87", "1987-04-15"),
        ("3/18/40", "1940-03-18"),
        ("2020/Sep/23", "2020-09-23"),
        ("January 1st two thousand and thirty two", "2032-01-01"),
        ("May twenty nine", "2019-05-29"),
        ("July the 20th 1992", "1992-07-20"),
        ("feb 3", "2020-02-03"),
        ("the 14th", "2019-03-14"),
        ("the 7th of next month", "2019-04-07"),
        ("the 15th day of next month", "2019-04-15"),
        ("Monday next week", "2019-03-04"),
        ("tuesday of last week", "2019-02-19"),
        ("next tuesday", "2019-03-05"),
        ("following friday", "2019-03-08"),
        ("past wednesday", "2019-02-27"),
        ("a week from Friday", "2019-03-15"),
        ("a week on Friday", "2019-03-15"),
        ("Wednesday in two weeks", "2019-03-20"),
        ("Monday two weeks from now", "2019-03-11"),
        ("day after tomorrow", "2019-03-03"),
        ("in 14 days", "2019-03-15"),
        ("in a couple of weeks", "2019-03-15"),
        ("three weeks from now", "2019-03-22"),
        ("in 2 months", "2019-05-01"),
        ("2 years and a month ago", "2017-02-01"),
        ("2 weeks from January 15", "2020-01-29"),
        ("3 days before Christmas", "2019-12-22"),
        ("the day after Thanksgiving", "2019-11-29"),
        ("the first Monday of next month", "2019-04-01"),
        ("the last Friday in May", "2019-05-31"),
        ("end of the month", "2019-03-31"),
        ("christmas", "2019-12-25"),
        ("easter 2020", "2020-04-12"),
        ("independence day of this year", "2019-07-04"),
        ("tommorow", "2019-03-02"),
        ("Wed, 29 Aug 2018", "2018-08-29"),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, day: str) -> None:
    assert [item.value for item in find_dates(text, US)] == [date.fromisoformat(day)]


@pytest.mark.parametrize(
    "text",
    [
        "may I come in",
        "one may ask",
        "on second thought",
        "just a second",
        "the second floor",
        "for the first time",
        "the sun is out",
        "we sat down",
        "I march to work",
        "31/02/2019",
        "version 1.2",
        "8/1.5",
        "it was $ 12 december or not",
        "There are 10 students",
    ],
)
def test_what_is_no_date_is_read_as_none(text: str) -> None:
    assert find_dates(text, US) == []


def test_a_numeric_date_follows_the_region() -> None:
    assert find_dates("03/04/2020", US)[0].value == date(2020, 3, 4)
    assert find_dates("03/04/2020", GB)[0].value == date(2020, 4, 3)
    assert find_dates("25/12/2020", US)[0].value == date(2020, 12, 25)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        # The weekday tells which of the two is the month.
        ("Saturday 7/9", "2019-09-07"),
        ("Sunday 7/4/2019", "2019-04-07"),
        ("Monday 21", "2019-10-21"),
        ("Thu the 14th", "2019-03-14"),
    ],
)
def test_a_weekday_and_a_number_have_to_agree(text: str, day: str) -> None:
    assert [item.value for item in find_dates(text, US)] == [date.fromisoformat(day)]


@pytest.mark.parametrize(
    "text",
    [
        "next week",
        "this weekend",
        "asap",
        "as soon as possible",
        "sometime next month",
        "right away",
    ],
)
def test_a_period_is_no_one_day(text: str) -> None:
    (found,) = find_dates(text, US)
    assert (found.value, found.note) == (Refusal("no one day"), "period")


def test_a_stay_and_its_first_day_are_not_added_up() -> None:
    (found,) = find_dates("for four days from the 7th", US)
    assert found.value == date(2019, 3, 7)
