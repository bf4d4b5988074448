"""Webhooks and their deliveries as the integrator's API shows and takes them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sessions_app.models import Attempt, Delivery
from sessions_app.shapes import PlainText
from sessions_app.webhooks.body import body_of
from tenants.workspace.models import Webhook
from tenants.workspace.webhook import WebhookEvent, all_events


class WebhookCreate(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    url: PlainText = Field(max_length=2000)
    events: tuple[WebhookEvent, ...] = Field(
        default_factory=lambda: tuple(map(WebhookEvent, all_events())), min_length=1
    )
    description: PlainText = Field(default="", max_length=200)


class WebhookChange(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: PlainText | None = Field(default=None, max_length=2000)
    events: tuple[WebhookEvent, ...] | None = Field(default=None, min_length=1)
    description: PlainText | None = Field(default=None, max_length=200)
    active: bool | None = None


class WebhookRow(BaseModel):
    id: str
    url: str
    description: str
    events: list[str]
    active: bool
    off_reason: str
    created_at: str
    previous_secret_until: str | None


class WebhookWithSecret(WebhookRow):
    """`secret` is answered when it is made, and not again."""

    secret: str


class WebhookList(BaseModel):
    results: list[WebhookRow]


class AttemptRow(BaseModel):
    """`answer` is the beginning of what the endpoint said."""

    number: int
    outcome: str
    detail: str
    status_code: int | None
    latency_ms: int | None
    answer: str
    started_at: str
    finished_at: str | None


class DeliveryRow(BaseModel):
    """`event` is the webhook-id; `next_at` the next try of one that is still owed."""

    id: str
    event: str
    type: str
    session: str | None
    status: str
    attempts: int
    created_at: str
    settled_at: str | None
    next_at: str | None


class DeliveryDetail(DeliveryRow):
    body: str
    history: list[AttemptRow]


class DeliveryPage(BaseModel):
    next: str | None
    previous: str | None
    results: list[DeliveryRow]


class ResendMany(BaseModel):
    """Every delivery of this status is sent again, the newest thousand of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Delivery.Status = Delivery.Status.FAILED


class Resent(BaseModel):
    resent: int


def webhook_row(webhook: Webhook) -> WebhookRow:
    return WebhookRow(**_webhook_columns(webhook))


def webhook_with_secret(webhook: Webhook) -> WebhookWithSecret:
    return WebhookWithSecret(**_webhook_columns(webhook), secret=webhook.secret)


def delivery_row(delivery: Delivery) -> DeliveryRow:
    return DeliveryRow(**_delivery_columns(delivery))


def delivery_detail(delivery: Delivery) -> DeliveryDetail:
    history = [_attempt_row(attempt) for attempt in delivery.attempts.all()]
    return DeliveryDetail(**_delivery_columns(delivery), body=body_of(delivery), history=history)


def _webhook_columns(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.public_id,
        "url": webhook.url,
        "description": webhook.description,
        "events": webhook.events,
        "active": webhook.is_active,
        "off_reason": webhook.off_reason,
        "created_at": webhook.created_at.isoformat(),
        "previous_secret_until": _moment(webhook.previous_until),
    }


def _delivery_columns(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.public_id,
        "event": delivery.event_id,
        "type": delivery.kind,
        "session": f"ses_{delivery.session_id.hex}" if delivery.session_id else None,
        "status": delivery.status,
        "attempts": delivery.attempt,
        "created_at": delivery.created_at.isoformat(),
        "settled_at": _moment(delivery.settled_at),
        "next_at": _moment(delivery.next_at),
    }


def _attempt_row(attempt: Attempt) -> AttemptRow:
    return AttemptRow(
        number=attempt.number,
        outcome=attempt.outcome,
        detail=attempt.detail,
        status_code=attempt.status_code,
        latency_ms=attempt.latency_ms,
        answer=attempt.answer,
        started_at=attempt.started_at.isoformat(),
        finished_at=_moment(attempt.finished_at),
    )


def _moment(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
