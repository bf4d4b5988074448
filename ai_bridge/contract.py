"""The wire types between gateway and runner. Frozen: a value, once parsed, is a fact."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

CONTRACT_VERSION: Final = 1

Status = Literal["open", "completed", "handoff", "closed"]
CloseReason = Literal["visitor", "cancelled", "idle", "staff", "limits"]
Method = Literal["rule", "model", "visitor_edit", "staff", "prefill"]
Operator = Literal["set", "correct", "clear", "decline", "unknown", "add", "remove"]


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MessageInput(Wire):
    """What the visitor typed."""

    kind: Literal["message"] = "message"
    text: str


class EditInput(Wire):
    """The visitor changed one value in the form; `value` is what the form held."""

    kind: Literal["edit"] = "edit"
    path: str
    value: Any


class CorrectionInput(Wire):
    """A member of staff corrected one value and said why."""

    kind: Literal["correction"] = "correction"
    path: str
    value: Any
    reason: str


class PrefillInput(Wire):
    """Values the customer's page or server already knows, by path."""

    kind: Literal["prefill"] = "prefill"
    values: dict[str, Any]


class MigrateInput(Wire):
    """The thread moves to another template version: the request carries its hash and document."""

    kind: Literal["migrate"] = "migrate"


Input = Annotated[
    MessageInput | EditInput | CorrectionInput | PrefillInput | MigrateInput,
    Field(discriminator="kind"),
]


class Operation(Wire):
    """One change to the fields that one input asked for, and whether it was accepted.

    `start` and `end` are offsets into the visitor's message in Unicode code points, so that
    `text[start:end] == quote`; all three are empty for inputs that are not messages.
    `reason` says why an operation was refused (`past`, `ambiguous 03/04`, `quote_not_found`).
    """

    op: Operator
    path: str
    value: Any = None
    quote: str = ""
    start: int | None = None
    end: int | None = None
    source: Method
    confidence: float = 1.0
    accepted: bool = True
    reason: str = ""


class Evidence(Wire):
    """Where a value came from. `message_id` is the request id of the turn that stated it."""

    message_id: UUID
    start: int | None = None
    end: int | None = None
    quote: str = ""
    method: Method


class FieldValue(Wire):
    """A value that stands after the turn."""

    path: str
    value: Any
    evidence: Evidence
    confidence: float = 1.0


class RecentMessage(Wire):
    """One line of the conversation, for wording only: fields never come from it."""

    role: Literal["visitor", "assistant"]
    text: str


class PastTurn(Wire):
    """An input already answered, so that a lost thread can be computed again.

    `operations` are what `Done.heard` was then: model turns are replayed, never asked again.
    """

    request_id: UUID
    input: Input
    now: datetime
    locale: str
    region: str
    operations: tuple[Operation, ...] | None = None


ProviderKind = Literal["openai", "anthropic", "langchain"]
ExtractorChoice = Literal["rules", "model", "hybrid"]


class Provider(Wire):
    """A model endpoint for this turn only; the runner neither stores nor logs the key.

    `openai` is every endpoint that speaks OpenAI's chat completions. For `langchain` the model is
    `provider:model`. `timeout_ms` bounds all calls of one turn together. With `extractor` at
    `model` only what the model found counts, with `rules` it is not asked at all.
    """

    kind: ProviderKind
    model: str = Field(min_length=1, max_length=200)
    base_url: str = Field(default="", max_length=2_000)
    api_key: str = Field(default="", max_length=4_096, pattern=r"^[\x21-\x7e]*$", repr=False)
    persona: str = Field(default="", max_length=4_000)
    system_prompt: str = Field(default="", max_length=16_000)
    extractor: ExtractorChoice = "hybrid"
    max_tokens: int = Field(default=1_000, ge=64, le=8_192)
    timeout_ms: int = Field(default=8_000, ge=500, le=18_000)


class TurnRequest(Wire):
    """One turn. Safe to send again: the same `request_id` is answered with the recorded result.

    `now` is the visitor's local time, fixed when the message was stored, so that a retry reads
    "tomorrow" as the first try did. `template` and `history` travel on the first turn and when the
    runner answered `template_required`.
    """

    contract: Literal[1] = CONTRACT_VERSION
    request_id: UUID
    thread_id: str
    fence: int
    input: Input
    template_hash: str
    template: dict[str, Any] | None = None
    history: tuple[PastTurn, ...] | None = None
    recent: tuple[RecentMessage, ...] = ()
    locale: str = "en"
    region: str = ""
    now: datetime
    deadline_ms: int = 20_000
    provider: Provider | None = None


class Choice(Wire):
    value: Any
    label: str


class Progress(Wire):
    """How many of the fields that are required right now are filled."""

    filled: int
    required: int


class Reply(Wire):
    """What the assistant says. `asking` is the path it asks for, or None."""

    text: str
    asking: str | None = None
    choices: tuple[Choice, ...] = ()
    progress: Progress


class Usage(Wire):
    input_tokens: int = 0
    output_tokens: int = 0


class Delta(Wire):
    """A provisional piece of the reply; the text of `done` replaces all of them."""

    type: Literal["delta"] = "delta"
    text: str


class OperationEvent(Wire):
    type: Literal["operation"] = "operation"
    operation: Operation


class Done(Wire):
    """The committed result of a turn.

    `fields` are all values that stand; `document` is the finished JSON, only when `status` is
    `completed`. `operations` are this turn's, accepted and refused. `state_hash` is SHA-256 over
    canonical JSON of fields and control values. `heard` is what the extractor made of the message
    when a model took part, before it was checked against the template; None when rules alone
    answered. A `degraded` turn wanted a model and went by rules, `trouble` says why in one word.
    """

    type: Literal["done"] = "done"
    reply: Reply
    operations: tuple[Operation, ...] = ()
    fields: tuple[FieldValue, ...] = ()
    missing: tuple[str, ...] = ()
    status: Status
    close_reason: CloseReason | None = None
    document: dict[str, Any] | None = None
    checkpoint_id: str
    state_hash: str
    heard: tuple[Operation, ...] | None = None
    degraded: bool = False
    trouble: str = ""
    usage: Usage = Usage()


class ModelCheck(Wire):
    """Whether a provider answers as a turn would need it; if not, what is wrong and the mend.

    `method` is how it gives structured output; a key never stands in any of the texts.
    """

    ok: bool
    code: str = ""
    detail: str
    mend: str = ""
    method: str = ""
    usage: Usage = Usage()


class Failed(Wire):
    """The stream's last line when the turn could not be done after the first byte."""

    type: Literal["failed"] = "failed"
    code: str
    detail: str
    retryable: bool


TurnEvent = Annotated[Delta | OperationEvent | Done | Failed, Field(discriminator="type")]
TURN_EVENT: TypeAdapter[TurnEvent] = TypeAdapter(TurnEvent)


class CloseRequest(Wire):
    thread_id: str
    reason: CloseReason


class CheckpointSummary(Wire):
    """One committed state of a thread, for review. `fields` maps path to value."""

    checkpoint_id: str
    parent_id: str | None
    request_id: UUID | None
    created_at: datetime
    state_hash: str
    status: Status
    asking: str | None
    fields: dict[str, Any]
