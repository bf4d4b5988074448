"""What every extractor takes and gives: a message in, candidate operations and signals out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from ai_bridge.contract import Operation, Usage
from ai_bridge.intake import Intake

Signal = Literal[
    "affirm",
    "negate",
    "question",
    "why",
    "what_have_you_got",
    "repeat",
    "go_back",
    "start_over",
    "skip",
    "refuse",
    "dont_know",
    "dont_care",
    "done",
    "cancel",
    "wants_human",
    "greeting",
    "thanks",
    "chit_chat",
    "identity",
    "wants_change",
]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One visitor message with all that reading it may depend on; no clock or global is read.

    `asking` is the path the assistant asked for last, or None. `confirming` is true when it showed
    the summary. `asked_with` are further paths of the same question. `values` maps path to the
    normalised value that stands. `said` is the assistant's last line. `pending` is the reason why
    the answer before could not be taken: half a date waits there for its other half.
    """

    text: str
    intake: Intake
    values: Mapping[str, Any]
    now: datetime
    locale: str = "en"
    region: str = ""
    asking: str | None = None
    confirming: bool = False
    said: str = ""
    asked_with: tuple[str, ...] = ()
    pending: str = ""


# Why a finding of the rules does not count: a model read the same words otherwise.
SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class ModelPart:
    """What a model had to do with an extraction. With `trouble` (a code) rules alone made it.

    `lead` is what the model would say before the question; checked, and empty when in doubt.
    """

    lead: str = ""
    trouble: str = ""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Extraction:
    """Operations in the order of the message (refused ones too, with a reason) and signals.

    `about` is the path of the field that is asked about ("why do you need my phone?") or to be
    changed ("the phone is wrong"), or empty. `restated` are values that stand already and were
    said once more. `model` is None when none was to be asked.
    """

    operations: tuple[Operation, ...] = ()
    signals: frozenset[Signal] = field(default_factory=frozenset)
    about: str = ""
    restated: tuple[Operation, ...] = ()
    model: ModelPart | None = None


class Extractor(Protocol):
    async def extract(self, utterance: Utterance) -> Extraction: ...
