"""Facts of the data plane. A row says what happened; services make it happen."""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from sessions_app.delivery import Attempt as Attempt
from sessions_app.delivery import Delivery as Delivery
from tenants.workspace.models import TemplateVersion, Website

MOST_TOKENS = 200_000


class SessionQuerySet(models.QuerySet["Session"]):
    def open(self) -> "SessionQuerySet":
        return self.filter(closed_at=None)

    def idle_since(self, moment: datetime) -> "SessionQuerySet":
        return self.open().filter(last_activity_at__lt=moment)


class Session(models.Model):
    """One conversation of one visitor. Keeps the template version it began with.

    `fence` grows with every claim of a turn; a worker that holds an older one may write nothing.
    `lease_until` is by the database's clock; null when no turn is being driven. The counts stand
    here, and not in a query over turns, because who waits for the row's lock must read them fresh.
    `token_budget` is the tenant's plan as it stood when the session began.
    A session that was completed or handed over keeps that status when it is closed.
    Of retention periods those up to `erased_days` are over and done with; what was said went with
    the shortest, at `words_erased_at` and after `words_days`.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        COMPLETED = "completed"
        HANDOFF = "handoff"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    website = models.ForeignKey(Website, on_delete=models.PROTECT, related_name="sessions")
    template_version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT)
    status = models.CharField(max_length=16, choices=Status, default=Status.OPEN)
    close_reason = models.CharField(max_length=16, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_activity_at = models.DateTimeField(db_index=True)
    last_seq = models.PositiveIntegerField(default=0)
    turn_count = models.PositiveIntegerField(default=0)
    answered_count = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    resume_hashes = ArrayField(models.CharField(max_length=64), default=list)
    identity = models.JSONField(default=dict, blank=True)
    locale = models.CharField(max_length=16, default="en")
    region = models.CharField(max_length=2, blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    asking = models.CharField(max_length=200, blank=True)
    filled = models.PositiveIntegerField(default=0)
    required = models.PositiveIntegerField(default=0)
    state_hash = models.CharField(max_length=80, blank=True)
    document = models.JSONField(null=True, blank=True)
    tokens_used = models.PositiveBigIntegerField(default=0)
    token_budget = models.PositiveBigIntegerField(default=MOST_TOKENS)
    erased_days = models.PositiveIntegerField(default=0)
    words_erased_at = models.DateTimeField(null=True, blank=True)
    words_days = models.PositiveIntegerField(null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "conversation"
        indexes = [
            models.Index(fields=["template_version", "erased_days"], name="sessions_to_retain")
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def public_id(self) -> str:
        return f"ses_{self.id.hex}"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_waiting(self) -> bool:
        """Whether a turn still has no answer."""
        return self.turn_count > self.answered_count

    @property
    def public_status(self) -> str:
        return self.Status.CLOSED.value if self.is_closed else str(self.status)


class Turn(models.Model):
    """One input and its answer. `request_id` is the visitor's client id: every retry finds it.

    `now` is the visitor's local time with its offset (ISO 8601), fixed when the input was stored.
    `response` is the recorded answer, byte for byte. `heard` is what was made of the message with a
    model's help, null when rules alone answered; `trouble` is why they did, in a degraded turn.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="turns")
    request_id = models.UUIDField()
    ordinal = models.PositiveIntegerField()
    input = models.JSONField()
    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    now = models.CharField(max_length=40)
    locale = models.CharField(max_length=16)
    region = models.CharField(max_length=2, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    checkpoint_id = models.CharField(max_length=64, blank=True)
    state_hash = models.CharField(max_length=80, blank=True)
    degraded = models.BooleanField(default=False)
    trouble = models.CharField(max_length=32, blank=True)
    heard = models.JSONField(null=True)
    operations = models.JSONField(default=list)
    usage = models.JSONField(default=dict)
    response = models.TextField(blank=True)

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["session", "request_id"], name="one_turn_per_request"),
            models.UniqueConstraint(fields=["session", "ordinal"], name="one_turn_per_ordinal"),
        ]
        indexes = [
            models.Index(
                fields=["session", "ordinal"],
                name="unanswered_turns",
                condition=Q(status__in=["queued", "running"]),
            ),
            models.Index(fields=["finished_at"], name="degraded_turns", condition=Q(degraded=True)),
        ]

    def __str__(self) -> str:
        return f"turn {self.ordinal}"


class Message(models.Model):
    """One line of the transcript. A visitor's `uid` is its turn's request id."""

    class Role(models.TextChoices):
        VISITOR = "visitor"
        ASSISTANT = "assistant"

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="messages")
    uid = models.UUIDField(default=uuid4)
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, null=True, related_name="messages")
    role = models.CharField(max_length=16, choices=Role)
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "uid"], name="one_message_per_uid")
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.text[:40]}"

    @property
    def public_id(self) -> str:
        return f"msg_{UUID(str(self.uid)).hex}"


class FieldValue(models.Model):
    """What one turn did to one field. The newest row that was not refused is the value.

    `start` and `end` count Unicode code points in the message that `message_uid` names; they are
    null when that message's words are erased. A value erased at `erased_at`, after `erased_days`,
    leaves its row as the fact that something was collected.
    """

    class Status(models.TextChoices):
        SET = "set"
        CORRECTED = "corrected"
        CLEARED = "cleared"
        DROPPED = "dropped"
        DECLINED = "declined"
        REFUSED = "refused"

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="field_values")
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="field_values")
    template_version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT)
    path = models.CharField(max_length=200)
    value = models.JSONField(null=True)
    status = models.CharField(max_length=16, choices=Status)
    reason = models.CharField(max_length=200, blank=True)
    message_uid = models.UUIDField(null=True)
    quote = models.TextField(blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    method = models.CharField(max_length=16)
    confidence = models.FloatField(default=1.0)
    checkpoint_id = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_days = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.path} {self.status}"


class Event(models.Model):
    """What clients are told, in order. Append-only; `seq` is contiguous within a session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["session", "seq"], name="one_event_per_seq")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Outbox(models.Model):
    """An effect for the outside world, written in the transaction that caused it.

    `uid` names it to receivers, who drop what they have had already.
    """

    uid = models.UUIDField(default=uuid4, db_default=RandomUUID(), unique=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="outbox")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "outbox"
        constraints = [
            models.UniqueConstraint(fields=["session", "seq", "kind"], name="one_effect_per_event")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seq}"
