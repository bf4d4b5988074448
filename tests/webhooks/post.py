"""A tenant with an endpoint and conversations that have something to tell."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from sessions_app.models import Attempt, Delivery, Session
from sessions_app.services.close import close_session
from sessions_app.services.effects import record_effect
from sessions_app.tasks import relay
from tenants.models import Due
from tenants.scope import tenant_scope
from tenants.workspace.models import ApiCall, Webhook
from tests.gateway.house import Site
from tests.ground.ground import Ground
from tests.webhooks.sink import Sink

SCHEMA = "t_acme"


@dataclass
class Post:
    ground: Ground
    sink: Sink
    site: Site

    def endpoint(self, path: str = "/200", **columns: Any) -> Webhook:
        with tenant_scope(SCHEMA):
            return Webhook.objects.create(url=self.sink.url(path), **columns)

    def session(self) -> UUID:
        with tenant_scope(SCHEMA):
            return Session.objects.create(
                website=self.site.website,
                template_version_id=self.site.template.versions.get().id,
                last_activity_at=timezone.now(),
            ).id

    def complete(self, session: UUID, document: Any = None, seq: int = 1) -> None:
        with tenant_scope(SCHEMA):
            record_effect(session, seq, "session.completed", {"document": document or {"a": 1}})

    def close(self, session: UUID) -> None:
        with tenant_scope(SCHEMA):
            close_session(session, "visitor")

    def relay(self) -> None:
        """What the worker does every second; what was to be tried later is tried now."""
        self.hurry()
        relay()

    def hurry(self) -> None:
        query = self.ground.database.query
        query("UPDATE t_acme.sessions_app_delivery SET next_at = now() WHERE next_at IS NOT NULL")
        query("UPDATE t_acme.sessions_app_delivery SET lease_until = now()")
        query("UPDATE tenants_due SET at = now() WHERE kind = 'webhook'")

    def deliveries(self, webhook: Webhook | None = None) -> list[Delivery]:
        with tenant_scope(SCHEMA):
            found = Delivery.objects.order_by("outbox_id", "created_at")
            return list(found.filter(webhook=webhook) if webhook else found)

    def delivery(self) -> Delivery:
        (only,) = self.deliveries()
        return only

    def attempts(self) -> list[Attempt]:
        with tenant_scope(SCHEMA):
            return list(Attempt.objects.order_by("id"))

    def is_anything_due(self) -> bool:
        return Due.objects.filter(kind=Due.Kind.WEBHOOK).exists()

    def clear(self) -> None:
        with tenant_scope(SCHEMA):
            Webhook.objects.all().delete()
            Session.objects.all().delete()
            ApiCall.objects.all().delete()
        Due.objects.all().delete()
