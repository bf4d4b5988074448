"""Stretches of days: both ends with their words, or what is missing."""

from datetime import datetime

import pytest

from ai_bridge.runner.normalise import Refusal
from ai_bridge.runner.normalise.ranges import Range, read_range

# A Saturday.
NOW = datetime(2026, 11, 21, 10)  # noqa: DTZ001 - the visitor's local time


def _read(text: str, region: str = "US") -> tuple[str, str, str, str]:
    found = read_range(text, NOW, region)
    assert isinstance(found, Range), found
    start, end = found.start, found.end
    return (
        str(start.value),
        text[start.start : start.end],
        str(end.value),
        text[end.start : end.end],
    )


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("from March 3 to March 7", "2027-03-03", "2027-03-07"),
        ("March 3-7", "2027-03-03", "2027-03-07"),
        ("March 3rd - 7th, 2028", "2028-03-03", "2028-03-07"),
        ("the 3rd to the 7th of May", "2027-05-03", "2027-05-07"),
        ("from the 28th until the 3rd", "2026-11-28", "2026-12-03"),
        ("Monday to Friday", "2026-11-23", "2026-11-27"),
        ("28 December to 3 January", "2026-12-28", "2027-01-03"),
        ("between Monday and Wednesday", "2026-11-23", "2026-11-25"),
        ("12/24/2026 to 1/2/2027", "2026-12-24", "2027-01-02"),
        ("arriving dec 3, leaving dec 5", "2026-12-03", "2026-12-05"),
        ("3 nights from Friday", "2026-11-27", "2026-11-30"),
        ("Friday for a week", "2026-11-27", "2026-12-04"),
        ("next week", "2026-11-23", "2026-11-29"),
        ("this weekend", "2026-11-21", "2026-11-22"),
        ("next month", "2026-12-01", "2026-12-31"),
        ("in March", "2027-03-01", "2027-03-31"),
        ("early june", "2027-06-01", "2027-06-10"),
        ("the first week of May", "2027-05-03", "2027-05-09"),
    ],
)
def test_both_ends_are_read(text: str, start: str, end: str) -> None:
    first, _, last, _ = _read(text)
    assert (first, last) == (start, end)


def test_each_end_keeps_its_own_words() -> None:
    assert _read("from March 3 to the 7th, please")[1::2] == ("March 3", "7th")
    assert _read("the 3rd to the 7th of May")[1::2] == ("3rd", "7th of May")
    assert _read("some day next week")[1::2] == ("next week", "next week")


def test_numbers_follow_the_region() -> None:
    assert _read("3/4 to 5/4", "GB")[::2] == ("2027-04-03", "2027-04-05")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("until Friday", "the start is missing"),
        ("from Friday", "the end is missing"),
        ("tomorrow and Friday", "the end is missing"),
        ("March 7 to 3", "ends before it begins"),
        ("from March 7 to March 3", "ends before it begins"),
        ("no idea", "not a range of days"),
    ],
)
def test_what_is_no_range_has_its_reason(text: str, reason: str) -> None:
    assert read_range(text, NOW, "US") == Refusal(reason)


def test_a_range_that_can_be_read_in_two_ways_is_asked_about() -> None:
    assert read_range("3/4 to 5/4", NOW, "") == Refusal("ambiguous 3/4")
