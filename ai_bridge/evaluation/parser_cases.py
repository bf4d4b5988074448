"""Cases of a parser of dates, numbers and contacts, as answers to a question for one field."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ai_bridge.evaluation.gold import Dialogue
from ai_bridge.evaluation.slots import answer_to, slot

# Cases without a time of their own are about numbers and contacts, which do not depend on it.
_NOW = datetime.fromisoformat("2016-11-07T00:00:00")
Result = Mapping[str, Any]


def _each(result: Result) -> tuple[str, ...]:
    """A time of day, "at seven", may have two values: either is right."""
    return tuple(str(found["value"]) for found in result["Resolution"]["values"])


def _to_the_minute(result: Result) -> tuple[str, ...]:
    return tuple(value[:5] for value in _each(result))


def _one(result: Result) -> tuple[str, ...]:
    return (str(result["Resolution"]["value"]),)


def _words(result: Result) -> tuple[str, ...]:
    return (str(result["Text"]),)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a parser's type is asked for. `by_place`: its value is written in another way."""

    model: str
    slot: Mapping[str, Any]
    accepted: Callable[[Result], tuple[str, ...]]
    by_place: bool = False


KINDS = {
    "datetimeV2.date": Kind("DateTimeModel", slot("date", "date", "Date"), _each),
    "datetimeV2.time": Kind("DateTimeModel", slot("time", "time", "Time"), _to_the_minute),
    "number": Kind("NumberModel", slot("number", "decimal", "Number"), _one),
    "boolean": Kind("BooleanModel", slot("agreed", "bool", "Do you agree?"), _one),
    "email": Kind("EmailModel", slot("email", "email", "E-mail address"), _one),
    "phonenumber": Kind(
        "PhoneNumberModel", slot("phone", "phone", "Phone number"), _words, by_place=True
    ),
    "url": Kind("URLModel", slot("website", "url", "Web address"), _words, by_place=True),
}


def read_cases(row: Mapping[str, Any]) -> Iterator[Dialogue]:
    """One dialogue for each type that the row states; a row that states nothing, one for each type
    that its parser could have found. None for types that no field asks for, as sets of dates.
    """
    model = row["id"].split("#")[0].rpartition("_")[2]
    for name, kind in KINDS.items():
        stated = [result for result in row["results"] if result["TypeName"] == name]
        if stated or (not row["results"] and kind.model == model):
            yield _dialogue(row, kind, stated)


def _dialogue(row: Mapping[str, Any], kind: Kind, stated: list[Result]) -> Dialogue:
    return answer_to(
        kind.slot,
        id=f"{row['id']}-{kind.slot['name']}",
        said=row["input"],
        now=datetime.fromisoformat(row["reference"]) if row["reference"] else _NOW,
        accepted=tuple(value for result in stated for value in kind.accepted(result)),
        place=_place(row["input"], stated) if kind.by_place else None,
    )


def _place(text: str, stated: list[Result]) -> tuple[int, int]:
    """From the first to the last of the stated words: the data tells the words, not their place."""
    places = [text.lower().find(result["Text"].lower()) for result in stated]
    ends = [place + len(result["Text"]) for place, result in zip(places, stated, strict=True)]
    return min(places, default=0), max(ends, default=0)
