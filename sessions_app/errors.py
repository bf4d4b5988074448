"""Refusals of the data plane."""

from typing import TYPE_CHECKING

from ai_bridge.errors import ChatError

if TYPE_CHECKING:
    # They count with the errors of this module.
    from sessions_app.limiting.counting import Standing
    from sessions_app.limiting.policies import Policy


class BadFrame(ChatError):
    code, status = "bad_frame", 400
    default_detail = "This is not a frame of chat.v1."


class BadRequest(ChatError):
    """The body or the address does not have the documented shape."""

    code, status = "bad_request", 400

    def __init__(self, detail: str, errors: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(detail)
        self.errors = errors


class AddressUnknown(ChatError):
    code, status = "address_unknown", 404
    default_detail = "There is nothing at this address. See /api/v1/docs for what there is."


class MethodNotAllowed(ChatError):
    code, status = "method_not_allowed", 405
    default_detail = "This address answers another method."


class TextInvalid(ChatError):
    code, status = "text_invalid", 422
    default_detail = "The text is empty or holds characters that cannot be stored."


class MessageTooLong(ChatError):
    code, status = "message_too_long", 413
    default_detail = "A message may hold 8 KiB of UTF-8 text. Send it in parts."


class SessionClosed(ChatError):
    code, status = "session_closed", 409
    default_detail = "This session is closed. Start a new one with a new token."


class SessionUnknown(ChatError):
    code, status = "session_unknown", 404
    default_detail = "There is no such session here."


class DeliveryUnknown(ChatError):
    code, status = "delivery_unknown", 404
    default_detail = "There is no such delivery of this webhook."


class ResumeRefused(ChatError):
    code, status = "resume_refused", 403
    default_detail = "This session cannot be resumed with this secret. Start a new one."


class IdempotencyConflict(ChatError):
    code, status = "idempotency_conflict", 422
    default_detail = "This client_id was used with another text. Give each message its own."


class TurnPending(ChatError):
    """The message is stored; its answer is still on its way."""

    code, status, retryable = "turn_pending", 503, True
    default_detail = (
        "The message is stored; its answer takes longer than usual. Send the same client_id again."
    )


class Unavailable(ChatError):
    """Nothing was stored, or it cannot be told: the same again is safe."""

    code, status, retryable = "unavailable", 503, True
    default_detail = "The database cannot be reached just now. Send the same again in a moment."


class Restarting(ChatError):
    code, status, retryable = "restarting", 503, True
    default_detail = "This server restarts. Send the same again in a moment: another one answers."


class HelloMissing(ChatError):
    code, status = "hello_missing", 401
    default_detail = "The first frame must be `hello` with the token, within 5 seconds."


class RateLimited(ChatError):
    """`standing` is where the limit of this name stands."""

    code, status, retryable = "rate_limited", 429, True

    def __init__(self, policy: "Policy", standing: "Standing") -> None:
        super().__init__(
            f"Too many {policy.counts}: {standing.item.amount} in {policy.seconds} seconds are "
            f"allowed. Nothing was stored; send it again in {standing.seconds} seconds.",
            retry_after=standing.seconds,
        )
        self.standing = standing


class BudgetSpent(ChatError):
    """What the website may chat in a day is used up; an open session is closed for it."""

    code, status = "budget_spent", 403
    default_detail = (
        "This website has used up what it may chat in a day. Nothing was stored; come back "
        "tomorrow, or reach the company in another way."
    )
