"""One call to a model, whichever interface it speaks: messages in, the model's text out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ai_bridge.contract import Usage
from ai_bridge.runner.model.prompt import Message, Prompt

# No answer costs more tokens than this; what is reported above it is nonsense.
MOST_TOKENS = 10_000_000


@dataclass(frozen=True, slots=True)
class Said:
    """`is_cut`: the model ran out of tokens in the middle."""

    text: str
    usage: Usage
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Call:
    """`method` is the form of structured output; `quirks` what the endpoint cannot take."""

    prompt: Prompt
    messages: Sequence[Message]
    method: str
    quirks: frozenset[str]
    end: float


class Wire(Protocol):
    """`methods` go from the strictest to the loosest."""

    methods: tuple[str, ...]

    async def call(self, call: Call) -> Said:
        """Raises Trouble, or Rejected when another method or quirk may do. Ends by `call.end`."""


def usage_of(given: object, taken: object) -> Usage:
    """Counts as reported; what is no count is none."""
    return Usage(input_tokens=_count(given), output_tokens=_count(taken))


def _count(value: object) -> int:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return min(max(value, 0), MOST_TOKENS) if is_count and isinstance(value, int) else 0


def plus(one: Usage, other: Usage) -> Usage:
    return Usage(
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
    )
