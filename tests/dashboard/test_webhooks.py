"""Webhooks in the dashboard: set up, tried out, looked into, sent again."""

import re
from html import unescape
from typing import Any

import pytest

from sessions_app.models import Delivery, Session
from tenants.models import Due
from tenants.scope import tenant_scope
from tenants.workspace.models import Webhook
from tests.dashboard.office import owe_events, page_of, record_conversation, signed_in

pytestmark = pytest.mark.usefixtures("ground")
WEBHOOKS, DELIVERIES = "/admin/workspace/webhook", "/admin/sessions_app/delivery"
FORM = {
    "url": "https://crm.acme.example/hook",
    "description": "CRM",
    "events": ["session.completed", "session.closed"],
    "is_active": "on",
}


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def test_a_webhook_is_added_and_its_secret_is_shown_once_and_again_only_when_rotated() -> None:
    client = signed_in("editor")
    assert "Add webhook" in page_of(client, f"{WEBHOOKS}/")
    shown = text_of(client.post(f"{WEBHOOKS}/add/", FORM))
    with tenant_scope("t_acme"):
        webhook = Webhook.objects.get()
    place = f"{WEBHOOKS}/{webhook.pk}"
    assert webhook.secret in shown
    assert webhook.events == FORM["events"]
    for path in (f"{WEBHOOKS}/", f"{place}/change/", f"{place}/history/", f"{place}/rotate/"):
        assert webhook.secret not in page_of(client, path)
    rotated = text_of(client.post(f"{place}/rotate/"))
    new = re.findall(r"whsec_[A-Za-z0-9+/=]+", rotated)[0]
    assert new != webhook.secret
    with tenant_scope("t_acme"):
        assert list(Webhook.objects.get().signing_secrets()) == [new, webhook.secret]
    assert "the old one signs too" in page_of(client, f"{place}/change/")
    assert "Secret rotated." in page_of(client, f"{place}/history/")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://10.0.0.5/hook", "is not a public address"),
        ("http://crm.acme.example/hook", "Use https"),
        ("https://me:secret@crm.acme.example/", "user name or password"),
        ("https://2130706433/", "unusual writing"),
        ("crm.acme.example", "must begin with https://"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_its_reason(url: str, reason: str) -> None:
    client = signed_in("editor")
    page = text_of(client.post(f"{WEBHOOKS}/add/", {**FORM, "url": url}))
    assert reason in page
    with tenant_scope("t_acme"):
        assert not Webhook.objects.exists()


def test_a_test_event_is_sent_from_the_page_and_leads_to_its_delivery() -> None:
    client = signed_in("editor")
    client.post(f"{WEBHOOKS}/add/", FORM)
    with tenant_scope("t_acme"):
        webhook = Webhook.objects.get()
    assert client.get(f"{WEBHOOKS}/{webhook.pk}/test/").status_code == 405
    page = client.post(f"{WEBHOOKS}/{webhook.pk}/test/", follow=True)
    assert "It is sent within a moment" in text_of(page)
    assert Due.objects.filter(kind="webhook").count() == 1
    client.post(f"{WEBHOOKS}/{webhook.pk}/change/", {**FORM, "is_active": ""})
    refused = client.post(f"{WEBHOOKS}/{webhook.pk}/test/", follow=True)
    assert "Switch it on first" in text_of(refused)


def test_a_delivery_shows_body_tries_and_answers_and_is_sent_again_alone_or_with_others() -> None:
    owe_events(record_conversation())
    client = signed_in("editor")
    with tenant_scope("t_acme"):
        waiting, failed = Delivery.objects.order_by("outbox_id")
    listed = page_of(client, f"{DELIVERIES}/")
    assert "session.completed</a>" in listed
    assert ">Failed" in re.sub(r"\s*\n\s*", "", listed)
    page = page_of(client, f"{DELIVERIES}/{waiting.pk}/change/")
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)" in page
    for text in ("Answered 500", "42 ms", "Next try", "Try now", waiting.event_id, "Jon"):
        assert text in unescape(page)
    client.post(f"{DELIVERIES}/{failed.pk}/resend/")
    with tenant_scope("t_acme"):
        failed.refresh_from_db()
    assert (failed.status, failed.is_resend) == ("pending", True)
    form = {"action": "send_again", "_selected_action": [str(waiting.pk), str(failed.pk)]}
    done = client.post(f"{DELIVERIES}/", form, follow=True)
    assert "2 deliveries are sent again" in text_of(done)
    with tenant_scope("t_acme"):
        waiting.refresh_from_db()
    assert (waiting.failures, waiting.is_resend) == (0, False)
    with tenant_scope("t_acme"):
        session = Session.objects.get()
    found = page_of(client, f"{DELIVERIES}/?q={session.public_id}")
    assert "session.closed" in found
    assert "Nothing matches" in page_of(client, f"{DELIVERIES}/?q={failed.public_id[:-1]}0")


def test_a_webhook_is_removed_with_its_log_after_a_question() -> None:
    webhook = owe_events(record_conversation())
    client = signed_in("owner")
    assert "1 waiting delivery will" in page_of(client, f"{WEBHOOKS}/{webhook.pk}/remove/")
    client.post(f"{WEBHOOKS}/{webhook.pk}/remove/")
    with tenant_scope("t_acme"):
        assert not Webhook.objects.exists()
        assert not Delivery.objects.exists()


@pytest.mark.parametrize("role", ["reviewer", "viewer"])
def test_a_reader_neither_sees_nor_sends_anything(role: str) -> None:
    webhook = owe_events(record_conversation())
    client = signed_in(role)
    with tenant_scope("t_acme"):
        delivery = Delivery.objects.all()[0]
    for path in (f"{DELIVERIES}/{delivery.pk}/change/", f"{WEBHOOKS}/{webhook.pk}/change/"):
        assert client.get(path).status_code in (403, 404)
    for path in (
        f"{DELIVERIES}/{delivery.pk}/resend/",
        f"{WEBHOOKS}/{webhook.pk}/test/",
        f"{WEBHOOKS}/{webhook.pk}/rotate/",
        f"{WEBHOOKS}/{webhook.pk}/remove/",
    ):
        assert client.post(path).status_code == 404
    with tenant_scope("t_acme"):
        assert Webhook.objects.get().secret == webhook.secret
        assert Delivery.objects.count() == 2
