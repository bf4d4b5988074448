"""The document of the evaluation: what it reads, what it says, and that it is the newest."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ai_bridge.evaluation.contacts import Agreement, email_agreements, phone_agreements
from ai_bridge.evaluation.dialogues import read_dialogues
from ai_bridge.evaluation.document import DOCUMENT, document, main
from ai_bridge.evaluation.gold import Dialogue
from ai_bridge.evaluation.hostile import WORST, worst_turns
from ai_bridge.evaluation.sections import INTRODUCTION, SECTIONS, title_of

DIALOGUE = {
    "id": "d1",
    "reference_date": "2019-03-01",
    "template": [{"name": "when", "type": "date", "description": "Day", "enum": []}],
    "turns": [
        {
            "assistant": "When?",
            "asked": ["when"],
            "user": "on the 8th",
            "gold": {
                "when": {"canonical": ["2019-03-08"], "surface": ["the 8th"], "span": [3, 10]}
            },
        }
    ],
}
BOOKINGS = [
    {"id": "b1", "user": "at 7pm", "asked": [], "gold": {"time": {"span": [3, 6], "text": "7pm"}}},
    {"id": "b2", "user": "Is there parking?", "asked": [], "gold": {}},
]
ENQUIRIES = [
    {
        "id": "e1",
        "domain": "hotels",
        "reference_date": "2022-03-15",
        "user": "two rooms from 4 May to 6 May, at 4",
        "gold": {
            "rooms": {"text": "two", "span": [0, 3], "value": 2},
            "date_from": {
                "text": "4 May",
                "span": [15, 20],
                "value": {"day": 4, "month": 5, "year": 2022},
            },
            "time": {"text": "4", "span": [34, 35], "value": {"hour": 4, "minute": 0}},
            "date_to": {
                "text": "6 May",
                "span": [24, 29],
                "value": {"day": 6, "month": 5, "year": 2022},
            },
        },
    },
    {
        "id": "e2",
        "domain": "banking",
        "reference_date": "2022-03-15",
        "user": "what did I spend this week, and who took $20.50 at 3:05 pm",
        "gold": {
            "date_period": {"text": "this week", "span": [17, 26], "values": {}},
            "amount_of_money": {
                "text": "$20.50",
                "span": [41, 47],
                "value": {"amount": 20.5, "currency": "USD"},
            },
            "time": {"text": "3:05 pm", "span": [51, 58], "value": {"hour": 15, "minute": 5}},
        },
    },
]


def _result(name: str, text: str, **resolution: Any) -> dict[str, Any]:
    return {"Text": text, "TypeName": name, "Resolution": resolution, "Start": None, "End": None}


CASES = [
    {
        "id": "DateTime_English_DateTimeModel#1",
        "input": "Come tomorrow, or at seven",
        "reference": "2018-05-22T16:12:00",
        "results": [
            _result("datetimeV2.date", "tomorrow", values=[{"value": "2018-05-23"}]),
            _result(
                "datetimeV2.time", "at seven", values=[{"value": "07:00:00"}, {"value": "19:00:00"}]
            ),
            _result("datetimeV2.set", "daily", values=[{"value": "not resolved"}]),
        ],
    },
    {
        "id": "Sequence_English_PhoneNumberModel#1",
        "input": "Ring 541-754-3010",
        "reference": None,
        "results": [_result("phonenumber", "541-754-3010", value="541-754-3010")],
    },
    {
        "id": "Number_English_NumberModel#1",
        "input": "It is two",
        "reference": None,
        "results": [_result("number", "two", value="2.0")],
    },
    {
        "id": "DateTime_English_DateTimeModel#2",
        "input": "Nothing of the kind",
        "reference": "2018-05-22T16:12:00",
        "results": [],
    },
]
EMAILS = [
    ["test_email_valid", "ann@tenants.example.net", None],
    ["test_email_invalid_syntax", "my@.leading.com", "starts with a point"],
    ["test_pyisemail_tests", ["ann@iana.org", "ISEMAIL_VALID"], None],
    ["test_pyisemail_tests", ["ann@[1.2.3.4]", "ISEMAIL_RFC5321_ADDRESSLITERAL"], None],
]
PHONES = [
    {"region": "DE", "cc": "49", "type": "fixedLine", "national": "30123456"},
    {"region": "FR", "cc": "33", "type": "mobile", "national": "612345678"},
]
FILES: dict[str, list[Any]] = {
    "dialogues/sgd_dev_single.jsonl": [DIALOGUE, DIALOGUE],
    "dialogues/restaurants8k_train_2000.jsonl": BOOKINGS,
    "dialogues/nlupp_folds0-9.jsonl": ENQUIRIES,
    "dialogues/recognizers_specs_en_half.jsonl": CASES,
    "corpora/emails.json": EMAILS,
    "corpora/phones.json": PHONES,
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder like that of the public data, with some rows of our own in each file."""
    for name, rows in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        lines = [json.dumps(row) for row in rows]
        path.write_text("\n".join(lines) if name.endswith("l") else json.dumps(rows))
    return tmp_path


def _by_id(path: Path) -> dict[str, Dialogue]:
    return {dialogue.id: dialogue for dialogue in read_dialogues(path)}


def test_the_document_has_the_sections_and_words_of_its_generator() -> None:
    written = DOCUMENT.read_text()
    assert re.findall(r"^## .*$", written, re.M) == [title_of(section) for section in SECTIONS]
    assert INTRODUCTION in written, "Run `make evaluate`."
    for section in SECTIONS:
        assert section.about in written, f"Run `make evaluate`: {section.title} has changed."


def test_every_section_measures_its_file(data: Path) -> None:
    measured = [section for section in SECTIONS if section.title != "Speed"]
    made = "\n".join(document(data, measured))
    assert "| messages | 2 | 2 |" in made
    assert "| date | 1 | 1.000 | 1.000 | 1 | 0 | 0 |" in made
    assert "| good e-mail addresses | 2 | 2 |" in made


def test_the_dearest_turns_are_named_the_dearest_first() -> None:
    worst = worst_turns({"short": "hi", "long": "at 7 " * 200})
    assert len(worst) == WORST
    assert {one.text for one in worst} == {"long"}
    assert worst == sorted(worst, reverse=True)


def test_a_booking_is_right_by_the_words_it_was_read_from(data: Path) -> None:
    found = _by_id(data / "dialogues/restaurants8k_train_2000.jsonl")
    turn = found["b1"].turns[0]
    assert (turn.gold, turn.spans, turn.by_place) == ({"time": ("7pm",)}, {"time": (3, 6)}, True)
    assert found["b2"].turns[0].gold == {}


def test_an_enquiry_is_asked_for_each_kind_but_not_for_a_period(data: Path) -> None:
    found = _by_id(data / "dialogues/nlupp_folds0-9.jsonl")
    assert found["e1-date"].turns[0].gold == {"date": ("2022-05-04", "2022-05-06")}
    assert found["e1-date"].turns[0].asked == ("date",)
    assert found["e1-name"].turns[0].gold == {}
    assert found["e1-time"].turns[0].gold == {"time": ("04:00", "16:00")}
    assert found["e1"].turns[0].gold == {"rooms": ("2",)}
    assert "e2-date" not in found
    assert found["e2-money"].turns[0].gold == {"amount": ("20.5",)}
    assert found["e2-time"].turns[0].gold == {"time": ("15:05",)}


def test_a_case_asks_for_what_it_states_or_for_what_its_parser_looks_for(data: Path) -> None:
    found = _by_id(data / "dialogues/recognizers_specs_en_half.jsonl")
    date = found["DateTime_English_DateTimeModel#1-date"]
    assert date.turns[0].gold == {"date": ("2018-05-23",)}
    assert date.now == datetime.fromisoformat("2018-05-22T16:12:00")
    time = found["DateTime_English_DateTimeModel#1-time"]
    assert time.turns[0].gold == {"time": ("07:00", "19:00")}
    phone = found["Sequence_English_PhoneNumberModel#1-phone"].turns[0]
    assert (phone.by_place, phone.spans) == (True, {"phone": (5, 17)})
    empty = [name for name in found if name.startswith("DateTime_English_DateTimeModel#2")]
    assert sorted(name.rpartition("-")[2] for name in empty) == ["date", "time"]


@pytest.mark.parametrize(
    ("judge", "name", "wanted"),
    [
        (email_agreements, "emails.json", [(2, 2), (1, 1)]),
        (phone_agreements, "phones.json", [(2, 2), (2, 2)]),
    ],
)
def test_contacts_are_judged_as_others_judge_them(
    data: Path,
    judge: Callable[[Path], tuple[Agreement, ...]],
    name: str,
    wanted: list[tuple[int, int]],
) -> None:
    found = judge(data / "corpora" / name)
    assert [(item.agreed, item.total) for item in found] == wanted


def test_who_judges_otherwise_is_told_why(tmp_path: Path) -> None:
    emails, phones = tmp_path / "emails.json", tmp_path / "phones.json"
    emails.write_text(json.dumps([["test_email_valid", '"my name"@example.org', None]]))
    row = {"region": "UY", "cc": "598", "type": "uan", "national": "21123"}
    phones.write_text(json.dumps([row]))
    found = [*email_agreements(emails)[:1], *phone_agreements(phones)]
    assert [(item.agreed, item.total) for item in found] == [(0, 1), (1, 1), (0, 1)]
    quoted, short = found[0].differing[0], found[2].differing[0]
    assert quoted.here == "refused: not an e-mail address"
    assert "in quotes" in quoted.reason
    assert (short.given, "with +598 before it" in short.reason) == (
        "21123 (UY, number of a company)",
        True,
    )


def test_missing_data_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "evaluation.md"
    given = ["document", "--data", str(tmp_path), "--output", str(output)]
    monkeypatch.setattr("sys.argv", given)
    with pytest.raises(SystemExit, match=r"sgd_dev_single\.jsonl is missing\. Set CHATSAAS_DATA"):
        main()
    assert not output.exists()
