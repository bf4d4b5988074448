"""What is wrong with a template or a document, where, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `pointer` is a JSON pointer (RFC 6901) into the checked document."""

    pointer: str
    detail: str
    mend: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.detail} {self.mend}"


class TemplateInvalid(Exception):
    """The template cannot be used; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        super().__init__(f"The template has {count} {noun}. First: {self.problems[0]}")


def point(*parts: str | int) -> str:
    """Join keys and indexes into a JSON pointer."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
