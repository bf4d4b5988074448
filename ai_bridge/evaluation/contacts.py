"""Addresses and numbers that others have judged, and whether the product judges the same."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from unicodedata import normalize as unicode_form

from ai_bridge.evaluation.slots import intake_of, slot
from ai_bridge.intake import IntakeField
from ai_bridge.runner.normalise import Context, Refusal, Value, normalise
from ai_bridge.runner.normalise.contacts import FEWEST_DIGITS, MIN_DIGITS

_NOW = datetime.fromisoformat("2024-01-01T09:00:00")
_GOOD = {"test_email_valid", "test_email_valid_intl_local_part"}
_BAD = {
    "test_email_invalid_syntax",
    "test_email_invalid_syntax_strict",
    "test_email_invalid_reserved_domain",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One that is judged otherwise here: what was given, what came of it, and why."""

    given: str
    here: str
    reason: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of so many judged alike, `agreed` are judged the same here; the others are `differing`."""

    what: str
    agreed: int
    total: int
    differing: tuple[Difference, ...] = ()


def email_agreements(path: Path) -> tuple[Agreement, ...]:
    """Good ones have to be taken whole, and no bad one may be."""
    judged = list(_judged_emails(json.loads(path.read_text(encoding="utf-8"))))
    field = _field("email")
    return tuple(
        _agreement(
            what,
            [
                None if _is_whole(field, text) == is_good else _email_difference(field, text)
                for text, wanted in judged
                if wanted is is_good
            ],
        )
        for what, is_good in (("good e-mail addresses", True), ("bad e-mail addresses", False))
    )


def phone_agreements(path: Path) -> tuple[Agreement, ...]:
    """Every number has to come to the same international one, from its own country's form too."""
    rows: list[Mapping[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    field = _field("phone")
    abroad = [_phone_difference(field, f"+{row['cc']} {row['national']}", "", row) for row in rows]
    home = [_phone_difference(field, row["national"], row["region"], row) for row in rows]
    return (
        _agreement("phone numbers with their country's code", abroad),
        _agreement("phone numbers without it, the region being known", home),
    )


def _judged_emails(rows: list[list[Any]]) -> Iterator[tuple[str, bool]]:
    """What is only good in rare forms, as with quotes, comments or an IP address, is left out."""
    for test, given, _ in rows:
        if test in _GOOD or test in _BAD:
            yield given, test in _GOOD
        elif test == "test_pyisemail_tests":
            text, diagnosis = given
            if diagnosis == "ISEMAIL_VALID" or diagnosis.startswith("ISEMAIL_ERR"):
                yield text, diagnosis == "ISEMAIL_VALID"


def _is_whole(field: IntakeField, text: str) -> bool:
    """Whether the text is taken as one address, and not as words or blanks around one."""
    found = normalise(field, text, Context(_NOW))
    # Accents may be composed and domains encoded, which keeps or adds characters.
    return isinstance(found, Value) and len(str(found.value)) >= len(unicode_form("NFC", text))


def _email_difference(field: IntakeField, text: str) -> Difference:
    if '"' in text:
        reason = "a mailbox in quotes, which hardly any provider gives out"
    elif unicode_form("NFKC", text) != text:
        reason = "letters of double width, which stand for others"
    else:
        reason = UNKNOWN
    return Difference(text, _outcome(normalise(field, text, Context(_NOW))), reason)


def _phone_difference(
    field: IntakeField, text: str, region: str, row: Mapping[str, str]
) -> Difference | None:
    """None when it comes to the number that it is."""
    found = normalise(field, text, Context(_NOW, region=region))
    if isinstance(found, Value) and found.value == _wanted(row):
        return None
    place = f"{text} ({row['region']}, {_KINDS.get(row['type'], row['type'])})"
    return Difference(place, _outcome(found), _why_not(row))


_KINDS = {"fixedLine": "fixed line", "uan": "number of a company"}
UNKNOWN = "not known: to be looked at"


def _why_not(row: Mapping[str, str]) -> str:
    digits = len(row["national"])
    if digits < FEWEST_DIGITS:
        return f"{digits} digits are a year or a price as well"
    if digits < MIN_DIGITS:
        few = "so few digits may be anything where most numbers have more"
        return f"{few}; with +{row['cc']} before it, it is taken"
    return UNKNOWN


def _outcome(found: Value | Refusal) -> str:
    if isinstance(found, Value):
        return f"taken as {found.value}"
    return f"refused: {found.reason}"


def _wanted(row: Mapping[str, str]) -> str:
    return f"+{row['cc']}{row['national']}"


def _agreement(what: str, outcomes: list[Difference | None]) -> Agreement:
    differing = tuple(item for item in outcomes if item is not None)
    return Agreement(what, len(outcomes) - len(differing), len(outcomes), differing)


def _field(kind: str) -> IntakeField:
    return intake_of([slot("value", kind, "")]).fields[0]
