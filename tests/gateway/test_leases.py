"""One driver at a time: a lease by the database's clock, and a fence for who comes late."""

from uuid import UUID, uuid4

import pytest

from ai_bridge.contract import Done, Progress, Reply
from sessions_app import frames
from sessions_app.events import renew_lease
from sessions_app.models import Event, Message, Session, Turn
from sessions_app.services.claims import Claim, claim_turn
from sessions_app.services.finish import finish_turn
from sessions_app.services.submit import submit_message
from tenants.scope import tenant_scope
from tenants.tokens import Visitor
from tests.gateway.house import Site, build_site
from tests.ground.ground import Ground

DONE = Done(
    reply=Reply(text="And your name?", asking="name", progress=Progress(filled=1, required=3)),
    status="open",
    checkpoint_id="1",
    state_hash="sha256:1",
)


@pytest.fixture
def site(ground: Ground) -> Site:
    return build_site("t_acme")


def visitor_of(site: Site) -> Visitor:
    return Visitor(site.schema, site.website.id, uuid4(), resume_hash="")


def say(visitor: Visitor, text: str = "a repair") -> Claim | None:
    message = frames.SendMessage(client_id=uuid4(), text=text)
    return submit_message(visitor, message).claim


def let_lease_lapse(ground: Ground, session_id: UUID) -> None:
    lapsed = "UPDATE t_acme.sessions_app_session SET lease_until = now() - '1 s'::interval"
    ground.database.query(f"{lapsed} WHERE id = %s", session_id)


def test_a_worker_that_lost_its_lease_records_nothing(ground: Ground, site: Site) -> None:
    visitor = visitor_of(site)
    with tenant_scope(site.schema):
        late = say(visitor)
        assert late
        assert claim_turn(visitor.session_id) is None
        let_lease_lapse(ground, visitor.session_id)
        new = claim_turn(visitor.session_id)
        assert new
        assert (new.request_id, new.fence) == (late.request_id, late.fence + 1)
        assert not renew_lease(visitor.session_id, late.fence)
        before = Event.objects.count(), Message.objects.count()
        assert finish_turn(late, DONE) is None
        assert (Event.objects.count(), Message.objects.count()) == before
        assert finish_turn(new, DONE)
        assert finish_turn(new, DONE) is None
        assert Turn.objects.get().status == Turn.Status.DONE
        assert Message.objects.filter(role="assistant").count() == 2


def test_turns_are_claimed_oldest_first_and_one_at_a_time(ground: Ground, site: Site) -> None:
    visitor = visitor_of(site)
    with tenant_scope(site.schema):
        first, second = say(visitor), say(visitor, "my name is Ann Smith")
        assert first
        assert second is None
        finished = finish_turn(first, DONE)
        assert finished
        assert finished.is_waiting
        third = say(visitor, "thanks")
        assert third is None
        claimed = claim_turn(visitor.session_id)
        assert claimed
        assert claimed.ordinal == 2
        assert Session.objects.get().turn_count == 3
