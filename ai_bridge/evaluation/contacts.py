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
from ai_bridge.runner.normalise import Context, Value, normalise

_NOW = datetime.fromisoformat("2024-01-01T09:00:00")
_GOOD = {"test_email_valid", "test_email_valid_intl_local_part"}
_BAD = {
    "test_email_invalid_syntax",
    "test_email_invalid_syntax_strict",
    "test_email_invalid_reserved_domain",
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of so many judged alike, `agreed` are judged the same here."""

    what: str
    agreed: int
    total: int


def email_agreements(path: Path) -> tuple[Agreement, ...]:
    """Good ones have to be taken whole, and no bad one may be."""
    judged = list(_judged_emails(json.loads(path.read_text(encoding="utf-8"))))
    field = _field("email")
    return tuple(
        _agreement(
            what,
            [_is_whole(field, text) == is_good for text, wanted in judged if wanted is is_good],
        )
        for what, is_good in (("good e-mail addresses", True), ("bad e-mail addresses", False))
    )


def phone_agreements(path: Path) -> tuple[Agreement, ...]:
    """Every number has to come to the same international one, from its own country's form too."""
    rows: list[Mapping[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    field = _field("phone")
    abroad = [_number(field, f"+{row['cc']} {row['national']}", "") == _wanted(row) for row in rows]
    home = [_number(field, row["national"], row["region"]) == _wanted(row) for row in rows]
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


def _number(field: IntakeField, text: str, region: str) -> str:
    found = normalise(field, text, Context(_NOW, region=region))
    return str(found.value) if isinstance(found, Value) else ""


def _wanted(row: Mapping[str, str]) -> str:
    return f"+{row['cc']}{row['national']}"


def _agreement(what: str, outcomes: list[bool]) -> Agreement:
    return Agreement(what, sum(outcomes), len(outcomes))


def _field(kind: str) -> IntakeField:
    return intake_of([slot("value", kind, "")]).fields[0]
