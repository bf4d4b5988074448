"""Which fields are erased when, and what stays of what mentions them."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from ai_bridge.intake import compile_template
from sessions_app.models import FieldValue
from sessions_app.retention.scrubbing import Scrub, scrub_of, scrub_row
from sessions_app.retention.terms import terms_of

SOON, LATER = {"retain_days": 30}, {"retain_days": 90}
DOCUMENT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Stay",
    "type": "object",
    "properties": {
        "name": {"type": "string", "x-intake": {"kind": "name", **SOON}},
        "born": {"type": "string", "format": "date", "x-intake": SOON},
        "beds": {"type": "integer", "x-intake": SOON},
        "kind": {"enum": ["repair", "new"], "x-intake": SOON},
        "address": {
            "type": "object",
            "x-intake": LATER,
            "properties": {"city": {"type": "string"}, "street": {"type": "string"}},
        },
        "guests": {
            "type": "array",
            "x-intake": SOON,
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "diet": {"type": "string", "x-intake": LATER},
                },
            },
        },
        "contact": {"type": "string", "x-intake": {"kind": "name"}},
        "note": {"type": "string"},
    },
}
INTAKE = compile_template(DOCUMENT)
TERMS = terms_of(INTAKE)


def scrub(**said: Any) -> Scrub:
    rows = [FieldValue(path=path, value=value, quote="") for path, value in said.items()]
    return scrub_of(INTAKE, TERMS, rows, days=30, moment=timezone.now(), has_words=True)


def test_a_period_holds_for_all_that_is_in_what_it_is_said_of() -> None:
    assert TERMS.periods == (30, 90)
    assert [
        TERMS.days_of(path)
        for path in ("name", "address.city", "guests[3].name", "guests[0].diet", "note", "unheard")
    ] == [30, 90, 30, 90, 0, 30]


def test_a_kept_text_says_nothing_of_an_erased_value_and_everything_else() -> None:
    known = scrub(name="Ann Lee", born="1980-03-06", beds=12, kind="repair")
    note = "Call Ann, born 6 March; the repair is planned for 12 rooms, says Lee's son"
    assert known.value("note", note, "set") == (
        "Call [erased], born [erased]; the repair is planned for 12 rooms, says [erased]'s son"
    )
    assert known.value("contact", "Ann Lee", "set") == "Ann Lee", "it is that field's own value"
    assert known.value("contact", "Ann Lee", "refused") == "[erased]", "nobody's own"


def test_a_quote_stays_unless_its_words_are_those_of_an_erased_value() -> None:
    message = uuid4()
    name = FieldValue(path="name", value="Ann", quote="Ann", message_uid=message, start=5, end=8)
    known = scrub_of(INTAKE, TERMS, [name], days=30, moment=timezone.now(), has_words=True)
    kept = FieldValue(path="note", value="wet", message_uid=message, start=10, end=13, quote="wet")
    both = FieldValue(path="note", value="x", message_uid=message, start=0, end=13, quote="I am")
    for row, quote in ((kept, "wet"), (both, "")):
        scrub_row(known, row)
        assert (row.quote, row.start, row.erased_at) == (quote, None, None)
