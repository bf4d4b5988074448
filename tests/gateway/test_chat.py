"""A message over HTTP: stored once, answered once, refused with a reason."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from sessions_app.models import Message, Session, Turn
from tenants.publishing import publish_template
from tenants.scope import tenant_scope
from tests.gateway.house import ORIGIN, TEMPLATE, House
from tests.gateway.visitor import Visitor
from tests.ground.server import connect

FIRST = "I need a repair, my name is Ann Smith"


def turns_of(house: House, visitor: Visitor) -> list[Turn]:
    with tenant_scope(house.acme.schema):
        return list(Turn.objects.filter(session_id=visitor.session_hex))


def test_a_conversation_ends_in_the_document_and_every_value_has_its_words(house: House) -> None:
    visitor = house.visitor()
    first = visitor.say(FIRST)
    last = visitor.say("ann@example.com")
    assert last["status"] == "completed"
    assert last["document"] == {
        "service": "repair",
        "name": "Ann Smith",
        "email": "ann@example.com",
    }
    for found in first["fields"]:
        words = found["evidence"]
        assert FIRST[words["start"] : words["end"]] == words["quote"]


def test_a_second_send_with_the_same_client_id_is_answered_byte_for_byte(house: House) -> None:
    visitor = house.visitor()
    client_id = str(uuid4())
    first, again = visitor.post(FIRST, client_id), visitor.post(FIRST, client_id)
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert len(turns_of(house, visitor)) == 1


def test_a_client_id_with_another_text_is_refused(house: House) -> None:
    visitor = house.visitor()
    client_id = str(uuid4())
    visitor.say(FIRST, client_id)
    refused = visitor.post("I changed my mind", client_id)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_conflict")
    assert len(turns_of(house, visitor)) == 1


BAD_BODIES: dict[str, tuple[bytes, int, str]] = {
    "no JSON": (b"{", 400, "bad_request"),
    "a list": (b"[]", 400, "bad_request"),
    "no client id": (b'{"text": "hi"}', 400, "bad_request"),
    "a client id that is none": (b'{"client_id": "1", "text": "hi"}', 400, "bad_request"),
    "a number for text": (b'{"client_id": "%s", "text": 1}', 400, "bad_request"),
    "half a surrogate pair": (b'{"client_id": "%s", "text": "\\ud800"}', 400, "bad_request"),
    "NUL alone": (b'{"client_id": "%s", "text": "\\u0000"}', 422, "text_invalid"),
    "9 KiB": (b'{"client_id": "%s", "text": "' + b"x" * 9216 + b'"}', 413, "message_too_long"),
    "80 KiB": (b'{"client_id": "%s", "text": "' + b"x" * 81920 + b'"}', 400, "bad_request"),
    "2 MiB": (b'"' + b"x" * 2**21 + b'"', 400, "bad_request"),
    "nothing": (b"", 400, "bad_request"),
    "deep nesting": (b"[" * 50_000, 400, "bad_request"),
}


@pytest.mark.parametrize(("body", "status", "code"), BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_bad_body_is_refused_with_a_code_and_nothing_is_stored(
    house: House, body: bytes, status: int, code: str
) -> None:
    visitor = house.visitor()
    written = body.replace(b"%s", str(uuid4()).encode())
    refused = visitor.request("POST", "chat", content=written)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (status, code)
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert problem["request_id"] == refused.headers["X-Request-Id"]
    assert problem["detail"]
    with tenant_scope(house.acme.schema):
        assert not Session.objects.filter(id=visitor.session_hex).exists()


def test_nul_within_a_text_is_left_out_and_the_rest_is_kept(house: House) -> None:
    visitor = house.visitor()
    visitor.say("I need a re\x00pair")
    with tenant_scope(house.acme.schema):
        line = Message.objects.get(session_id=visitor.session_hex, role="visitor")
    assert line.text == "I need a repair"


def test_a_closed_session_takes_no_message(house: House) -> None:
    visitor = house.visitor()
    visitor.say(FIRST)
    closed = visitor.request("POST", f"sessions/{visitor.session}/close")
    assert closed.json() == {"session": visitor.session, "status": "closed"}
    refused = visitor.post("one more thing")
    assert (refused.status_code, refused.json()["code"]) == (409, "session_closed")
    assert len(turns_of(house, visitor)) == 1


def test_the_first_delta_arrives_before_the_turn_is_over(house: House) -> None:
    visitor, client_id = house.visitor(), str(uuid4())
    with visitor.socket() as tab:
        with connect(house.ground.database.url) as other, other.transaction():
            # While this lock is held, no turn with a value in it can be finished.
            other.execute("LOCK TABLE t_acme.sessions_app_fieldvalue IN EXCLUSIVE MODE")
            tab.say(FIRST, client_id)
            tab.until(lambda frame: frame["type"] == "delta")
            assert turns_of(house, visitor)[0].status == Turn.Status.RUNNING
        tab.reply_to(client_id)
    assert turns_of(house, visitor)[0].status == Turn.Status.DONE


def test_a_message_can_be_streamed_over_http(house: House) -> None:
    # Pieces of a reply that is there already are left out: a slow reader may see none of one.
    streams = (streamed(house) for _ in range(20))
    kinds = next(kinds for kinds in streams if "delta" in kinds)
    assert kinds[0] == "ack"
    assert kinds.index("delta") < kinds.index("field")


def streamed(house: House) -> list[str]:
    """The kinds of events that a new visitor's first message is answered with, in order."""
    visitor = house.visitor()
    body = {"client_id": str(uuid4()), "text": FIRST}
    headers = visitor.headers(Accept="text/event-stream")
    with httpx.stream("POST", f"{house.url}/api/v1/chat", json=body, headers=headers) as stream:
        lines = [line for line in stream.iter_lines() if line.startswith("event: ")]
    return [line.removeprefix("event: ") for line in lines]


def test_a_live_chat_keeps_its_template_version_when_another_is_published(house: House) -> None:
    visitor = house.visitor(house.globex)
    visitor.say(FIRST)
    with tenant_scope(house.globex.schema):
        begun_with = Session.objects.get(id=visitor.session_hex).template_version_id
        fewer = {key: TEMPLATE["properties"][key] for key in ("service",)}
        house.globex.template.draft = {**TEMPLATE, "properties": fewer, "required": ["service"]}
        house.globex.template.save(update_fields=["draft"])
        newer = publish_template(house.globex.template)
    assert newer.id != begun_with
    assert visitor.say("what do you have so far?")["status"] == "open"
    assert visitor.say("ann@example.com")["document"]["email"] == "ann@example.com"
    with tenant_scope(house.globex.schema):
        assert Session.objects.get(id=visitor.session_hex).template_version_id == begun_with


def test_the_greeting_and_the_pinned_version_are_written_with_the_first_message(
    house: House,
) -> None:
    visitor = house.visitor()
    with tenant_scope(house.acme.schema):
        assert not Session.objects.filter(id=visitor.session_hex).exists()
    assert visitor.grant["settings"]["greeting"] == TEMPLATE["x-intake"]["greeting"]
    visitor.say(FIRST)
    events = visitor.events()
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["text"] == TEMPLATE["x-intake"]["greeting"]
    assert (events[1]["role"], events[1]["text"]) == ("visitor", FIRST)


def test_the_integrator_reads_conversations_with_a_secret_key(house: House) -> None:
    visitor = house.visitor()
    visitor.say(FIRST)
    key = {"Authorization": f"Bearer {house.acme.secret}"}
    page = httpx.get(f"{house.url}/api/v1/sessions?limit=1", headers=key).json()
    assert page["results"][0]["fields"] == {"service": "repair", "name": "Ann Smith"}
    assert page["next"]
    detail: dict[str, Any] = httpx.get(
        f"{house.url}/api/v1/sessions/{visitor.session}", headers=key
    ).json()
    assert [line["role"] for line in detail["messages"]] == ["assistant", "visitor", "assistant"]
    named = next(row for row in detail["history"] if row["path"] == "name")
    assert (named["quote"], named["method"]) == ("Ann Smith", "rule")
    assert UUID(named["template_version"])


def test_a_browser_of_an_allowed_page_may_read_answers_and_others_are_refused(
    house: House,
) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    preflight = httpx.options(f"{house.url}/api/v1/chat", headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    visitor = house.visitor()
    elsewhere = Visitor(visitor.url, "https://evil.example", visitor.grant)
    refused = elsewhere.post("hi")
    assert (refused.status_code, refused.json()["code"]) == (403, "origin_not_allowed")
