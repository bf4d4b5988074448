"""What the graph is given for one turn, and what its nodes hand to each other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, NamedTuple, TypedDict

from langgraph.channels import UntrackedValue

from ai_bridge.contract import Input, Operation, Reply
from ai_bridge.intake import Intake
from ai_bridge.runner.extract.types import Extractor, ModelPart, Signal
from ai_bridge.runner.state import Control, Fields


@dataclass(frozen=True, slots=True)
class Turn:
    """One input with all that answering it may depend on.

    `recorded` is what was heard with a model's help when this turn was first answered: it is used
    again instead of asking. `say` takes the reply piece by piece as it comes into being.
    """

    request_id: str
    input: Input
    intake: Intake
    extractor: Extractor
    now: datetime
    locale: str
    region: str
    recorded: tuple[Operation, ...] | None
    say: Callable[[str], None]


ActKind = Literal[
    "noted",
    "refused",
    "dropped",
    "declined",
    "needed",
    "why",
    "collected",
    "greeted",
    "thanked",
    "unanswered",
    "small_talk",
    "identified",
    "help",
    "confirm_leaving",
    "passed_on",
    "fresh_start",
    "said_back",
    "ask",
    "offer_skip",
    "offer_person",
    "summary",
    "change_what",
    "unfit",
    "completed",
    "already_completed",
    "handoff",
    "waiting",
    "cancelled",
    "limits",
]


class Act(NamedTuple):
    """One thing the reply has to do, decided by `plan`, worded by `reply`."""

    kind: ActKind
    path: str = ""
    detail: str = ""
    operation: Operation | None = None
    miss: int = 0


class State(TypedDict, total=False):
    """The graph's channels. Only `fields` and `control` are stored; the rest lives for the turn."""

    fields: Fields
    control: Control
    signals: Annotated[frozenset[Signal], UntrackedValue(frozenset)]
    about: Annotated[str, UntrackedValue(str)]
    restated: Annotated[tuple[Operation, ...], UntrackedValue(tuple)]
    model: Annotated[ModelPart | None, UntrackedValue(object)]
    heard: Annotated[tuple[Operation, ...], UntrackedValue(tuple)]
    applicable: Annotated[frozenset[str], UntrackedValue(frozenset)]
    required: Annotated[tuple[str, ...], UntrackedValue(tuple)]
    operations: Annotated[tuple[Operation, ...], UntrackedValue(tuple)]
    acts: Annotated[tuple[Act, ...], UntrackedValue(tuple)]
    reply: Annotated[Reply, UntrackedValue(Reply)]
