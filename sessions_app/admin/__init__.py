"""Dashboard pages of conversations, of webhooks, and of what was delivered to them."""

from sessions_app.admin.conversations import SessionAdmin
from sessions_app.admin.deliveries import DeliveryAdmin
from sessions_app.admin.webhooks import WebhookAdmin

__all__ = ["DeliveryAdmin", "SessionAdmin", "WebhookAdmin"]
