"""Old deliveries are forgotten, and none that somebody is still owed, however old it is."""

import psycopg
from prometheus_client import REGISTRY

from sessions_app.models import Attempt, Delivery, Outbox
from sessions_app.retention.post import forget_post
from sessions_app.services.effects import record_effect
from tenants.scope import tenant_scope
from tenants.workspace.models import Webhook
from tests.dashboard.office import record_conversation
from tests.ground.ground import Ground

SCHEMA = "t_acme"
ENDED = "status = 'failed', settled_at = now() - '31 d'::interval, next_at = NULL"
# As `resend` writes it.
AGAIN = "status = 'pending', is_resend = true, settled_at = NULL, next_at = now()"
# By the state in which it is for two years.
OWED = {
    "never tried": "settled_at = NULL, attempt = 0, failures = 0",
    "waiting for its next try": "attempt = 7, failures = 7, next_at = now() + '1 d'::interval",
    "being sent": "attempt = 1, lease_until = now() + '20 s'::interval",
    "asked for once more": AGAIN,
}


def test_what_is_still_owed_outlives_any_retention(ground: Ground) -> None:
    """The one that ended goes; the one that is asked for while it would go stays as well."""
    session = record_conversation()
    with tenant_scope(SCHEMA):
        for name in (*OWED, "asked for at this moment", "ended"):
            Webhook.objects.create(url="https://crm.acme.example/", description=name)
        record_effect(session.pk, 1, "session.completed", {"document": {"name": "Jon"}})
        record_effect(session.pk, 2, "session.closed", {"reason": "visitor"})
        for delivery in Delivery.objects.filter(webhook__description="ended"):
            Attempt.objects.create(delivery=delivery, number=1)
    for name, state in OWED.items():
        _write(ground, state, name)
    for name in ("ended", "asked for at this moment"):
        _write(ground, ENDED, name)
    old = "UPDATE t_acme.sessions_app_outbox SET created_at = now() - '2 y'::interval"
    ground.database.query(old)

    before = _forgotten()
    with psycopg.connect(ground.database.url) as staff:
        staff.execute(_update(AGAIN).encode(), ("asked for at this moment",))
        with tenant_scope(SCHEMA):
            forget_post()
    with tenant_scope(SCHEMA):
        left = Delivery.objects.values_list("webhook__description", flat=True)
        assert sorted(left) == sorted([*OWED, "asked for at this moment"] * 2)
        assert Outbox.objects.count() == 2
        assert not Attempt.objects.exists()
    assert _forgotten() - before == 2

    for name in (*OWED, "asked for at this moment"):
        _write(ground, ENDED, name)
    with tenant_scope(SCHEMA):
        forget_post()
        assert not Delivery.objects.exists()
        assert not Outbox.objects.exists()
    assert _forgotten() - before == 12


def _write(ground: Ground, columns: str, webhook: str) -> None:
    ground.database.query(_update(columns), webhook)


def _update(columns: str) -> str:
    rows = "webhook_id = (SELECT id FROM t_acme.workspace_webhook WHERE description = %s)"
    return f"UPDATE t_acme.sessions_app_delivery SET {columns} WHERE {rows}"


def _forgotten() -> float:
    return REGISTRY.get_sample_value("chat_forgotten_deliveries_total") or 0.0
