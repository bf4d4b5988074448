"""A relay killed or frozen at any point loses no event, and what it says too late is not heard."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from chatsaas.servers.process import wait_until
from sessions_app.services.deliveries import LEASE, claim_parcels, record_try
from sessions_app.webhooks.sending import TOTAL_SECONDS, Outcome, Sent
from tenants.scope import tenant_scope
from tests.ground.environment import ROOT
from tests.webhooks.post import SCHEMA, Post

COMMAND = [sys.executable, "-m", "tests.webhooks.relay_once"]


def start_relay(post: Post, failpoints: str) -> subprocess.Popen[bytes]:
    environment = {
        **post.ground.environment(),
        "CHATSAAS_FAILPOINTS": failpoints,
        "OUTBOUND_ALLOWED_HOSTS": "127.0.0.1",
    }
    return subprocess.Popen(COMMAND, cwd=ROOT, env=environment, start_new_session=True)


@pytest.mark.parametrize(
    ("point", "heard"), [("after_claim", 1), ("after_send", 2), ("after_record", 1)]
)
def test_a_kill_between_claim_send_and_record_loses_nothing(
    post: Post, point: str, heard: int
) -> None:
    """Between send and record nobody can know: the event comes twice, with the same id."""
    endpoint, session = post.endpoint(), post.session()
    post.complete(session)
    killed = start_relay(post, f"relay_{point}:kill@1")
    assert killed.wait(60) == -signal.SIGKILL
    post.relay()
    post.close(session)
    post.relay()
    said = [each.verified(endpoint.secret)["type"] for each in post.sink.heard]
    assert said == ["session.completed"] * heard + ["session.closed"]
    assert len({each.id for each in post.sink.heard}) == 2
    assert [row.status for row in post.deliveries()] == ["delivered"] * 2
    assert not post.is_anything_due()


def test_a_kill_costs_no_try_and_shows_in_the_log(post: Post) -> None:
    post.endpoint()
    post.complete(post.session())
    with tenant_scope(SCHEMA):
        (lane,) = {row.lane for row in post.deliveries()}
        (first,) = claim_parcels(lane)
        assert claim_parcels(lane) == []
        post.hurry()
        (second,) = claim_parcels(lane)
    assert (first.attempt, second.attempt, second.failures) == (1, 2, 0)
    assert [row.outcome for row in post.attempts()] == ["sending", "sending"]


def test_a_lease_outlives_a_try() -> None:
    assert LEASE.total_seconds() > TOTAL_SECONDS + 5


def test_what_is_recorded_after_the_lease_was_taken_over_changes_the_log_alone(post: Post) -> None:
    post.endpoint()
    post.complete(post.session())
    with tenant_scope(SCHEMA):
        (lane,) = {row.lane for row in post.deliveries()}
        (late,) = claim_parcels(lane)
        post.hurry()
        (holder,) = claim_parcels(lane)
        assert not record_try(late, Sent(Outcome.ANSWERED, 5, status_code=500))
        assert post.delivery().failures == 0
        assert record_try(holder, Sent(Outcome.DELIVERED, 5, status_code=200))
        assert not record_try(late, Sent(Outcome.ANSWERED, 5, status_code=410))
    assert post.delivery().status == "delivered"


def test_a_frozen_relay_is_overtaken_and_does_no_harm_when_it_comes_back(post: Post) -> None:
    post.endpoint()
    post.complete(post.session())
    frozen = start_relay(post, "relay_after_claim:stop@1")
    assert wait_until(lambda: is_stopped(frozen.pid), 60, pause=0.05)
    post.relay()
    os.kill(frozen.pid, signal.SIGCONT)
    assert frozen.wait(60) == 0
    assert len({each.id for each in post.sink.heard}) == 1
    assert (post.delivery().status, post.delivery().attempt) == ("delivered", 2)


def test_four_relays_at_once_send_each_event_once_and_in_order(post: Post) -> None:
    post.endpoint()
    sessions = [post.session() for _ in range(12)]
    for session in sessions:
        post.complete(session)
        post.close(session)
    relays = [threading.Thread(target=run_and_close, args=(post,)) for _ in range(4)]
    for each in relays:
        each.start()
    for each in relays:
        each.join()
    # A slow machine leaves some to the next run, as beat begins one every few seconds.
    assert wait_until(lambda: leaves_nothing(post), 120)
    for session in sessions:
        said = [
            heard.said["type"]
            for heard in post.sink.heard
            if heard.said["data"]["session"] == f"ses_{session.hex}"
        ]
        assert said == ["session.completed", "session.closed"]


def leaves_nothing(post: Post) -> bool:
    run_and_close(post)
    return not post.is_anything_due()


def run_and_close(post: Post) -> None:
    from django.db import connections

    from sessions_app.tasks import relay

    relay()
    connections.close_all()


def is_stopped(pid: int) -> bool:
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "T"
