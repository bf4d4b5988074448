"""Numbers, shares and counts of people as visitors write and say them."""

from math import isclose

import pytest

from ai_bridge.runner.normalise.numbers import find_numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,670", 1670),
        ("1 234 567", 1_234_567),
        ("two and a half grand", 2500),
        ("1.5k", 1500),
        ("10k", 10_000),
        ("a hundred and five", 105),
        ("one hundred and five", 105),
        ("3 hundred and 21", 321),
        ("twenty-one trillion three hundred", 21_000_000_000_300),
        ("half a million", 500_000),
        ("twenty-one", 21),
        ("two hundred point seventy-one", 200.71),
        ("naught point five", 0.5),
        ("1/2", 0.5),
        ("2½", 2.5),
        ("1 4/5", 1.8),
        ("two thirds", 2 / 3),
        ("a quarter", 0.25),
        ("one in total", 1),
        ("one out of three", 1 / 3),
        ("five and three quarters", 5.75),
        ("half a dozen", 6),
        ("3 dozens", 36),
        ("a couple", 2),
        ("-3", -3),
        ("minus ninety", -90),
        ("nineteen ninety five", 1995),
    ],
)
def test_numbers_are_read_in_digits_and_words(text: str, number: float) -> None:
    (found,) = find_numbers(text)
    assert isclose(found.value, number)
    assert isinstance(found.value, int) or not float(number).is_integer()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("myself and three others", 4),
        ("me, my wife and two kids", 4),
        ("my daughter and I", 2),
        ("me and my parents", 3),
        ("2 adults and 3 kids", 5),
        ("it'll just be me", 1),
        ("a family of four", 4),
        ("for us 6", 6),
    ],
)
def test_people_are_counted_by_naming_them(text: str, count: int) -> None:
    (found,) = find_numbers(text)
    assert (found.value, found.unit) == (count, "people")


def test_adults_and_children_stay_apart_where_they_are_asked_for_apart() -> None:
    found = find_numbers("2 adults and 3 kids", whole_groups=False)
    assert [(item.value, item.unit) for item in found] == [(2, "adults"), (3, "kids")]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("five grand and three rooms", [5000, 3]),
        ("2 million and 3 bathrooms", [2_000_000, 3]),
        ("2 people, i need a cab", [2]),
        ("10-12 people", [10, 12]),
        ("$2000 over 3 years", [2000, 3]),
        ("192.168.1.2", [192, 168, 1, 2]),
        ("22,24,26", [22, 24, 26]),
    ],
)
def test_neighbours_are_not_run_together(text: str, numbers: list[float]) -> None:
    assert [item.value for item in find_numbers(text)] == numbers


@pytest.mark.parametrize(
    ("text", "at_home", "in_germany"),
    [("2.500", 2.5, 2500), ("1.234,56", 1234.56, 1234.56), ("12.50", 12.5, 12.5)],
)
def test_marks_in_a_number_are_read_as_the_region_writes_them(
    text: str, at_home: float, in_germany: float
) -> None:
    assert [item.value for item in find_numbers(text, "US")] == [at_home]
    assert [item.value for item in find_numbers(text, "DE")] == [in_germany]


@pytest.mark.parametrize(
    "text",
    ["this one", "one way", "2nd", "x3y", "the one that I want", "open 24/7", "a third person",
     "1" * 30],
)  # fmt: skip
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert find_numbers(text) == []
