"""What every visitor will say, made from the seed alone, with the value that each line states.

Nothing here knows how the product understands a message: the template asks for five values, and
each sentence says one of them in so many words.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

FIRST = ("Rosa", "Mark", "Ines", "Paul", "Clara", "Oscar", "Nora", "Hugo", "Edith", "Simon")
LAST = ("Keller", "Dunn", "Moreno", "Fischer", "Watson", "Novak", "Larsen", "Baker", "Okafor")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September")
SERVICES = {"repair": "a repair", "new_roof": "a new roof", "inspection": "an inspection"}
SMALL_TALK = ("hello", "thank you", "what have you got so far?")
PATHS = ("name", "service", "visit", "rooms", "email")
DOORS = ("socket", "json", "stream")
WITH_MODEL = 0.3


@dataclass(frozen=True)
class Line:
    """One message. `states` is the value it gives, by path; empty for small talk."""

    client_id: str
    text: str
    states: dict[str, Any]


@dataclass(frozen=True)
class Talk:
    """One visitor's whole conversation.

    The lines of one round are said at the same time, from two tabs, and do not depend on each
    other. `closes` says that the visitor ends the chat when everything is answered, `has_model`
    that the website has a model.
    """

    number: int
    tenant: str
    canary: str
    door: str
    tabs: int
    rounds: tuple[tuple[Line, ...], ...]
    completes: bool
    closes: bool
    has_model: bool = False

    @property
    def events(self) -> int:
        """How many the customer is told of."""
        return int(self.completes) + int(self.closes)

    @property
    def lines(self) -> Iterator[Line]:
        return (line for one in self.rounds for line in one)


def template_of(canary: str) -> dict[str, Any]:
    """The intake template of one tenant; its canary is in everything the assistant says."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Booking {canary}",
        "type": "object",
        "x-intake": {
            "greeting": f"Welcome to {canary}. What can we do for you?",
            "confirm": False,
            "region": "GB",
            "idle_minutes": 120,
            "max_turns": 500,
        },
        "properties": {
            "name": {
                "type": "string",
                "x-intake": {"kind": "name", "ask": f"What is your name? ({canary})"},
            },
            "service": {
                "enum": list(SERVICES),
                "x-intake": {
                    "ask": f"A repair, a new roof or an inspection? ({canary})",
                    "labels": {"new_roof": "New roof"},
                },
            },
            "visit": {
                "type": "string",
                "format": "date",
                "title": "Visit date",
                "x-intake": {"ask": f"Which day suits you? ({canary})"},
            },
            "rooms": {
                "type": "integer",
                "title": "Number of rooms",
                "minimum": 1,
                "maximum": 40,
                "x-intake": {"ask": f"How many rooms? ({canary})"},
            },
            "email": {
                "type": "string",
                "format": "email",
                "x-intake": {"ask": f"Your e-mail address? ({canary})"},
            },
        },
        "required": list(PATHS),
    }


def write_script(seed: int, sessions: int, turns: int, canaries: dict[str, str]) -> list[Talk]:
    """`canaries` by tenant. The same arguments give the same script."""
    random = Random(f"script {seed}")
    tenants = list(canaries)
    return [
        _talk(random, number, turns, tenants[number % len(tenants)], canaries)
        for number in range(sessions)
    ]


def save_script(path: Path, talks: Sequence[Talk]) -> None:
    with path.open("w") as stream:
        for talk in talks:
            stream.write(json.dumps(asdict(talk)) + "\n")


def _talk(random: Random, number: int, turns: int, tenant: str, canaries: dict[str, str]) -> Talk:
    canary = canaries[tenant]
    lines = _lines(random, turns, canary)
    tabs = 2 if random.random() < 0.4 else 1
    return Talk(
        number=number,
        tenant=tenant,
        canary=canary,
        door=DOORS[number % len(DOORS)],
        tabs=tabs,
        rounds=_rounds(lines, tabs),
        completes=turns >= len(PATHS),
        closes=random.random() < 0.5,
        has_model=random.random() < WITH_MODEL,
    )


def _lines(random: Random, turns: int, canary: str) -> list[Line]:
    """Each value once; then small talk and corrections; the last value that misses comes last."""
    paths = random.sample(PATHS, min(turns, len(PATHS)))
    *first, last = [_statement(random, path, canary) for path in paths]
    extra = []
    for _ in range(turns - len(paths)):
        said = random.choice(paths[:-1])
        is_correction = random.random() < 0.6
        extra.append(_correction(random, said, canary) if is_correction else _small_talk(random))
    return [*first, *extra, last]


def _rounds(lines: list[Line], tabs: int) -> tuple[tuple[Line, ...], ...]:
    """With two tabs the first two values, which are of two fields, are said at once."""
    if tabs == 1 or len(lines) < 3:
        return tuple((line,) for line in lines)
    return (tuple(lines[:2]), *((line,) for line in lines[2:]))


def _statement(random: Random, path: str, canary: str) -> Line:
    text, value = SAYING[path](random, canary)
    return _line(random, text, {path: value})


def _correction(random: Random, path: str, canary: str) -> Line:
    text, value = SAYING[path](random, canary)
    return _line(
        random, f"Actually, {text[0].lower() if text[0] != 'I' else 'I'}{text[1:]}", {path: value}
    )


def _small_talk(random: Random) -> Line:
    return _line(random, random.choice(SMALL_TALK), {})


def _line(random: Random, text: str, states: dict[str, Any]) -> Line:
    return Line(str(UUID(int=random.getrandbits(128), version=4)), text, states)


def _name(random: Random, canary: str) -> tuple[str, Any]:
    name = f"{random.choice(FIRST)} {random.choice(LAST)}"
    return f"My name is {name}", name


def _service(random: Random, canary: str) -> tuple[str, Any]:
    value, words = random.choice(list(SERVICES.items()))
    return f"I need {words}", value


def _visit(random: Random, canary: str) -> tuple[str, Any]:
    day, month, year = random.randint(1, 28), random.randint(1, len(MONTHS)), 2031
    text = f"The visit should be on {day} {MONTHS[month - 1]} {year}"
    return text, f"{year}-{month:02}-{day:02}"


def _rooms(random: Random, canary: str) -> tuple[str, Any]:
    count = random.randint(2, 39)
    return f"There are {count} rooms", count


def _email(random: Random, canary: str) -> tuple[str, Any]:
    address = f"visitor.{random.randint(1, 10**6)}@{canary}.example"
    return f"My e-mail address is {address}", address


SAYING: dict[str, Callable[[Random, str], tuple[str, Any]]] = {
    "name": _name,
    "service": _service,
    "visit": _visit,
    "rooms": _rooms,
    "email": _email,
}
