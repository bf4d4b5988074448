"""Every way to answer a question for a day, a name, a place or a few words. A share of right
answers over all of them, as on the dialogues, still looks well when one way is lost as a whole.
"""

import pytest

from tests.extract.questions import answer
from tests.extract.speaking import say

# By kind and way: what is said, and what it fills. It is Saturday, 21 November 2026.
WAYS: dict[tuple[str, str], dict[str, str]] = {
    ("date", "a month by its name"): {
        "March 14th": "2027-03-14",
        "14 march": "2027-03-14",
        "the 3rd of june": "2027-06-03",
        "jan 5": "2027-01-05",
        "Dec. 31": "2026-12-31",
        "5 Sept": "2027-09-05",
        "how about february 20th?": "2027-02-20",
        "October 1, 2027": "2027-10-01",
        "Mon, 7 June": "2027-06-07",
        "let's say november 30": "2026-11-30",
    },
    ("date", "figures"): {
        "12/24": "2026-12-24",
        "2027-01-15": "2027-01-15",
        "3/18/2027": "2027-03-18",
    },
    ("date", "a day of this month or the next"): {"the 14th": "2026-12-14"},
    ("date", "a weekday"): {"monday please": "2026-11-23", "next friday": "2026-11-27"},
    ("date", "a distance"): {
        "tomorrow": "2026-11-22",
        "in two weeks": "2026-12-05",
        "a week from friday": "2026-12-04",
        "the day after tomorrow": "2026-11-23",
    },
    ("date", "a feast"): {"christmas eve": "2026-12-24"},
    ("name", "words that lead up to it"): {
        "i'm called arla posis": "Arla Posis",
        "put it under the name of dora tangren": "Dora Tangren",
        "you can call me mia, that is what everybody says": "Mia",
        "my full name is ana maria lopez, spelled with one n": "Ana Maria Lopez",
        "sure, it's mark": "Mark",
    },
    ("name", "capitals"): {
        "I'm Sara Connor, we spoke on the phone yesterday about the leak": "Sara Connor",
        "Mr Tom Baker": "Mr Tom Baker",
    },
    ("name", "words that are no others"): {"ann lee": "Ann Lee", "o'brien": "O'brien"},
    ("name", "the whole answer"): {"rose king": "Rose King", "jim hall": "Jim Hall"},
    ("place", "words that are no others"): {
        "i live in palo alto": "palo alto",
        "somewhere near oakland please": "oakland",
    },
    ("place", "everyday words after a small one"): {"it is in long beach": "long beach"},
    ("place", "the whole answer"): {
        "paris, texas": "paris, texas",
        "it's the sunset district": "sunset district",
        "Bath": "Bath",
        "Hope": "Hope",
    },
    ("text", "the whole answer"): {
        "a leaking gutter": "leaking gutter",
        "cats": "cats",
        "red wine please": "red wine",
        "maybe jazz": "jazz",
        "it leaks when it rains": "it leaks when it rains",
    },
}


@pytest.mark.parametrize(("kind", "way"), WAYS)
def test_no_way_of_answering_is_lost(kind: str, way: str) -> None:
    said = WAYS[kind, way]
    assert {text: answer(kind, text) for text in said} == said


@pytest.mark.parametrize(
    "text", ["my name is ann lee", "call me ann lee", "i am called ann lee, what else?"]
)
def test_a_name_is_taken_from_its_words_whatever_was_asked(text: str) -> None:
    assert {asking: say(text, asking) for asking in (None, "visit", "rooms")} == {
        asking: {"name": "Ann Lee"} for asking in (None, "visit", "rooms")
    }
