"""Facts of webhooks on their way: what is owed to which endpoint, and how every try went."""

from uuid import UUID, uuid4

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from tenants.workspace.models import Webhook


class Delivery(models.Model):
    """One event for one endpoint; written with the event's outbox row, in its transaction.

    `event` is the webhook-id, the same for every try and every resend. `lane` is the session (or
    the test event itself): within a lane an endpoint gets one event after the other. `attempt`
    grows with every claim, and a worker that holds an older number may write nothing; `lease_until`
    is by the database's clock. `failures` counts answers, not claims: a killed worker costs no try.
    A resend does not hold back later events of its session.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        DELIVERED = "delivered"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid4, db_default=RandomUUID(), editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    session = models.ForeignKey(
        "sessions_app.Session", on_delete=models.CASCADE, null=True, related_name="deliveries"
    )
    outbox = models.ForeignKey(
        "sessions_app.Outbox", on_delete=models.CASCADE, null=True, related_name="deliveries"
    )
    event = models.UUIDField(default=uuid4)
    kind = models.CharField(max_length=32)
    lane = models.UUIDField()
    status = models.CharField(max_length=16, choices=Status, default=Status.PENDING)
    is_resend = models.BooleanField(default=False)
    attempt = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook", "outbox"], name="one_delivery_per_event")
        ]
        indexes = [
            models.Index(fields=["webhook", "-created_at"], name="deliveries_of_webhook"),
            models.Index(fields=["lane"], name="owed_deliveries", condition=Q(status="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"

    @property
    def public_id(self) -> str:
        return f"dlv_{self.id.hex}"

    @property
    def event_id(self) -> str:
        """The webhook-id."""
        return f"evt_{UUID(str(self.event)).hex}"


class Attempt(models.Model):
    """One try. Without `finished_at` it was begun and never recorded: its worker is gone.

    `answer` is the beginning of what the endpoint said.
    """

    class Outcome(models.TextChoices):
        SENDING = "sending"
        DELIVERED = "delivered"
        ANSWERED = "answered", "Refused by the endpoint"
        TIMEOUT = "timeout", "No answer in time"
        UNREACHABLE = "unreachable"
        FORBIDDEN = "forbidden", "Address not allowed"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=16, choices=Outcome, default=Outcome.SENDING)
    detail = models.CharField(max_length=300, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True)
    latency_ms = models.PositiveIntegerField(null=True)
    answer = models.TextField(blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="one_attempt_per_number")
        ]

    def __str__(self) -> str:
        return f"attempt {self.number}: {self.outcome}"
