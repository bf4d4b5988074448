"""The one family of errors: each has a stable code, an HTTP status and whether a retry can help."""

from typing import ClassVar


class ChatError(Exception):
    """Root of every refusal a client can meet.

    `detail` says what is wrong, where, and what to do; it is shown to people and never holds a
    secret or another visitor's text.
    """

    code: ClassVar[str] = "chat_error"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    default_detail: ClassVar[str] = "Something went wrong. Try again."

    def __init__(self, detail: str | None = None, *, retry_after: float | None = None) -> None:
        self.detail = detail or self.default_detail
        self.retry_after = retry_after
        super().__init__(f"{self.code}: {self.detail}")


class RunnerError(ChatError):
    """Raised by a runner client; the gateway decides whether the turn is tried again."""


class TemplateRequired(RunnerError):
    """The runner has no state for this thread, or does not know the template: send both."""

    code, status, retryable = "template_required", 409, True
    default_detail = "The runner has no state for this thread. Send the template and the history."


class StaleFence(RunnerError):
    """Another worker has taken the turn over; this one must stop without writing anything."""

    code, status = "stale_fence", 409
    default_detail = "A newer worker holds this turn. Drop this attempt."


class ThreadClosed(RunnerError):
    code, status = "thread_closed", 409
    default_detail = "This thread is closed. Start a new session."


class InvalidTurn(RunnerError):
    code, status = "invalid_turn", 422
    default_detail = "The turn request does not fit the contract."


class TemplateInvalidError(RunnerError):
    code, status = "template_invalid", 422
    default_detail = "The template is not a valid intake template."


class RunnerUnavailable(RunnerError):
    """No answer, a cut stream, or no time left; nothing is known to be committed."""

    code, status, retryable = "runner_unavailable", 503, True
    default_detail = "The assistant cannot be reached. Your message is kept; it is tried again."


class DeadlineTooShort(RunnerError):
    """Refused before anything was done, so a retry is always safe."""

    code, status, retryable = "deadline_too_short", 503, True
    default_detail = "Too little time is left for a turn. Nothing was done; send it again."


RUNNER_ERRORS: dict[str, type[RunnerError]] = {
    error.code: error
    for error in (
        TemplateRequired,
        StaleFence,
        ThreadClosed,
        InvalidTurn,
        TemplateInvalidError,
        RunnerUnavailable,
        DeadlineTooShort,
    )
}
