"""What an import or an export could not carry over."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing left behind or changed. `pointer` is a JSON pointer into the source."""

    pointer: str
    what: str
    why: str
    mend: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.what} {self.why} {self.mend}"


class ExchangeError(ValueError):
    """The source cannot be imported or exported at all; the text says why and what to do."""
