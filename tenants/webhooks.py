"""What is done with a webhook's set-up: made, changed, its secret rotated."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ai_bridge.outbound import OutboundPolicy
from tenants.errors import TooManyWebhooks
from tenants.workspace.models import Webhook, Website
from tenants.workspace.webhook import OVERLAP, new_signing_secret

MOST = 20


def checked_url(text: str) -> str:
    """The address, if it may be sent to. Raises OutboundRefused with a reason for its author.

    What its name leads to is checked with every try, at the address that is then contacted.
    """
    policy = OutboundPolicy(settings.OUTBOUND_ALLOWED_HOSTS)
    return str(policy.checked(text, needs_https=True))


def check_room() -> None:
    """Raises TooManyWebhooks: every event is sent to each of them."""
    if Webhook.objects.count() >= MOST:
        raise TooManyWebhooks


@transaction.atomic
def create_webhook(
    *, url: str, events: Sequence[str], description: str = "", website: Website | None = None
) -> Webhook:
    """Raises TooManyWebhooks."""
    check_room()
    return Webhook.objects.create(
        url=url, events=list(events), description=description, website=website
    )


@transaction.atomic
def rotate_secret(webhook: Webhook) -> Webhook:
    """A new secret; the old one signs beside it for a day, and none before that one any more."""
    found = Webhook.objects.select_for_update().get(id=webhook.id)
    found.previous_secret, found.secret = found.secret, new_signing_secret()
    found.previous_until = timezone.now() + OVERLAP
    found.save(update_fields=["secret", "previous_secret", "previous_until"])
    return found
