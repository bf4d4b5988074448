"""Single messages with what they state: bookings by the words, enquiries by the values."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from ai_bridge.evaluation.gold import Dialogue, GoldTurn
from ai_bridge.evaluation.slots import answer_to, intake_of, slot

# The rows come without a template; these are the fields that they speak of.
BOOKING = (
    slot("people", "number", "Number of people"),
    slot("time", "time", "Time of the booking"),
    slot("date", "date", "Date of the booking"),
    slot("first_name", "name", "First name"),
    slot("last_name", "name", "Last name"),
)
COUNTS = (
    slot("rooms", "number", "Number of rooms"),
    slot("people", "number", "Number of people"),
    slot("adults", "number", "Number of adults"),
    slot("kids", "number", "Number of children"),
)
# What a message may be asked for, and which of its labels answer that. Periods answer nothing.
_ASKED = (
    (slot("date", "date", "Date"), ("date", "date_from", "date_to")),
    (slot("time", "time", "Time"), ("time", "time_from", "time_to")),
    (slot("name", "name", "Name"), ("person_name",)),
    (slot("amount", "money", "Amount of money"), ("amount_of_money",)),
)
_PERIODS = {"date": "date_period", "time": "time_period"}


def read_booking(row: Mapping[str, Any]) -> Dialogue:
    """Words are marked and no values given: what overlaps the marked words is right."""
    gold = {name: value for name, value in row["gold"].items() if "text" in value}
    turn = GoldTurn(
        said="",
        asked=tuple(row.get("asked", ())),
        user=row["user"],
        gold={name: (value["text"],) for name, value in gold.items()},
        spans={name: (value["span"][0], value["span"][1]) for name, value in gold.items()},
        by_place=True,
    )
    return _dialogue(row, turn, BOOKING)


def read_enquiry(row: Mapping[str, Any]) -> Iterator[Dialogue]:
    """The same message in answer to one question for each kind, and to a form of four counts.

    Where a message states two dates, either is right: labels as "from" are not what is asked for.
    A message with a period is left out, as no field for one date can hold it.
    """
    gold: Mapping[str, Any] = row["gold"]
    for asked, labels in _ASKED:
        kind = str(asked["type"])
        if _PERIODS.get(kind) not in gold:
            stated = (gold[label] for label in labels if label in gold)
            accepted = tuple(value for found in stated for value in _readings(found))
            identity = f"{row['id']}-{kind}"
            yield answer_to(
                asked, id=identity, said=row["user"], now=_morning(row), accepted=accepted
            )
    if row["domain"] == "hotels":
        yield _dialogue(row, _counted(row), COUNTS)


def _counted(row: Mapping[str, Any]) -> GoldTurn:
    names = [found["name"] for found in COUNTS if found["name"] in row["gold"]]
    gold = {name: (_written(row["gold"][name]["value"]),) for name in names}
    return GoldTurn(said="", asked=(), user=row["user"], gold=gold, spans={})


def _dialogue(
    row: Mapping[str, Any], turn: GoldTurn, slots: tuple[dict[str, Any], ...]
) -> Dialogue:
    return Dialogue(
        id=row["id"],
        intake=intake_of(slots),
        types={str(found["name"]): str(found["type"]) for found in slots},
        now=_morning(row),
        turns=(turn,),
    )


def _morning(row: Mapping[str, Any]) -> datetime:
    stated = datetime.fromisoformat(row.get("reference_date", "2019-03-01"))
    return datetime.combine(stated.date(), time(9))


_HALF_OF_DAY = re.compile(r"\d ?[ap]\.?m\b|morning|noon|evening|night", re.IGNORECASE)


def _readings(label: Mapping[str, Any]) -> tuple[str, ...]:
    """The data keeps `at 4` as 04:00, whatever was meant: either half of the day is right."""
    value = label["value"]
    hour = value.get("hour", 0) if isinstance(value, Mapping) else 0
    if not 0 < hour < 12 or _HALF_OF_DAY.search(label["text"]):
        return (_written(value),)
    return _written(value), _written({**value, "hour": hour + 12})


def _written(value: Any) -> str:
    """As the product writes it: ISO dates, HH:MM, whole numbers without a point."""
    if not isinstance(value, Mapping):
        return str(value)
    if "hour" in value:
        return f"{value['hour']:02}:{value['minute']:02}"
    if "amount" in value:
        amount = float(value["amount"])
        return str(int(amount)) if amount.is_integer() else str(amount)
    return date(value["year"], value["month"], value["day"]).isoformat()
