"""What tells a template's fields apart: their words, what they count, which end they name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from ai_bridge.intake import Intake, IntakeField
from ai_bridge.intake.kinds import REPEATED
from ai_bridge.runner.extract.lexicon import (
    CONCEPTS,
    END_WORDS,
    GENERIC,
    PLACE_WORDS,
    START_WORDS,
    stem,
    words_of,
)
from ai_bridge.runner.normalise.choices import phrases_of


@dataclass(frozen=True, slots=True)
class Profile:
    """One field, prepared for reading messages.

    Fields of one `family` could take the same findings; `words` weighs each root that speaks for
    the field; `head` are the words of its name and title. `role` is `start`, `end` or empty;
    `rivals` counts the fields that the same finding could fill; `name_part` is `first` or `last`
    where a name is asked for in parts.
    """

    field: IntakeField
    family: str
    words: dict[str, float]
    head: frozenset[str]
    concepts: frozenset[str]
    role: str
    is_place: bool
    is_title: bool
    is_street: bool
    name_part: str
    rivals: int


def profiles_of(intake: Intake) -> tuple[Profile, ...]:
    return profiles_of_fields(intake.fields)


def profiles_of_fields(listed: Iterable[IntakeField]) -> tuple[Profile, ...]:
    """These fields, told apart from each other. Lists and groups are read item by item."""
    fields = [item for item in listed if not item.hidden and item.kind not in REPEATED]
    spread = Counter(root for item in fields for root in set(_roots(item)))
    families = Counter(family_of(item) for item in fields)
    return tuple(_profile(item, spread, families[family_of(item)] - 1) for item in fields)


def family_of(item: IntakeField) -> str:
    """Fields of one family compete for the same findings."""
    if item.kind in ("integer", "number"):
        return "number"
    if item.kind in ("text", "address"):
        return "place" if is_place(item) else "text"
    return "boolean" if item.kind == "consent" else item.kind


def is_place(item: IntakeField) -> bool:
    """Whether the field's own words say that it wants a place."""
    if item.kind == "address":
        return True
    if item.kind != "text":
        return False
    if set(words_of(item.title)) & (PLACE_WORDS - {"place"}) and "name" not in words_of(item.title):
        return True
    described = words_of(item.description)[:3]
    return (bool(set(described) & PLACE_WORDS) and described[:1] != ["name"]) or (
        described[:3] in (["name", "of", "the"], ["name", "of", "city"])
        and bool(set(words_of(item.description)[2:5]) & {"city", "town"})
    )


def is_street(item: IntakeField) -> bool:
    """Whether the field's own name asks for the street and number."""
    own = set(words_of(f"{item.title} {item.name.replace('_', ' ')}"))
    return item.kind in ("text", "address") and bool(own & {"street", "address"})


def _roots(item: IntakeField) -> list[str]:
    said = f"{item.name.replace('_', ' ')} {item.title} {_inner_path(item)}"
    return [stem(word) for word in words_of(said) + words_of(item.description)]


def _head(item: IntakeField) -> list[str]:
    return words_of(f"{item.title} {item.name.replace('_', ' ')} {_inner_path(item)}")


def _inner_path(item: IntakeField) -> str:
    """Inside a repeated item the item's own number tells nothing."""
    return item.path[len(item.item) :].replace(".", " ")


def _profile(item: IntakeField, spread: Counter[str], rivals: int) -> Profile:
    weights: dict[str, float] = {}
    for text, weight in (
        (_head(item), 1.0),
        (words_of(item.description), 0.5),
        (words_of(item.ask), 0.3),
    ):
        for word in text:
            if word not in GENERIC:
                root = stem(word)
                shared = weight / max(1, spread[root])
                weights[root] = max(weights.get(root, 0.0), shared)
    head = _head(item)
    named = set(head) or set()
    part = _name_part(item, named)
    concepts = _concepts(named) or _concepts(set(words_of(item.description)))
    return Profile(
        field=item,
        family=family_of(item),
        words=weights,
        head=frozenset(stem(word) for word in named if word not in GENERIC),
        concepts=concepts,
        role="" if part else item.range_end or _role(head) or _role(words_of(item.description)),
        is_place=is_place(item),
        name_part=part,
        is_street=is_street(item),
        is_title=bool({"name", "title", "called"} & named),
        rivals=rivals,
    )


def _name_part(item: IntakeField, head: set[str]) -> str:
    if item.kind != "name":
        return ""
    if head & {"first", "given", "forename"}:
        return "first"
    return "last" if head & {"last", "family", "surname"} else ""


def _concepts(words: set[str]) -> frozenset[str]:
    return frozenset(concept for word in words for concept in CONCEPTS.get(word, ()))


def _role(words: list[str]) -> str:
    joined = " ".join(words)
    if "check in" in joined:
        return "start"
    if "check out" in joined:
        return "end"
    for word, following in pairwise((*words, "")):
        if following.isdecimal():
            # "From 0 to 10" is a scale.
            continue
        if word in START_WORDS:
            return "start"
        if word in END_WORDS:
            return "end"
    return ""


def option_words(item: IntakeField) -> frozenset[str]:
    return frozenset(phrase for phrase, _ in phrases_of(item))
