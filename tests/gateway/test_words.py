"""Words of a template that the gateway itself heeds: whom it greets how, and when it closes."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from ai_bridge.contract import Done, Evidence, FieldValue, Operation, Progress, Reply
from sessions_app import frames
from sessions_app.admin.marks import HIDDEN
from sessions_app.admin.transcript import read_transcript
from sessions_app.models import Message, Session
from sessions_app.services.finish import finish_turn
from sessions_app.services.submit import submit_message
from tenants.models import Due
from tenants.scope import tenant_scope
from tenants.tokens import Visitor
from tests.gateway.house import Site, build_site
from tests.ground.ground import Ground

CODE = "4111-2222"
# What a viewer reads where the code was given.
MASKED: dict[str, tuple[dict[str, Any], str]] = {
    "personal": ({"pii": True}, HIDDEN),
    "full": ({"mask": "full"}, HIDDEN),
    "partial": ({"pii": True, "mask": "partial"}, f"4{HIDDEN}2"),
    "none": ({"pii": True, "mask": "none"}, CODE),
    "open": ({}, CODE),
}
TEMPLATE: dict[str, Any] = {
    "type": "object",
    "x-intake": {"greeting": "Hello!", "idle_minutes": 7, "i18n": {"de": {"greeting": "Hallo!"}}},
    "properties": {
        name: {"type": "string", "x-intake": hints} for name, (hints, _) in MASKED.items()
    },
}


def say(site: Site, text: str, locale: str, *paths: str) -> Session:
    """One message, answered as if it had given each of these fields the whole text."""
    visitor = Visitor(site.schema, site.website.id, uuid4(), resume_hash="", locale=locale)
    claim = submit_message(visitor, frames.SendMessage(client_id=uuid4(), text=text)).claim
    assert claim
    words = {"quote": text, "start": 0, "end": len(text)}
    evidence = Evidence(message_id=str(claim.request_id), method="rule", **words)
    done = Done(
        reply=Reply(text="Thanks.", asking=None, progress=Progress(filled=0, required=0)),
        operations=tuple(
            Operation(op="set", path=path, value=text, source="rule", **words) for path in paths
        ),
        fields=tuple(FieldValue(path=path, value=text, evidence=evidence) for path in paths),
        status="open",
        checkpoint_id="1",
        state_hash="sha256:1",
    )
    assert finish_turn(claim, done)
    return Session.objects.get(id=visitor.session_id)


def test_a_session_greets_in_its_language_and_closes_when_its_template_says(
    ground: Ground,
) -> None:
    site = build_site("t_acme", TEMPLATE)
    with tenant_scope(site.schema):
        sessions = [say(site, "hi", locale) for locale in ("en", "de-AT")]
        greeted = [Message.objects.filter(session=one).earliest("id").text for one in sessions]
        session = sessions[0]
    assert greeted == ["Hello!", "Hallo!"]
    due = Due.objects.get(subject=session.id, kind="session")
    assert due.at - session.last_activity_at == timedelta(minutes=7)


def test_a_mask_says_how_much_of_a_value_a_viewer_sees(ground: Ground) -> None:
    site = build_site("t_acme", TEMPLATE)
    with tenant_scope(site.schema):
        for name, (_, seen) in MASKED.items():
            transcript = read_transcript(say(site, CODE, "en", name), in_full=False)
            (card,) = transcript.answered
            assert card.current
            assert card.current.text == seen, name
            said = "".join(piece.text for line in transcript.lines for piece in line.segments)
            assert (CODE in said) is (seen == CODE), name
