"""The widget's socket: greeted, ordered, resumed, and never brought down by bad input."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from sessions_app.models import Message, Session
from tenants.scope import tenant_scope
from tests.gateway.history import fill
from tests.gateway.house import ORIGIN, House
from tests.gateway.test_token import NOW, forge
from tests.gateway.visitor import Tab, is_reply, open_socket

FIRST = "I need a repair, my name is Ann Smith"


def end_of(connection: ClientConnection) -> tuple[str, int]:
    """The code of the last error frame, and the socket's close code."""
    codes = [""]
    with suppress(ConnectionClosed):
        codes.extend(json.loads(text).get("code", "") for text in connection)
    assert connection.close_code
    return codes[-1], connection.close_code


def test_a_message_is_acknowledged_streamed_and_answered_in_order(house: House) -> None:
    with house.visitor().socket() as tab:
        assert tab.ready["status"] == "new"
        assert tab.ready["progress"] == {"filled": 0, "required": 3}
        client_id = tab.say(FIRST)
        reply = tab.reply_to(client_id)
    kinds = [frame["type"] for frame in tab.heard]
    assert kinds.index("ack") < kinds.index("delta")
    deltas = [frame for frame in tab.heard if frame["type"] == "delta"]
    assert "".join(frame["text"] for frame in deltas) == reply["text"]
    assert {(frame["turn"], frame["attempt"]) for frame in deltas} == {(client_id, 1)}
    ack = next(frame for frame in tab.heard if frame["type"] == "ack")
    assert ack == {"type": "ack", "client_id": client_id, "seq": 2}
    assert [frame["seq"] for frame in tab.stored] == [1, 2, 3]
    assert reply["progress"] == {"filled": 2, "required": 3}
    assert reply["asking"] == "email"


def test_a_second_message_during_a_turn_is_acknowledged_and_answered_in_order(
    house: House,
) -> None:
    with house.visitor().socket() as tab:
        sent = [tab.say(text) for text in (FIRST, "ann@example.com", "thank you")]
        tab.reply_to(sent[-1])
    acks = [frame["client_id"] for frame in tab.heard if frame["type"] == "ack"]
    replies = [f["turn"] for f in tab.stored if f["type"] == "message" and f["role"] != "visitor"]
    assert acks == sent
    assert replies[1:] == sent
    assert [frame["seq"] for frame in tab.stored] == list(range(1, len(tab.stored) + 1))


def test_two_tabs_that_send_at_once_lose_nothing_and_see_one_order(house: House) -> None:
    visitor, rounds = house.visitor(), 6
    with visitor.socket() as first, visitor.socket() as second:

        def talk(tab: Tab) -> list[str]:
            return [tab.say(f"my name is Ann Smith {number}") for number in range(rounds)]

        with ThreadPoolExecutor(2) as pool:
            sent = [name for names in pool.map(talk, (first, second)) for name in names]
        for tab in (first, second):
            for client_id in sent:
                if not any(is_reply(frame, client_id) for frame in tab.heard):
                    tab.reply_to(client_id)
    for tab in (first, second):
        assert [frame["seq"] for frame in tab.stored] == list(range(1, len(tab.stored) + 1))
    shortest = min(len(first.stored), len(second.stored))
    assert first.stored[:shortest] == second.stored[:shortest]
    with tenant_scope(house.acme.schema):
        lines = Message.objects.filter(session_id=visitor.session_hex)
        kept = {str(uid) for uid in lines.filter(role="visitor").values_list("uid", flat=True)}
        assert kept == set(sent)
        assert lines.filter(role="assistant").count() == len(sent) + 1


def test_a_tab_that_comes_back_gets_what_it_missed_and_nothing_twice(house: House) -> None:
    visitor = house.visitor()
    with visitor.socket() as tab:
        tab.reply_to(tab.say(FIRST))
        cursor = tab.stored[-1]["seq"]
    visitor.say("ann@example.com")
    with visitor.socket(after=cursor) as tab:
        assert tab.ready["status"] == "completed"
        tab.until(lambda frame: frame.get("seq") == tab.ready["seq"])
        assert [frame["seq"] for frame in tab.stored] == list(
            range(cursor + 1, tab.ready["seq"] + 1)
        )
        assert tab.stored[-1]["type"] == "completed"


def test_a_cursor_from_the_future_is_told_to_start_afresh(house: House) -> None:
    visitor = house.visitor()
    visitor.say(FIRST)
    with visitor.socket(after=999) as tab:
        tab.until(lambda frame: frame.get("seq") == tab.ready["seq"])
    assert tab.heard[0] == {"type": "resync", "after": 0}
    assert [frame["seq"] for frame in tab.stored] == list(range(1, tab.ready["seq"] + 1))


def test_a_cursor_that_is_too_old_is_told_to_start_afresh_with_the_last_events(
    house: House,
) -> None:
    visitor = house.visitor()
    visitor.say(FIRST)
    last = fill(house, visitor, 1200)
    with visitor.socket(after=3) as tab:
        tab.until(lambda frame: frame.get("seq") == last)
    assert tab.heard[0] == {"type": "resync", "after": last - 1000}
    assert [frame["seq"] for frame in tab.stored] == list(range(last - 999, last + 1))
    with visitor.socket(after=last - 1000) as tab:
        tab.until(lambda frame: frame.get("seq") == last)
    assert tab.heard[0]["type"] == "ready"
    told = visitor.events(after=3)
    assert told[0] == {"type": "resync", "after": last - 1000}
    assert told[-1]["seq"] == last


def test_a_message_sent_again_on_another_socket_makes_no_second_turn(house: House) -> None:
    visitor, client_id = house.visitor(), str(uuid4())
    with visitor.socket() as tab:
        tab.reply_to(tab.say(FIRST, client_id))
    with visitor.socket() as tab:
        tab.say(FIRST, client_id)
        ack = tab.until(lambda frame: frame["type"] == "ack")
        assert ack["seq"] == 2
    with tenant_scope(house.acme.schema):
        session = Session.objects.get(id=visitor.session_hex)
        assert (session.turn_count, session.answered_count) == (1, 1)


def test_an_edit_in_the_form_is_a_turn_of_its_own(house: House) -> None:
    with house.visitor().socket() as tab:
        tab.reply_to(tab.say(FIRST))
        edit = str(uuid4())
        tab.send(type="edit", client_id=edit, path="name", value="Anna Smith")
        changed = tab.until(lambda f: f["type"] == "field" and f["value"] == "Anna Smith")
    assert changed["status"] == "corrected"
    assert changed["evidence"]["method"] == "visitor_edit"
    assert any(is_reply(frame, edit) for frame in tab.heard)


def test_closing_tells_every_tab_and_ends_the_session(house: House) -> None:
    visitor = house.visitor()
    with visitor.socket() as first, visitor.socket() as second:
        first.reply_to(first.say(FIRST))
        first.send(type="close")
        for tab in (first, second):
            closed = tab.until(lambda frame: frame["type"] == "closed")
            assert closed["reason"] == "visitor"
        second.say("one more thing")
        refused = second.until(lambda frame: frame["type"] == "error")
        assert refused["code"] == "session_closed"
    with visitor.socket() as tab:
        assert tab.ready["status"] == "closed"


ID = str(uuid4())
BAD_FRAMES = {
    "no JSON": "{",
    "no object": "[1]",
    "an unknown type": '{"type": "sing"}',
    "no client id": '{"type": "message", "text": "hi"}',
    "half a surrogate pair": '{"type":"message","client_id":"' + ID + '","text":"\\ud800"}',
    "text that is none": '{"type":"message","client_id":"' + ID + '","text":{}}',
    "a second hello": '{"type": "hello", "token": "x"}',
}


@pytest.mark.parametrize("frame", BAD_FRAMES.values(), ids=BAD_FRAMES.keys())
def test_a_bad_frame_is_answered_with_a_code_and_the_socket_lives(house: House, frame: str) -> None:
    with house.visitor().socket() as tab:
        tab.connection.send(frame)
        refused = tab.until(lambda found: found["type"] == "error")
        assert refused["code"] == "bad_frame"
        assert refused["detail"]
        tab.reply_to(tab.say(FIRST))


def test_text_that_cannot_be_kept_is_refused_with_its_client_id(house: House) -> None:
    wrong = {"text_invalid": "\x00", "message_too_long": "x" * 9216}
    with house.visitor().socket() as tab:
        for code, text in wrong.items():
            client_id = tab.say(text)
            refused = tab.until(lambda frame: frame["type"] == "error")
            assert (refused["code"], refused["client_id"]) == (code, client_id)
        tab.reply_to(tab.say(FIRST))


def test_a_binary_frame_is_bad_and_five_bad_frames_end_the_socket(house: House) -> None:
    with house.visitor().socket() as tab:
        for _ in range(5):
            tab.connection.send(b"\x00\x01")
        assert end_of(tab.connection) == ("bad_frame", 4400)


def test_an_oversized_frame_ends_its_own_socket_alone(house: House) -> None:
    visitor = house.visitor()
    with visitor.socket() as flooding, visitor.socket() as calm:
        flooding.connection.send('{"type":"ping","x":"' + "x" * 70_000 + '"}')
        assert end_of(flooding.connection)[1] == 1009
        calm.send(type="ping")
        assert calm.until(lambda frame: frame["type"] == "pong")


def test_a_socket_without_an_origin_or_with_a_foreign_one_is_refused(house: House) -> None:
    token = house.visitor().token
    for origin in (None, "https://evil.example"):
        with open_socket(house.url, origin) as connection:
            connection.send(json.dumps({"type": "hello", "token": token}))
            assert end_of(connection) == ("origin_not_allowed", 4403)


def test_a_socket_that_does_not_say_hello_is_let_go(house: House) -> None:
    with open_socket(house.url, ORIGIN) as connection:
        assert end_of(connection) == ("hello_missing", 4401)
    with open_socket(house.url, ORIGIN) as connection:
        connection.send('{"type":"ping"}')
        assert end_of(connection) == ("hello_missing", 4401)


def test_a_token_that_is_expired_or_forged_is_refused_with_its_code(house: House) -> None:
    visitor = house.visitor()
    wrong = {
        "token_expired": forge(visitor, iat=NOW - 3600, exp=NOW - 2700),
        "token_invalid": forge(visitor, key="x" * 40),
    }
    for code, token in wrong.items():
        with open_socket(house.url, ORIGIN) as connection:
            connection.send(json.dumps({"type": "hello", "token": token}))
            assert end_of(connection) == (code, 4401)


def test_a_socket_without_our_subprotocol_is_not_opened(house: House) -> None:
    with pytest.raises(InvalidStatus), open_socket(house.url, ORIGIN, protocol="other.v9"):
        pass
