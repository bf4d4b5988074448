"""Facts of a customer's webhooks: where events are sent, which, and how they are signed."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.text import Truncator

from tenants.sealing import SealedField

SECRET_BYTES = 32
# What fits beside others in a list.
SHORT = 40
OVERLAP = timedelta(hours=24)


def new_signing_secret() -> str:
    """As Standard Webhooks writes them: `whsec_` and base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


class WebhookEvent(models.TextChoices):
    """What can be subscribed to. `webhook.test` needs no subscription."""

    COMPLETED = "session.completed", "A conversation is complete"
    HANDOFF = "session.handoff", "A conversation needs a person"
    CLOSED = "session.closed", "A conversation has ended"


def all_events() -> list[str]:
    return list(WebhookEvent.values)


class Webhook(models.Model):
    """An address of the customer's that is told of events, of one website or of all.

    After a rotation the secret before signs too until `previous_until`, so that the receiver can
    change over without refusing anything. `off_reason` says why it was switched off for them.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    website = models.ForeignKey(
        "workspace.Website",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="webhooks",
    )
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=200, blank=True)
    events = ArrayField(models.CharField(max_length=32, choices=WebhookEvent), default=all_events)
    is_active = models.BooleanField(default=True)
    off_reason = models.CharField(max_length=200, blank=True)
    secret = SealedField(default=new_signing_secret, editable=False)
    previous_secret = SealedField(blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.description or Truncator(self.url.partition("://")[2]).chars(SHORT)

    @property
    def public_id(self) -> str:
        return f"whk_{self.id.hex}"

    def signing_secrets(self, moment: datetime | None = None) -> Sequence[str]:
        """The newest first; the one before it as long as both are good."""
        until = self.previous_until
        if until is not None and until > (moment or timezone.now()):
            return (self.secret, self.previous_secret)
        return (self.secret,)
