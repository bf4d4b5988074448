"""What a visitor's line fills: the right fields, with their own words as proof."""

import json
from typing import Any

import pytest

from tests.extract.speaking import only, read, say


@pytest.mark.parametrize(
    ("text", "asking", "filled"),
    [
        ("Ann Lee", "name", {"name": "Ann Lee"}),
        ("it's robert o'neil", "name", {"name": "Robert O'neil"}),
        ("Ann.Lee@Example.COM", "email", {"email": "Ann.Lee@example.com"}),
        ("ann at example dot com", "email", {"email": "ann@example.com"}),
        ("(415) 555-2671", "phone", {"phone": "+14155552671"}),
        ("my roof has a leak", "service", {"service": "repair"}),
        ("New roof please", "service", {"service": "new_roof"}),
        ("new rof", "service", {"service": "new_roof"}),
        ("March 14th", "visit", {"visit": "2027-03-14"}),
        ("a week from Friday", "visit", {"visit": "2026-12-04"}),
        ("03/04", "visit", {"visit": "2027-03-04"}),
        ("yes", "insured", {"insured": True}),
        ("no, it isn't", "insured", {"insured": False}),
        ("the house is not insured", None, {"insured": False}),
        ("about twelve", "rooms", {"rooms": 12}),
        ("Springfield", "address.city", {"address.city": "Springfield"}),
        ("94107", "address.zip", {"address.zip": "94107"}),
        (
            "around two and a half grand",
            "budget",
            {"budget": {"amount": 2500, "currency": "USD"}},
        ),
        ("500 euros", "budget", {"budget": {"amount": 500, "currency": "EUR"}}),
        ("yes, I agree", "agree", {"agree": True}),
        (
            "it leaks in the kitchen when it rains",
            "notes",
            {"notes": "it leaks in the kitchen when it rains"},
        ),
    ],
)
def test_each_kind_is_read_from_an_answer(
    text: str, asking: str | None, filled: dict[str, object]
) -> None:
    values = {"service": "new_roof"} if asking == "budget" else {}
    assert say(text, asking, **values) == filled


def test_several_fields_come_from_one_message() -> None:
    text = (
        "Hi, I'm Sara Connor, my phone is 415 555 2671 "
        "and I need an inspection on the 14th of December"
    )
    assert say(text) == {
        "name": "Sara Connor",
        "phone": "+14155552671",
        "service": "inspection",
        "visit": "2026-12-14",
    }


def test_numbers_go_where_their_units_say() -> None:
    assert say("I have a 10 year old roof and 4 rooms") == {"age": 10, "rooms": 4}


def test_lower_case_is_read_like_any_other() -> None:
    assert say("i want a new roof for my house in denver") == {
        "service": "new_roof",
        "address.city": "denver",
    }


@pytest.mark.parametrize(
    ("text", "path", "old", "new"),
    [
        ("make that the 14th", "visit", "2026-12-01", "2026-12-14"),
        ("not the 14th, the 15th", "visit", "2026-12-14", "2026-12-15"),
        ("Actually, my email is ann@foo.org", "email", "a@b.co", "ann@foo.org"),
        ("no, the email should be ann@foo.org", "email", "a@b.co", "ann@foo.org"),
        ("I meant 5 rooms", "rooms", 3, 5),
        ("actually, make it 5", "rooms", 3, 5),
        ("no, my name is Anne", "name", "Ann", "Anne"),
        ("change the city to Denver", "address.city", "Boston", "Denver"),
        ("the repair, not the inspection", "service", "inspection", "repair"),
    ],
)
def test_a_correction_in_free_text_is_told_from_a_first_answer(
    text: str, path: str, old: Any, new: Any
) -> None:
    standing: dict[str, Any] = {path.replace(".", "__"): old}
    operation = only(read(text, **standing))
    assert (operation.op, operation.path, operation.value) == ("correct", path, new)


def test_what_was_said_and_taken_back_in_one_line_is_not_stored() -> None:
    assert say("the 14th. no wait, the 15th", "visit") == {"visit": "2026-12-15"}


def test_a_value_that_stands_already_is_not_stated_again() -> None:
    assert read("my email is a@b.co", email="a@b.co").operations == ()


@pytest.mark.parametrize(
    "text",
    [
        "What time do you open on Monday?",
        "Do you work on Sundays?",
        "why do you need my email?",
        "How much does a new roof cost?",
        "what's your name?",
        "how are you?",
        "hello",
        "thanks!",
        "lol ok",
        "this is a stupid question",
        "can I talk to a human?",
        "are you a robot?",
        "nice weather today isn't it",
    ],
)
def test_questions_and_chat_fill_no_name_and_nothing_else(text: str) -> None:
    assert say(text, "name") == {}
    assert say(text) == {}


def test_free_text_fills_only_the_field_that_was_asked_for() -> None:
    assert say("purple with stripes") == {}
    assert say("purple with stripes", "notes") == {"notes": "purple with stripes"}


@pytest.mark.parametrize(
    ("text", "asking", "reason"),
    [
        ("yesterday", "visit", "past"),
        ("forty", "rooms", "more than 20"),
        ("not an email", "email", "not an e-mail address"),
        ("maybe", "rooms", "not a number"),
        ("no", "agree", "not agreed"),
        ("purple", "service", "not one of the options"),
    ],
)
def test_an_answer_that_cannot_be_stored_is_refused_with_its_reason(
    text: str, asking: str, reason: str
) -> None:
    operation = only(read(text, asking))
    assert (operation.accepted, operation.path, operation.reason) == (False, asking, reason)
    assert text[operation.start : operation.end] == operation.quote


def test_a_date_without_a_region_is_asked_about() -> None:
    operation = only(read("03/04", "visit", region=""))
    assert (operation.accepted, operation.reason) == (False, "ambiguous 03/04")
    assert say("03/04", "visit", region="GB") == {"visit": "2027-04-03"}


@pytest.mark.parametrize(
    ("text", "op"),
    [
        ("skip", "decline"),
        ("I'd rather not say", "decline"),
        ("I don't know", "unknown"),
        ("doesn't matter", "decline"),
    ],
)
def test_declining_and_not_knowing_are_operations_on_the_asked_field(text: str, op: str) -> None:
    operation = only(read(text, "phone"))
    assert (operation.op, operation.path) == (op, "phone")
    assert text[operation.start : operation.end] == operation.quote


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("yes", "affirm"),
        ("looks good", "affirm"),
        ("nope", "negate"),
        ("why do you need this?", "why"),
        ("what have you got so far?", "what_have_you_got"),
        ("can you repeat the question", "repeat"),
        ("go back", "go_back"),
        ("start over", "start_over"),
        ("skip", "skip"),
        ("I'd rather not say", "refuse"),
        ("no idea", "dont_know"),
        ("whatever", "dont_care"),
        ("that's all", "done"),
        ("cancel", "cancel"),
        ("can I speak to a real person", "wants_human"),
        ("hello", "greeting"),
        ("thank you", "thanks"),
        ("how are you?", "chit_chat"),
        ("where are you based?", "question"),
    ],
)
def test_signals_are_heard(text: str, signal: str) -> None:
    assert signal in read(text, "phone").signals


LINES = [
    "My name is Ann Lee, ann@example.com, call 415-555-2671, fix it next Tuesday, 3 rooms",
    "İstanbul’dan 👩‍👩‍👧 geldim, my email is ünï@exämple.org and it's for 12/12",
    "no — make that the 14th… or rather the 15th",
    "A\u0301nn O’Neill\u200b, 12 rooms\nin San José; $5,000",
]


@pytest.mark.parametrize("text", LINES)
@pytest.mark.parametrize("asking", [None, "name", "visit", "notes", "rooms"])
def test_every_operation_quotes_the_message_itself(text: str, asking: str | None) -> None:
    for operation in read(text, asking, service="new_roof").operations:
        assert operation.start is not None
        assert operation.quote
        assert text[operation.start : operation.end] == operation.quote


HOSTILE = [
    "a" * 8192,
    "1" * 8192,
    "1,1" * 2700,
    "at 7 " * 1600,
    "the 14th of " * 680,
    "a@" * 4096,
    "a.b@c." * 1300,
    "http://" * 1100,
    "(((((+1 " * 1000,
    "new roof" * 1000,
    "my name is " * 740,
    "no wait " * 1000,
    "\u0301" * 8192,
    "New York " * 900,
    "one hundred and " * 500,
    "? " * 4096,
    " " * 8192,
    "-" * 8192,
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:8] for text in HOSTILE])
def test_hostile_text_gives_few_operations_and_no_crash(text: str) -> None:
    for asking in (None, "name", "visit", "notes", "email"):
        assert len(read(text, asking).operations) <= 14


def test_the_same_line_is_always_read_the_same() -> None:
    text = LINES[0]
    first = json.dumps([item.model_dump() for item in read(text).operations])
    assert all(
        json.dumps([item.model_dump() for item in read(text).operations]) == first for _ in range(5)
    )
