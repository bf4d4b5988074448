"""Every event reaches every endpoint that wants it: signed, in order, as often as it takes."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from standardwebhooks import Webhook as Signature
from standardwebhooks import WebhookVerificationError

from chatsaas.servers.process import wait_until
from sessions_app.models import Delivery
from sessions_app.services import deliveries
from sessions_app.webhooks import sending
from sessions_app.webhooks.schedule import DELAYS, delay_after
from tenants.due import Lane, claim_lanes, overdue
from tenants.models import Due
from tenants.scope import tenant_scope
from tenants.workspace.models import Website
from tests.public_data import public
from tests.webhooks.post import SCHEMA, Post

VECTORS = "corpora/standard-webhooks/vectors.json"


def test_an_event_arrives_once_signed_and_with_all_it_says(post: Post) -> None:
    endpoint, session = post.endpoint(), post.session()
    post.complete(session, {"name": "Ann"})
    post.relay()
    post.relay()
    (heard,) = post.sink.heard
    said = heard.verified(endpoint.secret)
    assert (said["type"], said["version"]) == ("session.completed", 1)
    assert said["data"]["session"] == f"ses_{session.hex}"
    assert said["data"]["document"] == {"name": "Ann"}
    assert said["data"]["website"] == str(post.site.website.id)
    delivery = post.delivery()
    assert (heard.id, delivery.status) == (delivery.event_id, "delivered")
    (attempt,) = post.attempts()
    assert (attempt.outcome, attempt.status_code) == ("delivered", 200)
    assert attempt.answer.startswith("thank you\ufffd!!!")
    assert len(attempt.answer) <= sending.KEPT_ANSWER
    assert not post.is_anything_due()


def test_a_signature_of_another_secret_or_of_a_changed_body_is_refused(post: Post) -> None:
    endpoint = post.endpoint()
    post.complete(post.session())
    post.relay()
    (heard,) = post.sink.heard
    with pytest.raises(WebhookVerificationError):
        heard.verified("whsec_" + "A" * 43 + "=")
    with pytest.raises(WebhookVerificationError):
        Signature(endpoint.secret).verify(heard.body + b" ", heard.headers)


def test_signatures_agree_with_the_specifications_vectors() -> None:
    for vector in json.loads(public(VECTORS).read_text()):
        moment = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
        signed = Signature(vector["secret"]).sign(vector["id"], moment, vector["body"])
        assert signed == vector["signature"]


def test_a_later_event_of_a_session_waits_until_the_earlier_one_is_delivered(post: Post) -> None:
    post.endpoint()
    session = post.session()
    post.complete(session)
    post.close(session)
    post.sink.answers = [500, 503]
    for heard in (1, 2):
        post.relay()
        assert post.sink.kinds() == ["session.completed"] * heard
    post.relay()
    assert post.sink.kinds() == ["session.completed"] * 3 + ["session.closed"]
    assert [row.status for row in post.deliveries()] == ["delivered"] * 2


def test_an_event_that_comes_while_its_lane_is_put_to_rest_is_not_forgotten(post: Post) -> None:
    post.endpoint()
    session = post.session()
    post.complete(session)
    (lane,) = claim_lanes(10, 30)
    with tenant_scope(SCHEMA):
        Delivery.objects.update(status="delivered", next_at=None)
    with psycopg.connect(settings.DATABASE_URL) as other, ThreadPoolExecutor(1) as pool:
        # As the close of the session does it, in the transaction that stores its event.
        other.execute("UPDATE tenants_due SET at = now() WHERE subject = %s", [session])
        resting = pool.submit(put_to_rest, lane)
        assert wait_until(lambda: is_blocked(other), 60)
        other.commit()
        resting.result(60)
    assert post.is_anything_due()


def put_to_rest(lane: Lane) -> None:
    with tenant_scope(SCHEMA):
        deliveries.settle_lane(lane.subject, lane.at)
    connection.close()


def is_blocked(holder: psycopg.Connection[tuple[Any, ...]]) -> bool:
    """Whether somebody waits for what this connection holds."""
    with psycopg.connect(settings.DATABASE_URL) as asking:
        asked = "SELECT 1 FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"
        return asking.execute(asked, [holder.info.backend_pid]).fetchone() is not None


def test_a_session_whose_event_is_refused_holds_back_no_other(post: Post) -> None:
    post.endpoint("/500", events=["session.completed"])
    post.endpoint(events=["session.closed"])
    stuck, other = post.session(), post.session()
    post.complete(stuck)
    post.relay()
    post.close(other)
    post.relay()
    assert post.sink.kinds() == ["session.closed"]


def test_without_the_order_the_same_check_fails(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "_heads", lambda rows: rows)
    post.endpoint()
    session = post.session()
    post.complete(session)
    post.close(session)
    post.sink.answers = [500]
    post.relay()
    assert "session.closed" in post.sink.kinds()


def test_every_refusal_is_logged_and_tried_again_under_the_same_id(post: Post) -> None:
    post.endpoint("/500")
    post.complete(post.session())
    for _ in range(3):
        post.relay()
    assert len({heard.id for heard in post.sink.heard}) == 1
    assert len({heard.body for heard in post.sink.heard}) == 1
    assert [row.status_code for row in post.attempts()] == [500] * 3
    delivery = post.delivery()
    assert (delivery.status, delivery.failures) == ("pending", 3)
    assert delivery.next_at is not None
    wait = delivery.next_at - timezone.now()
    assert timedelta(seconds=DELAYS[2] - 60) < wait < timedelta(seconds=DELAYS[2] * 1.2)
    assert post.is_anything_due()


def test_after_ten_tries_over_three_days_it_is_given_up_and_the_next_event_follows(
    post: Post,
) -> None:
    post.endpoint("/500")
    session = post.session()
    post.complete(session)
    post.close(session)
    post.ground.database.query("UPDATE t_acme.sessions_app_delivery SET failures = 9")
    post.relay()
    first, second = post.deliveries()
    assert (first.status, first.failures) == ("failed", 10)
    assert (second.status, second.failures) == ("failed", 10)
    assert post.sink.kinds("/500") == ["session.completed", "session.closed"]


def test_the_schedule_covers_three_days_and_never_runs_in_step() -> None:
    waits = [delay_after(number) for number in range(1, 10)]
    assert sum((wait for wait in waits if wait), timedelta()) >= timedelta(hours=75)
    assert delay_after(10) is None
    assert len({delay_after(5) for _ in range(20)}) > 10


def test_an_endpoint_that_answers_410_is_switched_off(post: Post) -> None:
    endpoint = post.endpoint("/410")
    first, second = post.session(), post.session()
    post.complete(first)
    post.relay()
    post.complete(second)
    post.relay()
    assert len(post.sink.heard) == 1
    with tenant_scope(SCHEMA):
        endpoint.refresh_from_db()
    assert not endpoint.is_active
    assert "410" in endpoint.off_reason
    assert post.delivery().status == "failed"
    assert not post.is_anything_due()


def test_a_redirect_is_a_failure_and_is_not_followed(post: Post) -> None:
    post.endpoint("/302")
    post.complete(post.session())
    post.relay()
    assert [heard.path for heard in post.sink.heard] == ["/302"]
    (attempt,) = post.attempts()
    assert (attempt.outcome, attempt.status_code) == ("answered", 302)
    assert "redirect" in attempt.detail


def test_an_endpoint_that_takes_its_time_is_given_up_on_and_holds_back_no_other(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 2.0)
    slow, quick = post.endpoint("/slow"), post.endpoint()
    session = post.session()
    post.complete(session)
    post.close(session)

    def is_quick_done() -> bool:
        """At once; on a machine so slow that two seconds were not enough, with the next try."""
        post.relay()
        return all(row.status == "delivered" for row in post.deliveries(quick))

    assert wait_until(is_quick_done, 120)
    assert list(dict.fromkeys(post.sink.kinds())) == ["session.completed", "session.closed"]
    assert set(post.sink.kinds("/slow")) == {"session.completed"}
    stuck, waiting = post.deliveries(slow)
    assert (stuck.status, waiting.status, waiting.attempt) == ("pending", "pending", 0)
    assert "timeout" in [row.outcome for row in post.attempts()]


def test_an_address_inside_is_never_contacted(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "OUTBOUND_ALLOWED_HOSTS", frozenset())
    post.endpoint()
    post.complete(post.session())
    post.relay()
    assert post.sink.heard == []
    (attempt,) = post.attempts()
    assert attempt.outcome == "forbidden"
    assert "public address" in attempt.detail


def test_an_endpoint_hears_what_it_asked_for_of_the_websites_it_is_for(post: Post) -> None:
    with tenant_scope(SCHEMA):
        other = Website.objects.create(name="Another website")
    post.endpoint("/200/closed", events=["session.closed"])
    post.endpoint("/200/own", website=post.site.website)
    post.endpoint("/200/other", website=other)
    post.endpoint("/200/off", is_active=False)
    session = post.session()
    post.complete(session)
    post.close(session)
    post.relay()
    assert post.sink.kinds("/200/closed") == ["session.closed"]
    assert post.sink.kinds("/200/own") == ["session.completed", "session.closed"]
    assert post.sink.kinds("/200/other") == post.sink.kinds("/200/off") == []


def test_a_document_that_is_too_long_is_left_to_its_link(post: Post) -> None:
    post.endpoint()
    session = post.session()
    post.complete(session, {"story": "x" * 30_000})
    post.relay()
    (heard,) = post.sink.heard
    assert len(heard.body) < 20_000
    assert heard.said["data"]["document"] is None
    assert heard.said["data"]["document_omitted"] is True
    assert heard.said["data"]["url"].endswith(f"/api/v1/sessions/ses_{session.hex}")


def test_an_overdue_delivery_shows_in_one_query(post: Post) -> None:
    assert overdue(Due.Kind.WEBHOOK) == (0.0, 0)
    post.endpoint()
    post.complete(post.session())
    post.ground.database.query(
        "UPDATE tenants_due SET at = now() - '90 s'::interval WHERE kind = 'webhook'"
    )
    seconds, count = overdue(Due.Kind.WEBHOOK)
    assert (seconds >= 90, count) == (True, 1)


def test_a_claim_takes_as_many_as_it_was_asked_for_and_never_the_same_twice(post: Post) -> None:
    made = """
        INSERT INTO tenants_due (schema, kind, subject, at)
        SELECT 't_acme', 'webhook', gen_random_uuid(), now() FROM generate_series(1, 400)"""
    post.ground.database.query(made)
    claimed = [claim_lanes(50, 30) for _ in range(4)]
    assert [len(lanes) for lanes in claimed] == [50] * 4
    assert len({lane.subject for lanes in claimed for lane in lanes}) == 200
    post.ground.database.query("UPDATE tenants_tenant SET status = 'suspended'")
    assert claim_lanes(50, 30) == []
    post.ground.database.query("UPDATE tenants_tenant SET status = 'active'")
