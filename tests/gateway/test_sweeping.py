"""What nobody is at any more: lapsed turns, idle sessions, closes the runner has not heard of."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from chatsaas.servers.process import wait_until
from sessions_app.models import Message, Outbox, Session, Turn
from sessions_app.tasks import sweep
from tenants.models import Domain, Due, Tenant
from tenants.scope import tenant_scope
from tenants.staff.models import Staff
from tests.gateway.house import House, furnish
from tests.gateway.visitor import Visitor
from tests.ground.ground import Ground

FIRST = "I need a repair, my name is Ann Smith"
SECONDS = 90.0


@pytest.fixture
def furnished(ground: Ground, tmp_path: Path) -> Iterator[House]:
    """Gateway alone: each test says what else runs, and when."""
    house = furnish(ground)
    with ground.gateway(TURN_DEADLINE_SECONDS="3"):
        yield house


def comes_true(house: House, wanted: Callable[[], bool]) -> bool:
    def look() -> bool:
        with tenant_scope(house.acme.schema):
            return wanted()

    return wait_until(look, SECONDS, pause=0.2)


def session_of(visitor: Visitor) -> Session:
    return Session.objects.get(id=visitor.session_hex)


def test_a_message_sent_while_the_runner_is_away_is_kept_and_answered_by_the_sweeper(
    furnished: House,
) -> None:
    visitor = furnished.visitor()
    with visitor.socket() as tab:
        client_id = tab.say(FIRST)
        tab.until(lambda frame: frame["type"] == "ack")
        delay = tab.until(lambda frame: frame["type"] == "error")
        assert (delay["code"], delay["client_id"]) == ("runner_unavailable", client_id)
        assert delay["retry_after"] > 0
        with ExitStack() as stack:
            stack.enter_context(furnished.ground.runner())
            stack.enter_context(furnished.ground.worker(beat=True))
            reply = tab.until(
                lambda frame: frame["type"] == "message" and frame["turn"] == client_id
                and frame["role"] == "assistant",
                SECONDS,
            )  # fmt: skip
    assert reply["attempt"] > 1
    with tenant_scope(furnished.acme.schema):
        assert Message.objects.filter(session_id=visitor.session_hex).count() == 3


def test_a_turn_that_keeps_failing_ends_with_an_honest_message_and_a_person(
    furnished: House,
) -> None:
    visitor, client_id = furnished.visitor(), str(uuid4())
    assert visitor.post(FIRST, client_id).status_code == 503
    with tenant_scope(furnished.acme.schema):
        old = (
            "UPDATE t_acme.sessions_app_turn SET attempts = 9, created_at = now() - '1 h'::interval"
        )
    furnished.ground.database.query(old)
    answer = visitor.say(FIRST, client_id)
    assert answer["status"] == "handoff"
    assert "sorry" in answer["message"]["text"]
    with tenant_scope(furnished.acme.schema):
        assert Turn.objects.get(session_id=visitor.session_hex).status == Turn.Status.FAILED
        effect = Outbox.objects.get(session_id=visitor.session_hex)
        assert effect.kind == "session.handoff"


def test_an_idle_session_is_closed_and_the_runner_is_told(furnished: House) -> None:
    visitor = furnished.visitor()
    with ExitStack() as stack:
        stack.enter_context(furnished.ground.runner())
        visitor.say(FIRST)
        furnished.ground.database.query(
            "UPDATE t_acme.sessions_app_session SET last_activity_at = now() - '2 h'::interval"
        )
        furnished.ground.database.query("UPDATE tenants_due SET at = now()")
        stack.enter_context(furnished.ground.worker(beat=True))
        assert comes_true(furnished, lambda: session_of(visitor).close_reason == "idle")
        assert comes_true(furnished, lambda: not Due.objects.exists())
    assert visitor.events(after=5)[-1]["reason"] == "idle"
    told = "SELECT closed_reason FROM ai.threads WHERE thread_id = %s"
    assert furnished.ground.database.query(told, visitor.session) == [("idle",)]


def test_a_close_that_the_runner_missed_is_told_later(furnished: House) -> None:
    visitor = furnished.visitor()
    with furnished.ground.runner():
        visitor.say(FIRST)
    assert visitor.request("POST", f"sessions/{visitor.session}/close").status_code == 200
    with tenant_scope(furnished.acme.schema):
        assert session_of(visitor).is_closed
        assert Due.objects.count() == 1
    with furnished.ground.runner():
        sweep()
    with tenant_scope(furnished.acme.schema):
        assert not Due.objects.exists()
    told = "SELECT closed_reason FROM ai.threads WHERE thread_id = %s"
    assert furnished.ground.database.query(told, visitor.session) == [("visitor",)]


def test_a_session_that_is_not_idle_yet_stays_open(furnished: House) -> None:
    visitor = furnished.visitor()
    with furnished.ground.runner():
        visitor.say(FIRST)
        furnished.ground.database.query("UPDATE tenants_due SET at = now()")
        sweep()
    ahead = "SELECT count(*) FROM tenants_due WHERE at > now() + '20 min'::interval"
    assert furnished.ground.database.query(ahead) == [(1,)]
    with tenant_scope(furnished.acme.schema):
        assert not session_of(visitor).is_closed


def test_a_new_tenant_is_built_by_the_worker_with_its_owners_account(ground: Ground) -> None:
    given, told = {"domain": "initech.localhost", "owner": "b@x.example"}, StringIO()
    for wrong in ({"domain": "http://initech.localhost/"}, {"owner": "nobody"}):
        with pytest.raises(CommandError, match=next(iter(wrong.values()))):
            call_command("create_tenant", "Initech GmbH", **{**given, **wrong})
    with ground.worker():
        call_command("create_tenant", "Initech GmbH", **given, stdout=told)
        ready = Tenant.objects.filter(slug="initech_gmbh", status=Tenant.Status.ACTIVE)
        assert wait_until(ready.exists, SECONDS, pause=0.2)
    assert Domain.objects.get(domain="initech.localhost").tenant == ready.get()
    assert "at http://initech.localhost:8000/accounts/password/reset/." in told.getvalue()
    with tenant_scope("t_initech_gmbh"):
        assert Staff.objects.get().role == Staff.Role.OWNER
