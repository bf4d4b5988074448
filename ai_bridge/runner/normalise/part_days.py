"""Parts of a date that visitors give one after the other: a month, a year, the day of a month."""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from ai_bridge.intake import IntakeField
from ai_bridge.runner.normalise.day_making import add, coming, make_day
from ai_bridge.runner.normalise.day_patterns import DAY, MONTH, day_number
from ai_bridge.runner.normalise.day_words import MONTHS
from ai_bridge.runner.normalise.texts import lower

_LEAD = (
    r"\W*(?:(?:in|on|the|of|some ?time|around|about|maybe|probably|it was|it is|it'?s|i think|"
    r"since|from|born|i was born|back|early|mid|late|just|um|well|ok|yes) ?[,-]? ?){0,4}"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = tuple(
    re.compile(rf"{_LEAD}{form}\W*")
    for form in (
        rf"{MONTH}(?:,? (?:of )?(?:{_YEAR}|(?P<near>(?:this|next|last) year)))?",
        _YEAR,
        DAY,
        rf"{DAY} ?(?:of )?{MONTH}",
        rf"{MONTH} (?:the )?{DAY}",
    )
)
MAX_PART = 40
_CODE = re.compile(r"part of a date: (?P<year>\d{4}|\?{4})-(?P<month>\d\d|\?\?)-(?P<day>\d\d|\?\?)")
_BIRTH = frozenset({"birth", "born", "birthdate", "dob"})
_NOT_YET_BORN = frozenset({"due", "expected", "party", "estimated"})


@dataclass(frozen=True, slots=True)
class PartDay:
    """What is known of a day; 0 stands for what is not."""

    year: int = 0
    month: int = 0
    day: int = 0

    @property
    def reason(self) -> str:
        """As the reason of a refusal, and read back by `part_of`."""
        said = (f"{self.year:04d}", f"{self.month:02d}", f"{self.day:02d}")
        return "part of a date: " + "-".join(
            part if int(part) else "?" * len(part) for part in said
        )

    def with_more(self, more: "PartDay") -> "PartDay":
        """What was said last counts."""
        return PartDay(more.year or self.year, more.month or self.month, more.day or self.day)

    def whole(self, today: date, *, needs_year: bool) -> date | None:
        """The day once enough is known of it; without a year the coming one, where one may do."""
        if not (self.day and self.month):
            return None
        if self.year:
            return make_day(self.year, self.month, self.day)
        return None if needs_year else coming(self.month, self.day, today)


def part_of(reason: str) -> PartDay | None:
    found = _CODE.fullmatch(reason)
    if found is None:
        return None
    return PartDay(*(int(part) if part.isdecimal() else 0 for part in found.groups()))


def read_part(text: str, today: date) -> PartDay | None:
    """The part that a short answer gives, when it says nothing else."""
    if len(text) > MAX_PART:
        return None
    lowered = lower(text)
    for form in _FORMS:
        if match := form.fullmatch(lowered):
            said = {"year": "", "near": "", "month": "", "day": "", **match.groupdict("")}
            return _checked(
                PartDay(
                    int(said["year"]) if said["year"] else _near(said["near"], today),
                    MONTHS[said["month"]] if said["month"] else 0,
                    day_number(said["day"]) if said["day"] else 0,
                )
            )
    return None


def _near(said: str, today: date) -> int:
    ahead = {"this": 0, "next": 1, "last": -1}.get(said.partition(" ")[0])
    moved = add(today, ahead, "years") if ahead is not None else None
    return moved.year if moved else 0


def _checked(part: PartDay) -> PartDay | None:
    return part if part.day <= 31 else replace(part, day=0) if part.month or part.year else None


def is_birth(field: IntakeField) -> bool:
    """Whether a date is that of somebody's birth, which lies in the past and has a year."""
    return field.kind == "date" and _speaks_of_birth(
        f"{field.title} {field.name} {field.description} {field.ask}"
    )


@lru_cache(maxsize=1024)
def _speaks_of_birth(said: str) -> bool:
    named = frozenset(re.findall(r"[a-z]+", said.lower()))
    return bool(_BIRTH & named) and not _NOT_YET_BORN & named
