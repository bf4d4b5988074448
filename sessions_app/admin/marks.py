"""Cuts a message at the words that values came from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

HIDDEN = "•••"


@dataclass(frozen=True)
class Span:
    """Code points `start` to `end` of a message. `value_id` is the value they are evidence of."""

    start: int
    end: int
    value_id: int | None = None
    is_masked: bool = False


@dataclass(frozen=True)
class Segment:
    """A piece of a message. `values` names the values it is evidence of, as `v1 v2`."""

    text: str
    values: str = ""
    is_masked: bool = False


def segments(text: str, spans: Iterable[Span]) -> Iterator[Segment]:
    """The whole text in pieces, overlapping evidence included. Spans outside the text are cut."""
    inside = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    cuts = sorted({0, len(text), *(edge for span in inside for edge in (span.start, span.end))})
    for start, end in pairwise(cuts):
        over = [span for span in inside if span.start <= start and end <= span.end]
        is_masked = any(span.is_masked for span in over)
        yield Segment(
            text=HIDDEN if is_masked else text[start:end],
            values=" ".join(f"v{span.value_id}" for span in over if span.value_id is not None),
            is_masked=is_masked,
        )
